"""What doors may read of exams: how they go, how they went, and which models have sat one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from governance import rbac
from governance.actor import Actor
from governance.errors import NotFound
from governance.exam import configured
from governance.exam import paper as papers
from governance.exam.score import Category
from governance.models import Exam, ExamMark, ExamPaper, Scope

MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class ExamView:
    """One sitting. scope: "" when the machine's command line asked; by: "" then."""

    id: str
    scope: str
    candidate: str
    model: str
    endpoint: str
    paper: str
    paper_id: str
    paper_sha256: str
    world_sha256: str
    items: int
    state: str
    reason: str
    done: int
    right: int
    wrong_drafts: int
    questions: int
    refusals: int
    failures: int
    rounds: int
    took_ms: int
    median_ms: int
    categories: list[Category]
    by: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def who(self) -> str:
        return self.model or "Planner"

    @property
    def ended(self) -> bool:
        return self.state in ("done", "failed", "cancelled")

    @property
    def asked_or_silent(self) -> int:
        """Items that are neither right nor a wrong draft: asked about, refused, or without an answer."""
        return self.items - self.right - self.wrong_drafts

    @property
    def score(self) -> str:
        """The result in one breath, for confirmations and refusals."""
        return (
            f"{self.right} of {self.items} right, {_number(self.wrong_drafts, 'wrong draft')},"
            f" {_number(self.questions, 'question')}, {_number(self.refusals, 'refusal')},"
            f" {self.failures} without a usable answer"
        )


@dataclass(frozen=True, slots=True)
class MarkView:
    """One answer's mark. prompt: what was asked."""

    item: str
    prompt: str
    category: str
    given: str
    right: bool
    why: str
    rounds: int
    took_ms: int


@dataclass(frozen=True, slots=True)
class PaperView:
    """An exam that can be sat. id: "" for the one that comes with the product."""

    id: str
    name: str
    items: int


def exams(actor: Actor, scope_path: str) -> list[ExamView]:
    """The newest exams that count in a scope: of its account, and of the machine. Raises Denied, NotFound."""
    scope = rbac.enter(actor, "view_setting", scope_path)
    return [_view(row) for row in _here(scope)[:MOST_SHOWN]]


def one(actor: Actor, key: str) -> ExamView:
    """One exam by its id. Raises NotFound."""
    return _view(_row(actor, key))


def marks(actor: Actor, key: str) -> list[MarkView]:
    """The mark of every answer of an exam, in the order of the paper. Raises NotFound."""
    return marks_of(_row(actor, key).pk)


def of(key: UUID) -> ExamView:
    """The same for whoever sits it; says nothing of rights."""
    return _view(Exam.objects.select_related("paper", "scope", "requested_by").get(pk=key))


def marks_of(key: UUID) -> list[MarkView]:
    row = ExamPaper.objects.get(exams=key)
    items = papers.read(row.name, row.content, row.world).items
    rows = ExamMark.objects.filter(exam=key).order_by("number")
    return [
        MarkView(m.item, items[m.number].prompt, m.category, m.given, m.right, m.why, m.rounds, m.took_ms)
        for m in rows
    ]


def sittable(actor: Actor, scope_path: str) -> list[PaperView]:
    """The exams that can be sat in a scope: the shipped one, and those that were sat here from a file."""
    scope = rbac.enter(actor, "view_setting", scope_path)
    shipped = papers.shipped()
    rows = ExamPaper.objects.filter(pk__in=_here(scope).order_by().values("paper")).order_by("-created_at")
    own = rows.exclude(sha256=shipped.sha256, world_sha256=shipped.world_sha256)[:MOST_SHOWN]
    made = [PaperView(str(p.pk), p.name, p.items) for p in own]
    return [PaperView("", shipped.name, len(shipped.items)), *made]


def newest_of(scope: Scope, model: str) -> ExamView | None:
    """The newest finished exam, counting in a scope, of exactly this model where it is asked now."""
    rows = _here(scope).filter(candidate="model", model=model, endpoint=configured.endpoint())
    row = rows.filter(state="done").first()
    return _view(row) if row else None


def _here(scope: Scope) -> QuerySet[Exam]:
    rows = Exam.objects.filter(Q(scope=None) | Q(scope__in=scope.chain_ids))
    return (
        rows.select_related("paper", "scope", "requested_by").defer("paper__content").order_by("-created_at")
    )


def _row(actor: Actor, key: str) -> Exam:
    try:
        wanted = UUID(key)
    except ValueError:
        raise NotFound(f"no exam {key!r}") from None
    mine = rbac.scopes(actor, "view_setting")
    reach = Q(scope__in=mine.values("account")) | Q(scope__in=mine.values("id"))
    if mine.exists():
        reach |= Q(scope=None)
    rows = Exam.objects.select_related("paper", "scope", "requested_by").defer("paper__content")
    found = rows.filter(reach, pk=wanted).first()
    if found is None:
        raise NotFound(f"no exam {key!r}")
    return found


def _view(row: Exam) -> ExamView:
    return ExamView(
        id=str(row.pk),
        scope=row.scope.path if row.scope else "",
        candidate=row.candidate,
        model=row.model,
        endpoint=row.endpoint,
        paper=row.paper.name,
        paper_id=str(row.paper_id),
        paper_sha256=row.paper.sha256,
        world_sha256=row.paper.world_sha256,
        items=row.paper.items,
        state=row.state,
        reason=row.reason,
        done=row.done,
        right=row.right,
        wrong_drafts=row.wrong_drafts,
        questions=row.questions,
        refusals=row.refusals,
        failures=row.failures,
        rounds=row.rounds,
        took_ms=row.took_ms,
        median_ms=row.median_ms,
        categories=[Category(**each) for each in row.categories],
        by=row.requested_by.display_name if row.requested_by else "",
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
