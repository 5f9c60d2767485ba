"""Things inside things, however deep: that there are some, that each is so, how many, and values behind lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.fields import CollectionSpec, EntityKind
from governance.authoring.reading.meaning.typed import (
    STEPS,
    At,
    Kind,
    Misread,
    Pred,
    Prop,
    Things,
    all_of,
    any_of,
    negate,
)


def document_at(at: At) -> At:
    return replace(at, ref="document", kind=Kind(at.kind.entity))


def chain(parent: Kind, child: Kind) -> tuple[CollectionSpec, ...] | None:
    """The collections that lead from a thing to another; () for the same, None for no way."""
    if child.spec is None:
        return () if parent.spec is None else None
    spec = child.spec
    if spec.path is None or spec.of in ("document", "input"):
        if parent.spec is None:
            return (spec,)
        if parent.name == "step_groups":
            return (spec,) if spec.name == STEPS else None
        return (spec,) if parent.element == "stage" and spec.element in ("step", "group") else None
    for owner in _owners(child.entity, spec):
        if owner.name == parent.name or (parent.spec and owner.element == parent.element):
            return (spec,)
        before = chain(parent, Kind(child.entity, owner))
        if before:
            return (*before, spec)
    return None


def _owners(entity: EntityKind, spec: CollectionSpec) -> Iterator[CollectionSpec]:
    for other in entity.collections:
        if other.element == spec.of and other.name != "steps":
            yield other


def collection_at(spec: CollectionSpec, at: At) -> r.Collection:
    if spec.path is None:
        grouped = at.kind.name == "step_groups"  # what a group has it has wherever the group stands
        name = "steps" if spec.name == STEPS and at.asked and not grouped else spec.name
        return r.Named(name=name, within=at.ref if grouped or at.kind.element == "stage" else None)
    of = at.ref if spec.of == at.kind.element else spec.of
    return r.Items(of=of, path=tuple(p for p in spec.path.split(".") if p))


def exists(at: At, things: Things) -> r.Condition:
    """Whether the thing at `at` has at least one of these things."""
    if things.kind.spec is None:
        return things.holds(document_at(at))
    way = chain(at.kind, things.kind)
    if way is None:
        if at.kind.name == "rollback_steps" and things.kind.name == STEPS:
            return _in_rollback(at, things)
        if at.kind.element == "group" or (
            at.kind.spec is not None and things.kind.element not in ("stage", "step", "document")
        ):
            raise Misread("these things are not inside the thing at hand")
        if at.kind.element == "step" and things.kind.name == "rollback_steps":
            stages = Kind(at.kind.entity, at.kind.entity.collection("stages"))
            return exists(at.parent_stage(stages), things)  # what undoes a step stands in its own stage
        at = document_at(at)
        way = chain(at.kind, things.kind) or ()
    holds = _with_role(things.holds, things.role)
    return _nested(at, way, things.kind.entity, holds, every=False, outer=things.outer)


def _in_rollback(at: At, things: Things) -> r.Condition:
    """A rollback contains what its steps are; one that must contain something has it among them."""
    if not at.asked:
        return things.holds(at)
    inner = at.bind(at.kind)
    own = r.Named(name="rollback_steps", within=f"{at.ref}.stage")
    return r.Exists(each=own, name=inner.ref, where=things.holds(inner))


def _with_role(pred: Pred, role: str) -> Pred:
    return lambda at: pred(replace(at, role=role))


def every(at: At, things: Things, demand: Pred) -> r.Condition:
    """Whether each of these things inside the thing at `at` satisfies `demand`."""
    way = chain(at.kind, things.kind)
    if way is None:
        at = document_at(at)
        way = chain(at.kind, things.kind) or ()
    if not way:
        return any_of([negate(things.holds(at.negated())), demand(at)])
    wider = replace(at, asked=False)  # each one counts, wherever it stands

    def inner(element: At) -> r.Condition:
        return demand(replace(element, asked=True, role=things.role))

    return _nested(wider, way, things.kind.entity, inner, every=True, where=things.holds, outer=things.outer)


def _nested(at: At, way: tuple[CollectionSpec, ...], entity: EntityKind, last: Pred, *,
            every: bool, where: Pred | None = None, outer: tuple[Pred, ...] = ()) -> r.Condition:  # fmt: skip
    spec, rest = way[0], way[1:]
    inner = at.bind(Kind(entity, spec))
    each = collection_at(spec, at)
    around = [p(inner) for p in outer] if rest else []
    if rest:
        body = _nested(inner, rest, entity, last, every=every, where=where)
        body = all_of([*around, body]) if around and not every else body
    else:
        body = last(inner)
    if not every:
        return r.Exists(each=each, name=inner.ref, where=None if body == r.All() else body)
    limit = where(replace(inner, asked=False)) if where and not rest else all_of(around) if around else None
    return r.Every(each=each, name=inner.ref, demand=body,
                   where=None if limit in (None, r.All()) else limit)  # fmt: skip


def count(at: At, things: Things) -> r.Value:
    """How many of these things the thing at `at` has, however deep they are."""
    way = chain(at.kind, things.kind)
    if way is None:
        if at.kind.element == "group":
            raise Misread("what a step group holds cannot be counted")
        at = document_at(at)
        way = chain(at.kind, things.kind) or ()
    return _counted(replace(at, asked=False), way, things)


def _counted(at: At, way: tuple[CollectionSpec, ...], things: Things) -> r.Value:
    spec, rest = way[0], way[1:]
    inner = at.bind(Kind(things.kind.entity, spec))
    each = collection_at(spec, at)
    if rest:
        return r.Fold(each=each, name=inner.ref, value=_counted(inner, rest, things))
    body = things.holds(inner)
    return r.CountOf(each=each, name=inner.ref, where=None if body == r.All() else body)


def through(at: At, prop: Prop, test: Callable[[r.Value, At], r.Condition]) -> r.Condition:
    """A test on a value that sits behind lists: at least one element passes it."""
    if prop.others:
        return any_of([through(at, replace(p, others=()), test) for p in (prop, *prop.others)])
    if not prop.through:
        return test(prop.build(at), at)
    entity = at.kind.entity
    return _nested(at, prop.through, entity, lambda e: test(prop.build(e), e), every=False)


def wide(at: At) -> At:
    """Where a thing is looked for rather than asked for: rollback steps count as well."""
    return replace(at, asked=False)
