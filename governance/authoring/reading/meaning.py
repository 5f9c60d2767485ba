"""Typed meaning: things and values a phrase can speak about, and how they become parts of a Rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from governance.authoring import rule as r
from governance.authoring.fields import KINDS, CollectionSpec, EntityKind, FieldSpec
from governance.authoring.reading.choices import Choices

STEPS = "all_steps"  # what the word "step" means; `steps` where something has to be done


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of thing that can be counted off: the document, or an element of a collection."""

    entity: EntityKind
    spec: CollectionSpec | None = None

    @property
    def element(self) -> str:
        return self.spec.element if self.spec else "document"

    @property
    def name(self) -> str:
        return self.spec.name if self.spec else "document"

    @property
    def fields(self) -> tuple[FieldSpec, ...]:
        return self.spec.fields if self.spec else self.entity.fields


@dataclass(frozen=True)
class At:
    """Where a predicate is applied: the bound name, its kind, and whether it is asked for."""

    ref: str
    kind: Kind
    asked: bool = True  # False under a negation: a forbidden thing counts in rollback steps too
    used: frozenset[str] = frozenset()
    role: str = ""  # what the noun of the thing stands for: production, deployment, ...
    same_stage: bool = False
    choices: Choices = field(default_factory=Choices, compare=False)  # which way to go at a fork
    deploys: bool = False  # the document is spoken of as one that deploys somewhere
    excepted: bool = False  # what is said here takes something out of the rule

    def fresh(self, base: str) -> str:
        """A name not yet bound here."""
        name, number = base, 2
        while name in self.used or name in r.SPECIAL_NAMES:
            name, number = f"{base}{number}", number + 1
        return name

    def bind(self, kind: Kind) -> At:
        name = self.fresh(kind.element)
        return At(name, kind, self.asked, self.used | {name}, choices=self.choices, deploys=self.deploys)

    def parent_stage(self, kind: Kind) -> At:
        """The stage a step belongs to."""
        return replace(self, ref=f"{self.ref}.stage", kind=kind)

    def negated(self) -> At:
        return replace(self, asked=not self.asked)


Pred = Callable[[At], r.Condition]


class Misread(ValueError):
    """A reading whose parts do not fit together; another one has to be tried."""


@lru_cache(maxsize=1024)
def kind_at(entity: str, name: str) -> Kind:
    """The kind of a collection of an entity, or of its document; one object for each."""
    kind = KINDS[entity]
    return Kind(kind) if name == "document" else Kind(kind, kind.collection(name))


@dataclass(frozen=True, eq=False)
class Things:
    """What a noun phrase means: elements of a kind that satisfy `base` (the noun) and `only`.

    `needs` names the field values that narrow it, so that "only X connectors" can turn them into
    the demand. `how_many` is a quantifier ("at least two") where one was said.
    """

    kind: Kind
    base: tuple[Pred, ...] = ()
    only: tuple[Pred, ...] = ()
    how_many: tuple[tuple[r.Op, float], ...] = ()
    none: bool = False
    words: str = ""
    role: str = ""  # scan, approval, push, deploy: what the noun stands for
    types: tuple[str, ...] = ()  # step types, where the noun names some
    groups: tuple[str, ...] = ()
    each_group: bool = False  # "by A and B": both have to approve
    each_type: bool = False  # "Semgrep and Gitleaks steps": where they are asked for, one of each
    plain: bool = True  # nothing but the noun was said
    order: str = ""  # how it has to stand to the subject: before, after, directly_before, ...
    via: tuple[Things, ...] = ()  # things a relative clause says it has
    outer: tuple[Pred, ...] = ()  # what holds for the thing that holds it
    normal: bool = False  # steps of the normal run alone: a rollback has no first step

    def narrowed(self, *preds: Pred) -> Things:
        return replace(self, only=self.only + preds, plain=False)

    def holds(self, at: At) -> r.Condition:
        return all_of([*(p(at) for p in (*self.base, *self.only)), *self._by_groups(at)])

    def _by_groups(self, at: At) -> list[r.Condition]:
        """Approvals by contractors: the steps that list one of the groups."""
        if not self.groups or self.role != "approval" or self.kind.element != "step":
            return []
        inner = at.fresh("approver")
        each = r.Items(of=at.ref, path=("spec", "approvers", "userGroups"))
        test = r.Test(value=r.Field(of=inner), op="is", to=self.groups, measure="reference")
        return [r.Exists(each=each, name=inner, where=test)]


@dataclass(frozen=True, eq=False)
class Prop:
    """A value of a thing: what "the timeout", "the number of stages" or "the total cost" mean."""

    kind: Kind
    build: Callable[[At], r.Value]
    type: str = "text"
    spec: FieldSpec | None = None
    words: str = ""
    through: tuple[CollectionSpec, ...] = ()  # lists between the thing and the value
    others: tuple[Prop, ...] = ()  # fields that mean the same; one of them passes

    @property
    def measure(self) -> r.Measure:
        measures: dict[str, r.Measure] = {
            "number": "number", "duration": "duration", "quantity": "quantity",
            "version": "version", "instant": "instant", "reference": "reference",
            "licence": "licence", "money": "number", "percent": "number", "lifetime": "instant",
        }  # fmt: skip
        return measures.get(self.type, "plain")


def all_of(parts: list[r.Condition]) -> r.Condition:
    """And, without nesting and without parts that always hold."""
    flat: list[r.Condition] = []
    for part in parts:
        flat += part.of if isinstance(part, r.All) else (part,)
    return flat[0] if len(flat) == 1 else r.All(of=tuple(flat))


def any_of(parts: list[r.Condition]) -> r.Condition:
    """Or, without nesting."""
    flat: list[r.Condition] = []
    for part in parts:
        flat += part.of if isinstance(part, r.Any) else (part,)
    return flat[0] if len(flat) == 1 else r.Any(of=tuple(flat))


def negate(condition: r.Condition) -> r.Condition:
    return condition.of if isinstance(condition, r.Not) else r.Not(of=condition)


def negated(pred: Pred) -> Pred:
    return lambda at: negate(pred(at.negated()))


def both(*preds: Pred) -> Pred:
    return lambda at: all_of([p(at) for p in preds])


def either(*preds: Pred) -> Pred:
    return preds[0] if len(preds) == 1 else (lambda at: any_of([p(at) for p in preds]))


def always(_: At) -> r.Condition:
    return r.All()


def never(_: At) -> r.Condition:
    return r.Any()


NEVER = r.Any()


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


def _collection(spec: CollectionSpec, at: At) -> r.Collection:
    if spec.path is None:
        name = "steps" if spec.name == STEPS and at.asked else spec.name
        return r.Named(name=name, within=at.ref if at.kind.element == "stage" else None)
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
    each = _collection(spec, at)
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
    each = _collection(spec, at)
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
    each = _collection(way[0], replace(root, asked=things.normal))
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


def wide(at: At) -> At:
    """Where a thing is looked for rather than asked for: rollback steps count as well."""
    return replace(at, asked=False)
