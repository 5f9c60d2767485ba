"""Decide a rule over a document in Python, independent of the compiler and of OPA.

`judge` gives the messages `deny` would hold. It is the second opinion the compiler is tested
against, and what lets the planner compare two readings without starting an engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from governance.authoring import elements, measures
from governance.authoring import rule as r
from governance.authoring.clock import during
from governance.authoring.elements import Elements, Found, Place
from governance.authoring.fields.steps import DEPLOY_TYPES
from governance.authoring.scope import PLACEHOLDER

Outcome = tuple[str, ...]
LABEL_KEYS = ("identifier", "address", "packageName", "title", "id", "type")
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "less_than": lambda a, b: a < b,
    "at_most": lambda a, b: a <= b,
    "more_than": lambda a, b: a > b,
    "at_least": lambda a, b: a >= b,
}


@dataclass(frozen=True)
class Breach:
    """One violation: the text shown, the place in the document and how to repair it."""

    message: str
    path: str
    code: str
    fix: str


def judge(rule: r.Rule, document: Any) -> list[str]:
    """The messages of the rule for an input document, sorted, each once; [] is a pass."""
    return sorted({breach.message for breach in breaches(rule, document)})


def breaches(rule: r.Rule, document: Any) -> list[Breach]:
    """The violations of the rule for an input document, in the order of its clauses."""
    from governance.authoring.fields import kind_of

    root = kind_of(rule.entity).root
    world = World(Found(document), elements.field(document, root) if root else document, root)
    return [breach for clause in rule.clauses for breach in world.breaches(clause)]


@dataclass(frozen=True)
class Bound:
    """A bound name: where its element stands and what it is."""

    place: Place
    node: Any


@dataclass
class World:
    """One document with the names bound so far."""

    found: Found
    document: Any
    root: tuple[str, ...]
    names: dict[str, Bound] = field(default_factory=dict)

    def breaches(self, clause: r.Clause) -> Iterator[Breach]:
        """The violations of one clause."""
        subjects = {(): self.document} if clause.each is None else self.elements(clause.each)
        for place, node in subjects.items():
            scope = self.bind(clause.name, place, node) if clause.each is not None else self
            if not scope.holds(clause.where):
                continue
            if clause.unless is not None and scope.holds(clause.unless):
                continue
            if not scope.holds(clause.demand):
                path = path_text((*self.root, *place))
                yield Breach(scope.fill(clause.message), path, clause.code, scope.fill(clause.fix))

    def bind(self, name: str, place: Place, node: Any) -> World:
        """The same document with one more name bound."""
        bound = {**self.names, name: Bound(place, node)}
        return World(self.found, self.document, self.root, bound)

    # --- what names stand for -----------------------------------------------------------------

    def node(self, ref: str) -> Any:
        """The value a name stands for; `step.stage` is the stage that holds `step`."""
        if ref == "document":
            return self.document
        if ref == "input":
            return self.found.input
        if ref == "metadata":
            return elements.field(self.found.input, ("metadata",))
        name, dot, _ = ref.partition(".")
        return self.found.holder(self.names[name].place) if dot else self.names[name].node

    def place(self, ref: str) -> Place:
        """Where the element a name stands for is."""
        if ref in r.SPECIAL_NAMES:
            return ()
        name, dot, _ = ref.partition(".")
        place = self.names[name].place
        return self.found.stage_of(place) if dot else place

    def elements(self, collection: r.Named | r.Items) -> Elements:
        """The elements of a collection."""
        if isinstance(collection, r.Items):
            return elements.items_at(self.node(collection.of), collection.path, self.place(collection.of))
        found = self.found.named(collection.name)
        if collection.within is None:
            return found
        outer = self.place(collection.within)
        return {place: node for place, node in found.items() if place[: len(outer)] == outer}

    def at(self, ref: str, path: r.Path) -> Any:
        """The value at a path of a name; `@key` is the key of the element."""
        if path == ("@key",):
            return self.place(ref)[-1] if self.place(ref) else None
        return elements.field(self.node(ref), path)

    # --- values -------------------------------------------------------------------------------

    def value(self, value: Any, measure: str) -> Any:
        """A value under a measure; None when it is missing or not of that kind."""
        match value:
            case r.Field():
                return _measured(self.at(value.of, value.path), measure)
            case r.Constant():
                return measures.parse_literal(value.value, measure)
            case r.Length():
                inner = self.at(value.of.of, value.of.path)
                return (
                    measures.plain(len(inner))
                    if isinstance(inner, str | list | dict)
                    else (measures.plain(0))
                )
            case r.CountOf():
                return measures.plain(len(list(self.matching(value))))
            case r.Fold():
                return self._fold(value, measure)
            case r.Arithmetic():
                return _calculate(value.op, self.value(value.left, measure), self.value(value.right, measure))
        raise TypeError(f"{value!r} is not a value")

    def _fold(self, fold: r.Fold, measure: str) -> Any:
        as_number = "number" if measure == "plain" else measure
        given = [scope.value(fold.value, as_number) for scope in self.matching(fold)]
        numbers = [number for number in given if number is not None]
        if fold.how == "sum":
            return sum(numbers, start=measures.plain(0))
        if not numbers:
            return None
        return max(numbers) if fold.how == "highest" else min(numbers)

    def matching(self, over: Any) -> Iterator[World]:
        """One world per element of a quantifier that satisfies its `where`."""
        for place, node in self.elements(over.each).items():
            scope = self.bind(over.name, place, node)
            if over.where is None or scope.holds(over.where):
                yield scope

    # --- conditions ---------------------------------------------------------------------------

    def holds(self, condition: Any) -> bool:
        """Whether a condition holds with the names bound so far."""
        match condition:
            case r.All():
                return all(self.holds(part) for part in condition.of)
            case r.Any():
                return any(self.holds(part) for part in condition.of)
            case r.Not():
                return not self.holds(condition.of)
            case r.Test():
                return self.test(condition)
            case r.Exists():
                return any(True for _ in self.matching(condition))
            case r.Every():
                return all(scope.holds(condition.demand) for scope in self.matching(condition))
        return self._predicate(condition)

    def _predicate(self, condition: Any) -> bool:
        """Whether a named predicate holds."""
        match condition:
            case r.Order():
                return self._order(condition)
            case r.DeploysToProduction():
                return self.place(condition.stage) in self.found.production
            case r.ApprovedBefore():
                return self._approved(condition)
            case r.RanBefore():
                return self._ran_before(condition)
            case r.UserInGroup():
                return self._user_in_group(condition.groups)
            case r.UserHasRole():
                return self._user_has_role(condition.roles)
            case r.During():
                return during(condition, elements.field(self.found.input, ("metadata", "timestamp")))
        raise TypeError(f"{condition!r} is not a condition")

    def _order(self, order: r.Order) -> bool:
        first, second = self.place(order.first), self.place(order.second)
        if order.how == "before":
            return elements.before(first, second)
        if order.how == "directly_before":
            return elements.directly_before(first, second)
        if order.how == "same_stage":
            return self.found.stage_of(first) == self.found.stage_of(second)
        if order.how == "inside":
            return first[: len(second)] == second
        return self._in_front(first, second, order.deploy_types or DEPLOY_TYPES)

    def _in_front(self, place: Place, stage: Place, deploy_types: tuple[str, ...]) -> bool:
        """The step lies in the stage, in front of every deploy step of it."""
        return place[: len(stage)] == stage and all(
            elements.before(place, other)
            for other, step in self.found.steps.items()
            if other[: len(stage)] == stage and elements.field(step, ("type",)) in deploy_types
        )

    def _ran_before(self, wanted: r.RanBefore) -> bool:
        stage = self.place(wanted.stage)
        return any(
            elements.field(step, ("type",)) in wanted.types and elements.before(place, stage)
            for place, step in self.found.steps.items()
        )

    def _user_has_role(self, roles: tuple[str, ...]) -> bool:
        given = elements.field(self.found.input, ("metadata", "roleAssignmentMetadata"))
        return any(
            elements.field(entry, ("roleIdentifier",)) in roles for _, entry in elements.entries(given)
        )

    def _approved(self, wanted: r.ApprovedBefore) -> bool:
        stage = self.place(wanted.stage)
        groups = {measures.bare(group) for group in wanted.groups}
        for place, step in self.found.steps.items():
            if elements.field(step, ("type",)) not in wanted.types:
                continue
            listed = elements.field(step, ("spec", "approvers", "userGroups"))
            names = {measures.bare(g) for _, g in elements.entries(listed) if isinstance(g, str)}
            if groups and not names & groups:
                continue
            deploys = wanted.deploy_types or DEPLOY_TYPES
            if elements.before(place, stage) or self._in_front(place, stage, deploys):
                return True
        return False

    def _user_in_group(self, groups: tuple[str, ...]) -> bool:
        wanted = {measures.bare(group) for group in groups}
        given = elements.field(self.found.input, ("metadata", "userGroups"))
        for _, entry in elements.entries(given):
            name = entry.get("identifier") if isinstance(entry, Mapping) else entry
            if isinstance(name, str) and measures.bare(name) in wanted:
                return True
        return False

    def test(self, test: r.Test) -> bool:
        """Whether a comparison holds; on a missing value it never does."""
        if test.op in COMPARE or (test.op == "is" and test.measure != "licence"):
            value = _folded(self.value(test.value, test.measure), test)
            options = [_folded(option, test) for option in self._options(test)]
            if value is None:
                return False
            compare = COMPARE.get(test.op, _equal)
            return any(_same_type(value, option) and compare(value, option) for option in options)
        bare = test.measure == "reference" and test.op != "scope_is"
        value = _folded(self.value(test.value, "reference" if bare else "plain"), test)
        return TEXT_TESTS[test.op](value, self._texts(test))

    def _options(self, test: r.Test) -> list[Any]:
        if test.to_value is not None:
            option = self.value(test.to_value, test.measure)
            return [] if option is None else [option]
        return [measures.parse_literal(option, test.measure) for option in test.to]

    def _texts(self, test: r.Test) -> list[str]:
        """The alternatives of a test on text."""
        measure = test.measure if test.measure == "reference" else "plain"
        given = [self.value(test.to_value, measure)] if test.to_value is not None else list(test.to)
        if test.measure == "licence":
            return [measures.licence_id(str(text)) for text in given]
        if test.op == "matches":
            return [f"(?i){t}" if test.ignore_case else t for t in given if isinstance(t, str)]
        return [str(_folded(t, test)) for t in given if isinstance(t, str)]

    # --- messages -----------------------------------------------------------------------------

    def fill(self, template: str) -> str:
        """A message with its names put in."""

        def one(match: re.Match[str]) -> str:
            name, rest = match.group(1), (match.group(2) or "").removeprefix(".")
            if rest == "stage" and name not in r.SPECIAL_NAMES:
                return label(self.node(f"{name}.stage"))
            if not rest:
                return label(self.node(name))
            return measures.shown(self.at(name, tuple(rest.split("."))))

        return PLACEHOLDER.sub(one, template)


def label(node: Any) -> str:
    """What a message calls an element: its name, else its identifier, else the value itself."""
    if not isinstance(node, Mapping):
        return measures.shown(node)
    name = node.get("name")
    if isinstance(name, str) and name.strip():
        return name
    return next((v for key in LABEL_KEYS if isinstance(v := node.get(key), str)), "?")


def path_text(place: Place) -> str:
    """A place as people write it: pipeline.stages[0].stage"""
    return "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in place).removeprefix(".")


def present(value: Any) -> bool:
    """Not missing, null, empty or blank."""
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value != [] and value != {}


@lru_cache(maxsize=512)
def pattern_of(text: str) -> re.Pattern[str]:
    """A pattern as RE2 reads it: `$` is the very end, classes are ASCII."""
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", text), re.ASCII)


def _any(test: Callable[[str, str], bool]) -> Callable[[Any, list[str]], bool]:
    return lambda value, options: isinstance(value, str) and any(test(value, option) for option in options)


TEXT_TESTS: Mapping[str, Callable[[Any, list[str]], bool]] = {
    "is": lambda value, options: bool(measures.licence_ids(value) & set(options)),
    "starts_with": _any(str.startswith),
    "ends_with": _any(str.endswith),
    "contains": _any(lambda value, option: option in value),
    "has_word": _any(lambda value, option: measures.words(option) in measures.words(value)),
    "matches": _any(lambda value, option: bool(pattern_of(option).search(value))),
    "present": lambda value, _: present(value),
    "exists": lambda value, _: value is not None,
    "runtime_input": lambda value, _: isinstance(value, str) and value.strip().startswith("<+input>"),
    "expression": lambda value, _: isinstance(value, str) and "<+" in value,
    "scope_is": lambda value, options: measures.scope_of(value) in options,
}


def _measured(value: Any, measure: str) -> Any:
    return None if value is None else measures.MEASURED[measure](value)


def _folded(value: Any, test: r.Test) -> Any:
    return value.lower() if test.ignore_case and isinstance(value, str) else value


def _equal(a: Any, b: Any) -> bool:
    return bool(a == b)


def _same_type(a: Any, b: Any) -> bool:
    return type(a) is type(b)


def _calculate(op: str, left: Any, right: Any) -> Any:
    """Arithmetic on exact numbers; None where it cannot be done."""
    kinds = (type(measures.plain(0)),) * 2
    if (type(left), type(right)) != kinds or (op == "over" and right == 0):
        return None
    return {
        "minus": lambda: left - right,
        "plus": lambda: left + right,
        "times": lambda: left * right,
        "over": lambda: left / right,
    }[op]()
