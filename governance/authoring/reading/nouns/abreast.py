"""What runs beside what: stages of one parallel block, and values no two things share."""

from __future__ import annotations

from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.meaning.nesting import document_at
from governance.authoring.reading.meaning.typed import STEPS, At, Kind, Misread, Pred, Prop, Things, all_of

ALONGSIDE = "in parallel|in parallel block|in a parallel block|inside parallel block|concurrently|simultaneously|at same time|part of parallel block|in parallel group"


def beside(kind: Kind, others: Things | None) -> Pred:
    """Another of these stages or steps (any, if none are named) runs at the same time."""
    wanted = others or Things(kind)

    def pred(at: At) -> r.Condition:
        other = replace(document_at(at), asked=at.asked).bind(wanted.kind)
        each = r.Named(name="steps" if wanted.kind.name == STEPS else wanted.kind.name)
        return r.Exists(each=each, name=other.ref, where=all_of([wanted.holds(other), *_abreast(at, other)]))

    return pred


def _abreast(at: At, other: At) -> list[r.Condition]:
    """Neither stands before the other, and they are not the same."""
    if at.kind.element != "stage" or other.kind.element != "stage":
        raise Misread("only stages can be told to run side by side")
    return [
        r.Not(of=r.Order(first=other.ref, second=at.ref, how="before")),
        r.Not(of=r.Order(first=at.ref, second=other.ref, how="before")),
        r.Not(of=r.Order(first=other.ref, second=at.ref, how="same_stage")),
    ]


def crowd(things: Things, op: r.Op, number: float) -> Pred:
    """So many of these stages run at the same time, the one at hand among them."""

    def pred(at: At) -> r.Condition:
        other = replace(document_at(at), asked=False).bind(at.kind)
        where = all_of([things.holds(other), *_abreast(at, other)[:2]])
        count = r.CountOf(each=r.Named(name="stages"), name=other.ref, where=where)
        return r.Test(value=count, op=op, to=(int(number),), measure="number")

    return pred


def unlike_others(prop: Prop, in_stage: bool) -> Pred:
    """No other thing of its kind in the document (or its stage) has the same value."""

    def pred(at: At) -> r.Condition:
        spec = at.kind.spec
        if spec is None or prop.through or spec.of not in ("document", "input"):
            raise Misread("what would it differ from?")
        other = document_at(at).bind(at.kind)
        each: r.Collection = (
            r.Named(name=spec.name)
            if spec.path is None
            else r.Items(of="document", path=tuple(spec.path.split(".")))
        )
        parts: list[r.Condition] = [r.Test(value=prop.build(other), op="is", to_value=prop.build(at))]
        if in_stage:
            parts.append(r.Order(first=other.ref, second=at.ref, how="same_stage"))
        count = r.CountOf(each=each, name=other.ref, where=all_of(parts))
        return r.Test(value=count, op="at_most", to=(1,), measure="number")

    return pred
