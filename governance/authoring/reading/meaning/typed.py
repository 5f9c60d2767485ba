"""Typed meaning: places, things and values a phrase can speak about, and predicates about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from governance.authoring import rule as r
from governance.authoring.fields import KINDS, CollectionSpec, EntityKind, FieldSpec
from governance.authoring.reading.meaning.choices import Choices, Fork

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
    apart: Fork | None = None  # whether a number counts several severities together or each by itself
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
