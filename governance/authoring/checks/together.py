"""Whether a policy leaves anything to pass beside those that are in force already."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from governance.authoring.checks.breadth import smallest_conflict
from governance.authoring.checks.findings import Finding

# verdicts: for each policy by name, whether it denies each document, in one order for all.
Verdicts = Mapping[str, Sequence[bool]]
MOST_ROUNDS = 6
MOST_MADE = 24


def conflicts(
    name: str,
    allowed: Mapping[str, Sequence[Any]],
    documents: Sequence[Any],
    decide: Callable[[Sequence[Any]], Verdicts],
) -> list[Finding]:
    """A finding that names the smallest set of policies, `name` among them, that no document was found to pass.

    allowed    documents that each policy lets pass by itself; those without are tried as they come
    documents  more to try: examples and what is stored
    decide     asks every policy, `name` too, about documents

    A passing document is looked for by joining documents: where one policy denies, its own passing
    documents are laid over what passes the others. Not found is not proved, so it is a warning.
    """
    tried = [*allowed.get(name, ()), *documents]
    if not tried:
        return []
    verdicts = {policy: list(given) for policy, given in decide(tried).items()}
    for _ in range(MOST_ROUNDS):
        if not smallest_conflict(verdicts):
            return []
        made = _joined(name, tried, verdicts, allowed)
        if not made:
            break
        tried += made
        for policy, given in decide(made).items():
            verdicts[policy] += given
    smallest = _around(name, verdicts)
    if not smallest:
        return []
    others = " and ".join(policy for policy in smallest if policy != name)
    text = (
        f"No document was found that passes this policy together with {others}. Look whether they ask for"
        " opposite things; if they do, change or exempt one of them."
    )
    return [Finding("conflict", "warning", text)]


def _around(name: str, verdicts: Verdicts) -> list[str]:
    """The smallest conflicting set with `name` in it; [] when the others conflict without it."""
    smallest = smallest_conflict(verdicts)
    if name in smallest:
        return smallest if len(smallest) > 1 else []
    # The others leave nothing of what was tried: only what they let pass tells about this one.
    pairs = [[name, other] for other in verdicts if other != name]
    found = [pair for pair in pairs if smallest_conflict({p: verdicts[p] for p in pair}) == sorted(pair)]
    return sorted(found[0]) if found else []


def _joined(
    name: str, tried: Sequence[Any], verdicts: Verdicts, allowed: Mapping[str, Sequence[Any]]
) -> list[Any]:
    """The documents that fewest policies deny, joined with what would please those that do."""
    against = [[p for p in verdicts if verdicts[p][i]] for i in range(len(tried))]
    order = sorted(range(len(tried)), key=lambda i: (name in against[i], len(against[i])))
    made: list[Any] = []
    for i in order[:4]:
        for policy in against[i]:
            for other in list(allowed.get(policy, ()))[:3]:
                made += [join(tried[i], other), join(other, tried[i])]
    fresh: list[Any] = []
    for document in made:
        if document not in tried and document not in fresh:
            fresh.append(document)
    return fresh[:MOST_MADE]


def join(first: Any, second: Any) -> Any:
    """Two documents in one: objects key by key, lists one after the other, else the first's value."""
    if isinstance(first, dict) and isinstance(second, dict):
        keys = [*first, *(key for key in second if key not in first)]
        return {
            key: join(first[key], second[key])
            if key in first and key in second
            else copy.deepcopy(first.get(key, second.get(key)))
            for key in keys
        }
    if isinstance(first, list) and isinstance(second, list):
        return [*copy.deepcopy(first), *(copy.deepcopy(each) for each in second if each not in first)]
    return copy.deepcopy(first)
