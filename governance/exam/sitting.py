"""Going through an exam, item by item, in turns: whoever takes it up goes on where the last one stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from audit.record import record
from governance.authoring.facts import Facts
from governance.engines.opa_binary import OpaMissing
from governance.exam import configured
from governance.exam import paper as papers
from governance.exam.marking import Answer, Candidate, mark
from governance.exam.paper import Item, Paper
from governance.exam.score import score_of
from governance.models import Exam, ExamMark, ExamPaper, Scope

# A worker has other things to do as well: it lays an exam down after so long and takes it up again.
TURN_S = 20.0
# A model that talks is asked so often whether it should stop.
LOOK_AGAIN_S = 2.0
UNFINISHED = ("queued", "running")
# Nobody took up a silent exam for so long: nobody will.
GIVEN_UP_AFTER = timedelta(minutes=15)
Candidates = Callable[[str, str], Candidate | None]


class Ended(Exception):
    """The exam was cancelled, or another process took it up."""


def silent_after() -> timedelta:
    """A sitting of which nothing was heard for so long has lost its worker."""
    return timedelta(seconds=settings.ASSISTANT_DEADLINE_S + 60)


# --- asking for one ---------------------------------------------------------------------------


def keep_paper(paper: Paper) -> ExamPaper:
    """The row of a paper; the same content and facts are one row."""
    kept, _ = ExamPaper.objects.get_or_create(
        sha256=paper.sha256,
        world_sha256=paper.world_sha256,
        defaults={
            "name": paper.name[:200],
            "content": paper.content,
            "world": paper.world,
            "items": len(paper.items),
        },
    )
    return kept


def enter(paper: ExamPaper, candidate: str, *, scope: Scope | None, user: Any, here: bool = False) -> Exam:
    """Write down that an exam is to be sat. `here`: by this process, which then calls `go_on`."""
    is_model = candidate == "model"
    return Exam.objects.create(
        scope=scope,
        paper=paper,
        candidate=candidate,
        model=configured.model() if is_model else "",
        endpoint=configured.endpoint() if is_model else "",
        state="running" if here else "queued",
        turn=1 if here else 0,
        requested_by=user,
    )


def waiting(candidate: str) -> list[str]:
    """Ids of the exams that wait for a process: queued ones, and those whose process fell silent.

    A worker sits the planner's; a model's are sat by the examiner, which alone of the two holds its key.
    """
    rows = Exam.objects.filter(Q(state="queued") | _silent(), candidate=candidate).order_by("touched_at")
    return [str(pk) for pk in rows.values_list("pk", flat=True)[:20]]


def give_up() -> int:
    """End what fell silent and nobody went on with, as when its model is not configured any more; how many."""
    long_ago = timezone.now() - silent_after() - GIVEN_UP_AFTER
    rows = Exam.objects.filter(state="running", touched_at__lt=long_ago).select_related("paper", "scope")
    reason = "its process fell silent, and none that could go on with it was there"
    return sum(finish(exam, "failed", reason) == "failed" for exam in rows[:20])


def _silent() -> Q:
    return Q(state="running", touched_at__lt=timezone.now() - silent_after())


# --- sitting ----------------------------------------------------------------------------------


def work(exam_id: str, candidates: Candidates, *, seconds: float = TURN_S) -> str:
    """Take an exam up for one turn; the state it is left in, "" when it is not ours. Safe to call twice.

    candidates  who sits, by the exam's `candidate` and `model`; None when this process cannot ask it
    """
    mine = Exam.objects.filter(Q(pk=exam_id) & (Q(state="queued") | _silent()))
    if not mine.update(state="running", turn=F("turn") + 1, touched_at=timezone.now()):
        return ""
    exam = Exam.objects.select_related("paper", "scope").get(pk=exam_id)
    candidate = candidates(exam.candidate, exam.model)
    if candidate is None:
        return finish(exam, "failed", f"{exam.model} is not the model this installation asks any more")
    try:
        return go_on(exam, candidate, seconds=seconds)
    except BaseException:  # told to stop, or a fault of ours: the next one goes on from here
        _lay_down(exam)
        raise


def go_on(
    exam: Exam,
    candidate: Candidate,
    *,
    seconds: float = float("inf"),
    each: Callable[[ExamMark], None] = lambda mark: None,
) -> str:
    """Answer items until the paper is finished or the time is over; the state the exam is left in.

    each  is told every new mark
    """
    until = time.monotonic() + seconds
    paper = papers.read(exam.paper.name, exam.paper.content, exam.paper.world)
    facts = Facts.from_world(paper.world)
    try:
        for number, item in _left(exam, paper):
            if time.monotonic() >= until:
                return _lay_down(exam)
            made = _sit(exam, number, item, candidate, facts)
            _keep(exam, made)
            each(made)
    except Ended:
        return str(Exam.objects.values_list("state", flat=True).get(pk=exam.pk))
    except (OSError, OpaMissing) as error:
        return finish(exam, "failed", f"answers could not be marked: {error}")
    return finish(exam, "done")


def _left(exam: Exam, paper: Paper) -> list[tuple[int, Item]]:
    marked = set(exam.marks.values_list("number", flat=True))
    return [(n, item) for n, item in enumerate(paper.items) if n not in marked]


def _sit(exam: Exam, number: int, item: Item, candidate: Candidate, facts: Facts) -> ExamMark:
    """Ask for one answer and mark it. What breaks is that answer's mark, never the end of the exam."""
    started = time.monotonic()
    try:
        answer = candidate.answer(item.prompt, facts, _cancelled(exam))
    except Exception as problem:  # whatever a candidate does costs it this item
        answer = Answer("failure", said=f"{type(problem).__name__}: {problem}")
    took_ms = int((time.monotonic() - started) * 1000)
    found = mark(item, answer)  # what breaks here is not the candidate's
    return ExamMark(
        exam=exam,
        number=number,
        item=item.id,
        category=item.group,
        given=found.given,
        right=found.right,
        why=found.why.replace("\x00", "\N{REPLACEMENT CHARACTER}"),
        rounds=answer.rounds,
        took_ms=took_ms,
    )


