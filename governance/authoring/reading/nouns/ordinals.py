"""First and last: what it means that nothing of the kind stands before or after a stage or step."""

from __future__ import annotations

from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.meaning.nesting import exists
from governance.authoring.reading.meaning.typed import STEPS, At, Pred, Things, all_of

FIRST = "very first|first|opening|initial|top"
LAST = "very last|last|final|closing"


def at_edge(things: Things, last: bool, whole: bool) -> Things:
    """The first or last of these stages or steps; of steps those in each stage, unless `whole`."""
    step = things.kind.element == "step"
    base = (*things.base, *things.only)

    def pred(at: At) -> r.Condition:
        other = replace(at, asked=True).bind(things.kind)
        way = (at.ref, other.ref) if last else (other.ref, at.ref)
        parts = [p(other) for p in base]
        if step and not whole:
            parts.append(r.Order(first=other.ref, second=at.ref, how="same_stage"))
        parts.append(r.Order(first=way[0], second=way[1], how="before"))
        name = "steps" if things.kind.name == STEPS else things.kind.name
        return r.Not(of=r.Exists(each=r.Named(name=name), name=other.ref, where=all_of(parts)))

    return replace(things.narrowed(pred), normal=step, how_many=())


def starting(things: Things, last: bool) -> Pred:
    """A stage or pipeline that begins or ends with one of these: no other stands before or behind it."""

    def pred(at: At) -> r.Condition:
        edge = at_edge(Things(things.kind), last, whole=at.kind.spec is None)
        return exists(at, things.narrowed(*edge.only))

    return pred
