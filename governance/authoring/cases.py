"""Documents that must fail and must pass, derived from a rule, every branch of it covered.

What a case expects is what the judge says, which knows neither the compiler nor OPA.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from governance.authoring import rule as r
from governance.authoring.building import Builder, Plan, plans
from governance.authoring.facts import Facts
from governance.authoring.fields import kind_of
from governance.authoring.judge import judge
from governance.authoring.wording import Words

__all__ = ["Case", "derive", "judge", "rego_tests"]

MOST = 48


@dataclass(frozen=True)
class Case:
    """One document and what the policy must say about it."""

    name: str
    document: Any
    expect: Literal["deny", "allow"]


def derive(rule: r.Rule, facts: Facts | None = None, most: int = MOST) -> list[Case]:
    """Minimal documents for every branch of the rule, those to be denied first.

    `facts` are not needed by a rule that is resolved already; they are taken so that callers
    pass what they have.
    """
    del facts
    found: dict[str, Case] = {}
    for name, plan, names, wanted in _wanted(rule):
        document = _build(rule, plan, names)
        if document is None:
            continue
        denied = bool(judge(rule, document))
        key = json.dumps(document, sort_keys=True)
        # A document that came out otherwise than planned is still a case, under an honest name.
        label = name if denied is wanted else f"{name} (decided by another part)"
        if key not in found:
            found[key] = Case(label, document, "deny" if denied else "allow")
    ordered = sorted(found.values(), key=lambda case: (case.expect != "deny", "(decided" in case.name))
    return _both_kinds(ordered, most)


def _both_kinds(cases: list[Case], most: int) -> list[Case]:
    """At most so many, of both verdicts where there are both."""
    denied = [case for case in cases if case.expect == "deny"]
    allowed = [case for case in cases if case.expect == "allow"]
    half = max(most // 2, most - len(allowed))
    return denied[:half] + allowed[: most - len(denied[:half])]


Wanted = tuple[str, Plan, "r.Clause | None", bool]


def _wanted(rule: r.Rule) -> Iterator[Wanted]:
    """(name, plan, clause whose element it is about, whether it shall be denied)."""
    yield "nothing the rule speaks about", [], None, False
    for clause in rule.clauses:
        words = Words(kind_of(rule.entity))
        if clause.each is not None:
            words = words.bind(clause.name, clause.each)
        where, unless = plans(clause.where, True), plans(clause.unless, True)
        broken, kept = plans(clause.demand, False), plans(clause.demand, True)
        free = plans(clause.unless, False)[:1] if clause.unless is not None else [[]]
        free = [_first(free) + _kept_elsewhere(rule, clause)]
        for i, way in enumerate(broken):
            yield (
                _named("breaks", words.say(clause.demand), i),
                _first(free) + _first(where) + way,
                clause,
                True,
            )
        for i, (way, breach) in enumerate(
            itertools.product(where[1:], _spread(broken)[: max(24 // max(len(where), 1), 1)]), start=1
        ):
            name = _named("breaks it when", words.say(clause.where), i)
            yield name, _first(free) + way + breach, clause, True
        for i, way in enumerate(kept):
            yield (
                _named("keeps", words.say(clause.demand), i),
                _first(free) + _first(where) + way,
                clause,
                False,
            )
        for i, way in enumerate(plans(clause.where, False)):
            yield (
                _named("does not apply, not", words.say(clause.where), i),
                _first(free) + _first(broken) + way,
                clause,
                False,
            )
        if clause.unless is not None:
            for i, way in enumerate(unless):
                name = _named("is excepted", words.say(clause.unless), i)
                elsewhere = _kept_elsewhere(rule, clause)
                yield name, elsewhere + _first(where) + way + _first(broken), clause, False


def _kept_elsewhere(rule: r.Rule, clause: r.Clause) -> Plan:
    """What keeps the other clauses about the document from deciding."""
    others = (c for c in rule.clauses if c is not clause and c.each is None)
    ways = (plans(other.demand, True) or plans(other.where, False) for other in others)
    return [atom for way in ways for atom in _first(way)]


def _spread(ways: list[Plan]) -> list[Plan]:
    """A few of the ways, from all over."""
    return ways[:: max(len(ways) // 4, 1)]


def _named(verb: str, text: str, number: int) -> str:
    return f"{verb}: {text}" + (f" ({number + 1})" if number else "")


def _first(ways: list[Plan]) -> Plan:
    return ways[0] if ways else []


def _build(rule: r.Rule, plan: Plan, clause: r.Clause | None) -> Any:
    """The document of a plan; None when the plan cannot be carried out."""
    builder = Builder(rule)
    try:
        names: dict[str, list[Any]] = {}
        if clause is not None and clause.each is not None:
            names[clause.name] = builder.new(clause.each, names)
        builder.make(plan, names)
    except (KeyError, AttributeError, TypeError, IndexError):
        # Two parts of the rule want the same place to be different things.
        return None
    return builder.document()


def combinations(rule: r.Rule, clause: r.Clause, conditions: Sequence[Any]) -> Iterator[Any]:
    """A document for each way in which some conditions on the element of a clause can hold or not."""
    for wanted in itertools.product((True, False), repeat=len(conditions)):
        ways = [plans(c, want) for c, want in zip(conditions, wanted, strict=True)]
        if all(ways):
            here = [atom for way in ways for atom in way[0]]
            document = _build(rule, _kept_elsewhere(rule, clause) + here, clause)
            if document is not None:
                yield document


def rego_tests(cases: list[Case], package: str) -> str:
    """The cases as a Rego test module for the policy of that package."""
    path = package if package.startswith("data.") else f"data.{package}"
    lines = [f"package {package.removeprefix('data.')}_test", "", f"import {path} as policy", ""]
    for number, case in enumerate(cases, start=1):
        sign = ">" if case.expect == "deny" else "=="
        comment = case.name.replace("\n", " ")
        lines += [
            f"# {comment}",
            f"test_{number:02d}_{case.expect} if {{",
            f"\tcount(policy.deny) {sign} 0 with input as {json.dumps(case.document)}",
            "}",
            "",
        ]
    return "\n".join(lines)