def _cancelled(exam: Exam) -> Callable[[], bool]:
    """Asked while a model talks: tells the others that we are alive, and the model whether to stop."""
    looked = [time.monotonic()]

    def cancelled() -> bool:
        if time.monotonic() - looked[0] < LOOK_AGAIN_S:
            return False
        looked[0] = time.monotonic()
        try:
            _said(exam)
        except Ended:
            return True
        return False

    return cancelled


def _keep(exam: Exam, made: ExamMark) -> None:
    with transaction.atomic():
        _said(exam, done=exam.done + 1)
        made.save()
    exam.done += 1


def _said(exam: Exam, **facts: Any) -> None:
    """Raises Ended when the exam is no longer ours to sit."""
    mine = Exam.objects.filter(pk=exam.pk, state="running", turn=exam.turn)
    if not mine.update(touched_at=timezone.now(), **facts):
        raise Ended


def _lay_down(exam: Exam) -> str:
    mine = Exam.objects.filter(pk=exam.pk, state="running", turn=exam.turn)
    return "queued" if mine.update(state="queued", touched_at=timezone.now()) else ""


# --- the result -------------------------------------------------------------------------------


def finish(exam: Exam, state: str, reason: str = "") -> str:
    """Write the result of what was answered so far and say it on the trail; the state the exam is in."""
    with transaction.atomic():
        score = _close(Exam.objects.filter(pk=exam.pk, state="running", turn=exam.turn), exam, state, reason)
        if score is not None:
            _record(exam, state, reason, score)
            return state
    return str(Exam.objects.values_list("state", flat=True).get(pk=exam.pk))


def cancel(exam: Exam) -> bool:
    """Stop an exam, whoever sits it; what was marked so far is kept. False when it had ended already."""
    rows = Exam.objects.filter(pk=exam.pk, state__in=UNFINISHED)
    with transaction.atomic():
        return _close(rows, exam, "cancelled", "") is not None


def _close(rows: QuerySet[Exam], exam: Exam, state: str, reason: str) -> dict[str, Any] | None:
    marks = list(exam.marks.all())
    score = score_of(marks)
    ended = {"state": state, "reason": reason[:2000], "finished_at": timezone.now(), "done": len(marks)}
    return score if rows.update(**ended, **score) else None


def _record(exam: Exam, state: str, reason: str, score: dict[str, Any]) -> None:
    account = exam.scope or Scope.objects.filter(level=Scope.Level.ACCOUNT).order_by("path").first()
    path = account.path if account else "portal"
    facts = {key: value for key, value in score.items() if key != "categories"}
    record(
        action="exam.finish",
        outcome="admitted",
        resource=f"exam:{path}/{exam.candidate}",
        scope=path,
        actor_id="examiner",
        actor_name="examiner",
        channel="system",
        data={
            "exam": str(exam.pk),
            "model": exam.model,
            "endpoint": exam.endpoint,
            "paper": exam.paper.name,
            "paper_sha256": exam.paper.sha256,
            "items": exam.paper.items,
            "state": state,
            "reason": reason[:500],
            "score": facts,
        },
    )
