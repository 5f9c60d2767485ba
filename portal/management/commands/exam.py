"""`manage.py exam`: the planner or the configured model sits an exam, and the result is kept."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.actor import Actor, Channel
from governance.admission import admit
from governance.errors import Invalid, Refused
from governance.exam import configured, query, sitting
from governance.exam import paper as papers
from governance.exam.paper import Paper
from governance.kinds import Change
from governance.models import Exam, ExamMark, Scope
from portal.assistant.candidates import candidate_for
from portal.facts import facts_for


class Command(BaseCommand):
    """Without --user the result is kept as the machine's own, and counts in every account."""

    help = (
        "Sit an exam: every answer is tried by the engine on the labelled documents of its request."
        " Exit 0 when the exam was finished, 1 when it was refused or stopped, 2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("policies",))
        parser.add_argument(
            "file", nargs="?", help="requests with cases, JSON lines; default: the shipped exam"
        )
        parser.add_argument(
            "--model", action="store_true", help="the model of OPENAI_MODEL sits, not the planner"
        )
        parser.add_argument(
            "--world", help="facts of the installation, a JSON file; default: world.json beside FILE"
        )
        parser.add_argument("--scope", help="the facts of this scope instead, as --user sees them")
        parser.add_argument("--user", help="who has it sat; the result then belongs to their account")
        parser.add_argument("--json", action="store_true", help="the result and every mark as JSON")

    def handle(self, **options: Any) -> None:
        actor = _actor(options["user"])
        scope = (options["scope"] or "").replace(".", "/")
        if scope and actor is None:
            raise CommandError("--scope needs --user: facts are what a person may see", returncode=2)
        candidate = "model" if options["model"] else "planner"
        sits = candidate_for(candidate, configured.model() if options["model"] else "")
        if sits is None:
            raise CommandError(
                "--model: no model is configured. Set OPENAI_MODEL, and OPENAI_BASE_URL or OPENAI_API_KEY.",
                returncode=2,
            )
        try:
            paper = _paper(options["file"], options["world"], actor, scope)
            exam = _enter(paper, candidate, actor, scope)
        except Refused as refusal:
            raise CommandError(_sentence(refusal), returncode=1) from refusal
        state = self._sit(exam, sits)
        self._say(exam, paper, as_json=options["json"])
        if state != "done":
            raise CommandError(f"the exam was not finished: it is {state}", returncode=1)

    def _sit(self, exam: Exam, sits: Any) -> str:
        total = exam.paper.items

        def each(mark: ExamMark) -> None:
            word = "right" if mark.right else ("WRONG" if mark.given == "draft" else mark.given)
            self.stderr.write(
                f"{mark.number + 1:>4} of {total}  {word:<9}{mark.item}  {mark.why}"[:200].rstrip()
            )

        try:
            return sitting.go_on(exam, sits, each=each)
        except KeyboardInterrupt:
            sitting.cancel(exam)
            return "cancelled"

    def _say(self, exam: Exam, paper: Paper, *, as_json: bool) -> None:
        found = query.of(exam.pk)
        if as_json:
            marks = [asdict(m) for m in query.marks_of(exam.pk)]
            self.stdout.write(json.dumps({**asdict(found), "marks": marks}, default=str))
            return
        self.stdout.write(f"{'':<28}{'right':>7}{'of':>6}{'wrong':>7}{'asked':>7}{'none':>6}{'share':>8}")
        for row in found.categories:
            self._row(row.name, row.right, row.items, row.wrong_drafts, row.asked, row.failures)
        asked = sum(row.asked for row in found.categories)
        self._row("all", found.right, found.done, found.wrong_drafts, asked, found.failures)
        by = f"{found.who} at {found.endpoint}" if found.model else found.who
        self.stdout.write(
            f"\n{by}, {found.paper} (sha256 {found.paper_sha256[:12]}): {found.score};"
            f" {found.rounds} rounds, {found.took_ms / 1000:.1f} s, median {found.median_ms} ms"
        )

    def _row(self, name: str, right: int, items: int, wrong: int, asked: int, failed: int) -> None:
        share = 100 * right / items if items else 0.0
        self.stdout.write(f"{name[:27]:<28}{right:>7}{items:>6}{wrong:>7}{asked:>7}{failed:>6}{share:>7.1f}%")


def _actor(username: str | None) -> Actor | None:
    if not username:
        return None
    person = get_user_model().objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(f"no active user {username!r}", returncode=2)
    return Actor(person, Channel.CLI)


def _paper(file: str | None, world: str | None, actor: Actor | None, scope: str) -> Paper:
    if file is None:
        shipped = papers.shipped()
        if not world and not scope:
            return shipped
        return papers.read(shipped.name, shipped.content, _world(world, None, actor, scope))
    path = Path(file)
    return papers.read(path.name, _text(path), _world(world, path, actor, scope))


def _world(world: str | None, file: Path | None, actor: Actor | None, scope: str) -> dict[str, Any]:
    if world is None and scope and actor is not None:
        return facts_for(actor, scope).as_world()
    path = Path(world) if world else file.with_name("world.json") if file else None
    if path is None or (world is None and not path.exists()):
        raise CommandError(
            "give the facts the exam speaks about: --world FILE, or --scope and --user", returncode=2
        )
    try:
        found = json.loads(_text(path))
    except ValueError as error:
        raise CommandError(f"{path}: is no JSON: {error}", returncode=2) from error
    if not isinstance(found, dict):
        raise CommandError(f"{path}: it must hold one JSON object", returncode=2)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}", returncode=2) from error


def _enter(paper: Paper, candidate: str, actor: Actor | None, scope: str) -> Exam:
    """The exam's row: asked for through admission by a person, or written down as the machine's own."""
    kept = sitting.keep_paper(paper)
    if actor is None:
        return sitting.enter(kept, candidate, scope=None, user=None, here=True)
    account = scope.partition("/")[0] or _only_account()
    fields = {"paper": str(kept.pk), "here": True}
    done = admit(Change("sit", "exam", account, candidate, fields=fields), actor=actor)
    return Exam.objects.select_related("paper", "scope").get(pk=done.data["exam"])


def _only_account() -> str:
    found = list(Scope.objects.filter(level=Scope.Level.ACCOUNT).values_list("path", flat=True)[:2])
    if len(found) != 1:
        raise Invalid(["say for which account with --scope"])
    return str(found[0])


def _sentence(refusal: Refused) -> str:
    return "\n".join(
        [f"{refusal.code}: {refusal}", *(str(p) for p in refusal.problems if str(p) not in str(refusal))]
    )
