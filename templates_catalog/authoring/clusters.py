"""Reads the clusters, or infrastructure definitions, of a request, and which environment each belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from templates_catalog.authoring.words import TOKEN, clean
from templates_catalog.vocabulary import is_value

if TYPE_CHECKING:
    from templates_catalog.authoring.targets import Target

# Clusters are mostly called after what they are.
CLUSTER = r"(?:k8s|eks|gke|aks|kube|ecs|infra|cluster)[_-]\w[\w-]*"
IS_CLUSTER = re.compile(CLUSTER, re.I)
INFRA = (
    re.compile(
        rf"\b(?:infrastructure definition|infrastructure|infra|cluster)s?\s*(?:[:=]|is|are|called|"
        rf"named)?\s*{TOKEN}",
        re.I,
    ),
    re.compile(rf"{TOKEN} (?:infrastructure|infra|cluster)\b", re.I),
    re.compile(rf"\bon {TOKEN}", re.I),
    re.compile(rf"\(\s*{TOKEN}\s*\)"),
    re.compile(rf"(?<![\w/.-])({CLUSTER})", re.I),
)
# How the inputs themselves are called, as in "infra_ref: k8s_prod".
INPUTS = ("infra_ref", "environment_ref", "service_ref")


def apart(text: str, environments: Iterable[Any]) -> str:
    """`prod/eks_prod` and `prod@eks_prod` as an environment on a cluster."""
    for known in environments:
        text = re.sub(
            rf"(?<![\w/.-])({re.escape(known.identifier)})[/@]({CLUSTER})(?![\w/])",
            r"\1 on \2",
            text,
            flags=re.I,
        )
    return text


def read(text: str, environments: set[str]) -> list[tuple[int, int, str]]:
    found: dict[int, tuple[int, int, str]] = {}
    for pattern in INFRA:
        for hit in pattern.finditer(text):
            said = clean(hit[1])
            if (
                "<" not in said
                and is_value(said)
                and "/" not in said
                and said not in environments
                and said not in INPUTS
            ):
                found.setdefault(hit.start(1), (hit.start(1), hit.end(1), said))
                for more in listed(text, hit.end(1), environments):
                    found.setdefault(more[0], more)
    return [found[start] for start in sorted(found)]


def listed(text: str, start: int, environments: set[str]) -> Iterator[tuple[int, int, str]]:
    """The rest of "k8s_a, k8s_b and k8s_c"."""
    while hit := re.compile(rf"(?:,? and |, ?| & ){TOKEN}").match(text, start):
        said = clean(hit[1])
        if not is_value(said) or "/" in said or said in environments:
            return
        yield hit.start(1), hit.end(1), said
        start = hit.end(1)


NEXT_TO = re.compile(
    r"[\s(:=]*(?:(?:on|in|is|uses?|via|to|the|its|runs?|lives?|sits?|goes|cluster|infra|infrastructure|definition|called)[\s(:=]*){0,4}",
    re.I,
)
MEANT_FOR = re.compile(r"\)?\s*(?:is )?(?:for|in|as) (?:the )?", re.I)


def told_apart(
    text: str, found: list[Target], said: list[Target], spots: list[tuple[int, int, str]]
) -> list[Target]:
    """Each environment with the cluster that is said right next to it; [] unless that settles all of them."""
    pairs: dict[str, str] = {}
    for start, end, infra in spots:
        behind = [one for one in said if one.end <= start and NEXT_TO.fullmatch(text[one.end : start])]
        ahead = [one for one in said if one.start >= end and MEANT_FOR.fullmatch(text[end : one.start])]
        owner = (ahead[:1] or behind[-1:] or [None])[0]
        if owner is None or owner.environment in pairs:
            return []
        pairs[owner.environment] = infra
    if len(pairs) != len(found):
        return []
    return [replace(target, infra=pairs[target.environment]) for target in found]


def paired(found: list[Target], spots: list[tuple[int, int, str]]) -> list[Target]:
    """Each environment with the infrastructure said after it and before the next, else the one
    named alike."""
    if runs := in_turn(found, spots):
        return runs
    result = []
    for number, target in enumerate(found):
        limit = found[number + 1].start if number + 1 < len(found) else 10**9
        after = [said for start, _, said in spots if target.end <= start < limit]
        alike = [said for _, _, said in spots if is_alike(said, target.environment)]
        infra = alike[0] if len(alike) == 1 else after[0] if after else None
        result.append(replace(target, infra=infra))
    return result


def in_turn(found: list[Target], spots: list[tuple[int, int, str]]) -> list[Target]:
    """ "A and B on k8s_a and k8s_b": as many clusters in a row as environments before, or after, them."""
    marks = sorted(
        [(one.start, one, "") for one in found] + [(start, None, said) for start, _, said in spots],
        key=lambda m: m[0],
    )
    rows: list[list[Any]] = []
    for _, target, said in marks:
        kind = "place" if target else "cluster"
        if not rows or rows[-1][0] != kind:
            rows.append([kind])
        rows[-1].append(target or said)
    if rows and rows[0][0] == "cluster":
        rows = (
            [row for pair in zip(rows[1::2], rows[::2], strict=False) for row in pair]
            if len(rows) % 2 == 0
            else []
        )
    if (
        not rows
        or len(rows) % 2
        or any(len(one) != len(other) for one, other in zip(rows[::2], rows[1::2], strict=True))
    ):
        return []
    given = {
        t.environment: said
        for one, other in zip(rows[::2], rows[1::2], strict=True)
        for t, said in zip(one[1:], other[1:], strict=True)
    }
    # "Prod only after uat; uat runs on k8s_uat": what is called alike belongs together, whatever the order.
    others = [(place, said) for place in given for owner, said in given.items() if owner != place]
    if any(is_alike(said, place) and not is_alike(given[place], place) for place, said in others):
        return []
    return [replace(target, infra=given[target.environment]) for target in found]


def is_alike(infra: str, environment: str) -> bool:
    return bool(re.search(rf"(?:^|[_-]){re.escape(environment)}$", infra))
