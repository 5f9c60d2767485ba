"""Policies that are too broad: they deny everything, alone or together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from governance.authoring.checks.findings import Finding


def too_broad(denied: Sequence[bool]) -> list[Finding]:
    """A finding when every document of the corpus is denied; `denied` is one verdict each."""
    if not denied or not all(denied):
        return []
    message = (
        f"Every one of the {len(denied)} example documents is denied. Narrow the policy: say which "
        "elements it is about."
    )
    return [Finding("breadth", "error", message)]


def contradiction(verdicts: Mapping[str, Sequence[bool]]) -> list[Finding]:
    """The smallest set of policies that leaves no document of the corpus, if there is one.

    `verdicts` tells for each policy which documents it denies, in one order for all.
    """
    smallest = smallest_conflict(verdicts)
    if not smallest:
        return []
    names = " and ".join(smallest)
    message = f"No example document passes {names} together. Change or exempt one of them."
    return [Finding("breadth", "error", message)]


def smallest_conflict(verdicts: Mapping[str, Sequence[bool]]) -> list[str]:
    """Names of as few policies as can be found that together deny every document; [] if none."""
    total = len(next(iter(verdicts.values()), ()))
    denies = {name: {i for i, no in enumerate(given) if no} for name, given in verdicts.items()}
    if total == 0 or set().union(*denies.values()) != set(range(total)):
        return []
    open_documents, chosen = set(range(total)), list[str]()
    while open_documents:
        best = max(sorted(denies), key=lambda name: len(denies[name] & open_documents))
        chosen.append(best)
        open_documents -= denies[best]
    for name in list(chosen):  # what the greedy choice took too early may have become needless
        rest = [other for other in chosen if other != name]
        if rest and set().union(*(denies[other] for other in rest)) == set(range(total)):
            chosen = rest
    return sorted(chosen)
