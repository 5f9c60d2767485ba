"""What a sentence says, as a statement about things, and the clause of a Rule it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from governance.authoring import rule as r
from governance.authoring.reading.meaning.choices import Choices
from governance.authoring.reading.meaning.nesting import (
    chain,
    collection_at,
    document_at,
    every,
    exists,
    wide,
)
from governance.authoring.reading.meaning.typed import (
    NEVER,
    At,
    Kind,
    Misread,
    Pred,
    Things,
    all_of,
    any_of,
    negate,
    never,
)


@dataclass(frozen=True)
class Statement:
    """One thing a sentence says: each of `subject` must satisfy `demand` (never, if None)."""

    subject: Things
    demand: Pred | None
    where: tuple[Pred, ...] = ()
    unless: tuple[Pred, ...] = ()
    same_stage: bool = False  # what is ordered stands in one stage
    permits: bool = False  # says what is allowed; adds an exception or nothing
    event: str = ""
    warns: bool = False
    words: str = ""
    start: int = 0
    end: int = 0
    values: tuple[str, ...] = field(default=())  # values a permission names
    behind: tuple[int, int] = (0, 0)  # tokens of the conditions that stand behind it
    wanted: bool = False  # "we require X": what it is required of may be said in front
    exception_at: int = 0  # where in the request nothing but its exceptions follow; 0 for nowhere


def clause_of(statement: Statement, message: str, fix: str = "", choices: Choices | None = None) -> r.Clause:
    """The clause of one statement; nested things become an `Every` below the first collection."""
    things = statement.subject
    root = At("document", Kind(things.kind.entity), choices=choices or Choices(), deploys=deploys(things))
    demand: Pred = statement.demand or never
    way = chain(root.kind, things.kind) or ()
    where_preds, unless = statement.where, statement.unless
    if not way:
        at = root
        return r.Clause(where=all_of([things.holds(wide(at)), *(p(wide(at)) for p in where_preds)]),
                        unless=_unless(unless, at),
                        demand=demand(at), message=message, fix=fix)  # fmt: skip
    first = Kind(things.kind.entity, way[0])
    at = replace(root.bind(first), asked=True, role=things.role, same_stage=statement.same_stage)
    each = collection_at(way[0], replace(root, asked=things.normal))
    if len(way) == 1:
        return r.Clause(each=each, name=at.ref,
                        where=all_of([things.holds(wide(at)), *(p(wide(at)) for p in where_preds)]),
                        unless=_unless(unless, at),
                        demand=demand(at), message=message, fix=fix)  # fmt: skip

    def inner(element: At) -> r.Condition:
        extra = [negate(p(wide(element))) for p in where_preds] + [
            p(replace(element, excepted=True)) for p in unless
        ]
        return any_of([*extra, demand(element)]) if extra else demand(element)

    around = all_of([p(wide(at)) for p in things.outer])
    return r.Clause(each=each, name=at.ref, where=around, message=message, fix=fix,
                    demand=every(at, replace(things, outer=()), inner))  # fmt: skip


def _unless(preds: tuple[Pred, ...], at: At) -> r.Condition | None:
    found = any_of([p(replace(at, excepted=True)) for p in preds])
    return None if found == NEVER else found


def deploys(things: Things) -> bool:
    """Whether a document is spoken of as one with deployments: what it needs, they need before them."""
    return things.kind.spec is None and any(t.role in ("production", "deployment") for t in things.via)


def moved_inside(statement: Statement) -> Statement:
    """The statement about a document as one about what it was said to have; all that was said holds on."""
    subject = statement.subject
    inside = next(
        (t for t in reversed(subject.via) if t.role in ("production", "deployment")), subject.via[-1]
    )
    said = tuple(_outside(p, inside) for p in (*subject.base, *subject.only, *statement.where))
    unless = tuple(_outside(p, inside) for p in statement.unless)
    return replace(statement, subject=inside, where=said, unless=unless)


def _outside(pred: Pred, inside: Things) -> Pred:
    """A condition on the document, asked inside it; where it makes no sense there, on the thing at hand."""

    def either_place(at: At) -> r.Condition:
        here = replace(document_at(at), deploys=True)
        try:
            found = pred(here)
        except Misread:
            return pred(at)
        return r.All() if found == exists(here, inside) else found  # that it has one is what brought us here

    return either_place
