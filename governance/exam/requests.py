"""Kind exam: an administrator of an account has the planner or the configured model sit one, or stops it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from governance import kinds, locks, wiring
from governance.actor import Actor, Channel
from governance.errors import Conflict, Invalid, NotFound, Problem
from governance.exam import configured, sitting
from governance.exam import paper as papers
from governance.fields import Fields, read
from governance.kinds import Applied, Change, Kind, Prepared, Verb
from governance.models import Exam, ExamPaper, Scope

CANDIDATES = ("planner", "model")


class SitFields(Fields):
    """paper: id of a paper that was kept, None for the shipped one; here: by the command that asks."""

    paper: UUID | None = None
    here: bool = False


class CancelFields(Fields):
    """exam: id of one exam, None for whatever the candidate is sitting."""

    exam: UUID | None = None


def _prepare_sit(change: Change, scope: Scope, actor: Actor) -> Prepared:
    if change.identifier not in CANDIDATES:
        raise Invalid([Problem(f"who sits the exam is {' or '.join(CANDIDATES)}", path="identifier")])
    if scope.level != Scope.Level.ACCOUNT:
        raise Invalid([f"an exam is sat for an account; ask for it in {scope.path.partition('/')[0]}"])
    if change.identifier == "model" and not configured.model():
        raise Invalid(
            ["no model is configured; set OPENAI_MODEL and OPENAI_BASE_URL or OPENAI_API_KEY and restart"]
        )
    wanted = read(SitFields, change)
    if wanted.here and actor.channel != Channel.CLI:
        raise Invalid([Problem("only a command sits an exam itself", path="here")])
    return Prepared(extra=wanted)


def _sit(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted: SitFields = prepared.extra
    model = configured.model() if change.identifier == "model" else ""
    locks.update(Scope.objects.filter(pk=scope.pk))
    if _unfinished(scope, change.identifier).filter(model=model).exists():
        raise Conflict(f"{model or 'the planner'} is sitting an exam already; wait for it or cancel it")
    paper = _paper(wanted.paper)
    made = sitting.enter(paper, change.identifier, scope=scope, user=actor.user, here=wanted.here)
    facts = {"model": made.model, "paper": paper.name, "paper_sha256": paper.sha256, "items": paper.items}
    return Applied(version="", data={"exam": str(made.pk), **facts})


def _paper(key: UUID | None) -> ExamPaper:
    if key is None:
        return sitting.keep_paper(papers.shipped())
    found = ExamPaper.objects.filter(pk=key).first()
    if found is None:
        raise NotFound(f"no exam paper {key}")
    return found


def _unfinished(scope: Scope, candidate: str) -> QuerySet[Exam]:
    return Exam.objects.filter(scope=scope, candidate=candidate, state__in=sitting.UNFINISHED)


def _wake(change: Change, applied: Applied) -> None:
    """A worker is rung for; the examiner looks by itself."""
    if change.identifier == "planner" and not change.fields.get("here"):
        wiring.wake_exam(str(applied.data["exam"]))


def _prepare_cancel(change: Change, scope: Scope, actor: Actor) -> Prepared:
    return Prepared(extra=read(CancelFields, change))


def _cancel(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted: CancelFields = prepared.extra
    rows = _unfinished(scope, change.identifier)
    chosen = list(rows.filter(pk=wanted.exam) if wanted.exam else rows)
    stopped = [str(exam.pk) for exam in chosen if sitting.cancel(exam)]
    if not stopped:
        raise Conflict(f"the {change.identifier} is sitting no such exam in {scope.path}")
    return Applied(version="", data={"exams": stopped})


EXAM = kinds.register(
    Kind(
        name="exam",
        title="Exam",
        plural="Exams",
        view_permission="view_setting",
        verbs={
            "sit": Verb("administer_setting", _sit, _prepare_sit, react=_wake),
            "cancel": Verb("administer_setting", _cancel, _prepare_cancel),
        },
    )
)
