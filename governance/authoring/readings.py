"""Of the ways a request can be read the one that is meant: told apart by verdicts, else asked for.

Readings that deny the same documents are one reading. Where they differ on a document, that
document is shown with what each of them says about it, and a person chooses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from governance.authoring import rule as r
from governance.authoring.cases import combinations, derive
from governance.authoring.judge import judge
from governance.authoring.reading.meaning.choices import Choices, Fork
from governance.authoring.reading.meaning.typed import Misread
from governance.authoring.rule import Rule
from governance.authoring.wording import clause_text

MOST_FORKS = 6
MOST_PARTS = 6
Build = Callable[[Choices], Rule | None]


@dataclass(frozen=True)
class Difference:
    """A document on which two rules differ, and on how many of those tried they agree."""

    document: Any
    agreed: int
    tried: int


@dataclass(frozen=True)
class Option:
    """One way to read the request.

    key          names it: a person's choice is sent back as keys and looked up in the request again
    explanation  the sentences of its rule that the other option does not have
    witness      a document on which the options differ; `denies` is what this one says of it
    """

    label: str
    rule: Rule
    witness: Any
    denies: bool
    explanation: tuple[str, ...]
    key: str


@dataclass(frozen=True)
class Taken:
    """A fork and the way a person chose."""

    fork: Fork
    option: Option


@dataclass(frozen=True)
class Settled:
    """The rule that is meant, and what was chosen on the way."""

    rule: Rule
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True)
class Undecided:
    """The next fork at which the readings differ; `taken` was chosen before."""

    fork: Fork
    options: tuple[Option, ...]
    difference: Difference
    taken: tuple[Taken, ...] = ()


class TooManyReadings(ValueError):
    """More forks than can be asked about one after the other."""


def settle(
    text: str, build: Build, doubt: Callable[[Rule], str], chosen: Sequence[str] = ()
) -> Settled | Undecided | None:
    """Build the rule fork by fork; stop at the first where a person has to choose and has not.

    doubt   says what is wrong with a rule, "" when nothing is: a reading in doubt is none
    chosen  keys of options in the order they were asked; one that fits no option is asked again
    raises  what `build` raises for the first reading, TooManyReadings
    """
    second: set[Fork] = set()
    seen: list[Fork] = []
    taken: list[Taken] = []
    while True:
        choices = Choices(second)
        rule = build(choices)
        fork = next((f for f in choices.met if f not in seen), None)
        if rule is None or fork is None:
            return None if rule is None else Settled(rule, tuple(taken))
        if len(seen) == MOST_FORKS:
            raise TooManyReadings(f"more than {MOST_FORKS} places can be read in two ways")
        seen.append(fork)
        other = _built(build, Choices({*second, fork}))
        if other is None or doubt(other):
            continue
        if doubt(rule):
            second.add(fork)
            continue
        found = difference(rule, other)
        if found is None:
            continue
        options = _options(text, fork, rule, other, found)
        key = chosen[len(taken)] if len(taken) < len(chosen) else ""
        option = next((o for o in options if o.key == key), None)
        if option is None:
            return Undecided(fork, options, found, tuple(taken))
        taken.append(Taken(fork, option))
        if option is options[1]:
            second.add(fork)


def _built(build: Build, choices: Choices) -> Rule | None:
    try:
        return build(choices)
    except (Misread, ValidationError):
        return None


def difference(first: Rule, second: Rule) -> Difference | None:
    """The smallest document tried on which the two decide differently; None when there is none."""
    if first == second:
        return None
    documents = {json.dumps(d, sort_keys=True): d for d in _tried(first, second)}
    apart = [key for key, d in documents.items() if bool(judge(first, d)) != bool(judge(second, d))]
    if not apart:
        return None
    smallest = min(apart, key=lambda key: (len(key), key))
    return Difference(documents[smallest], len(documents) - len(apart), len(documents))


def _tried(first: Rule, second: Rule) -> Iterator[Any]:
    """Documents made for either rule, and one for each way the conditions of both can combine."""
    for rule in (first, second):
        for case in derive(rule):
            yield case.document
    for mine, twin in zip(first.clauses, second.clauses, strict=False):
        if mine == twin or (mine.each, mine.name) != (twin.each, twin.name):
            continue
        parts = list(dict.fromkeys(p for clause in (mine, twin) for p in _parts(clause)))
        yield from combinations(first, mine, parts[:MOST_PARTS])


def _parts(clause: r.Clause) -> Iterator[r.Condition]:
    """The conditions a clause is put together from by and, or and not."""
    waiting = [clause.where, clause.demand, *([clause.unless] if clause.unless else [])]
    while waiting:
        condition = waiting.pop()
        if isinstance(condition, r.All | r.Any):
            waiting += condition.of
        elif isinstance(condition, r.Not):
            waiting.append(condition.of)
        else:
            yield condition


def _options(text: str, fork: Fork, first: Rule, second: Rule, found: Difference) -> tuple[Option, ...]:
    labels = ((fork.first, first, second), (fork.second, second, first))
    return tuple(
        Option(
            label=label.replace("{said}", fork.said(text)),
            rule=rule,
            witness=found.document,
            denies=bool(judge(rule, found.document)),
            explanation=_explained(rule, other),
            key=_key(rule),
        )
        for label, rule, other in labels
    )


def _explained(rule: Rule, other: Rule) -> tuple[str, ...]:
    theirs = {clause_text(other, clause) for clause in other.clauses}
    return tuple(text for c in rule.clauses if (text := clause_text(rule, c)) not in theirs)


def _key(rule: Rule) -> str:
    return hashlib.sha256(rule.model_dump_json().encode()).hexdigest()[:12]
