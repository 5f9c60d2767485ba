"""Reads where a request deploys to, in which order, and what has to be approved before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from templates_catalog.authoring import clusters, names
from templates_catalog.authoring.words import STOP, TOKEN, clean
from templates_catalog.vocabulary import is_value, mentions

UNKNOWN_ENVIRONMENT = re.compile(rf"\b(?:environment|env)\s*(?:[:=]|is|called|named)?\s+{TOKEN}", re.I)
DENIED = re.compile(
    r"\b(?:not(?! (?:before|until|without)\b)|never|no|without|don't|except)\b(?: \w+){0,2} ?$", re.I
)


@dataclass(frozen=True)
class Target:
    """One environment to deploy to; `clause` is the part of the sentence it stands in."""

    environment: str
    infra: str | None
    start: int
    end: int
    clause: str = ""
    known: bool = True


# Environments by their usual names, where the installation lists none that is called so.
USUAL = re.compile(
    r"\b(?:to|in|into|on|then|first|and|before|,|for) (?:the )?(staging|production|prod|qa|uat|preprod|pre-prod|pre-production|dev|development)"
    r"(?![\w-]|_)(?! (?:image|team|manager|database))",
    re.I,
)


def read(text: str, facts: Any, known: Iterable[str] = ()) -> list[Target]:
    """The environments in the order they are to run; what is in `known` names something else than a cluster."""
    found = places(text, facts)
    said = spoken(text, found, facts)
    spots = clusters.read(text, {target.environment for target in found} | set(known))
    if len(spots) == 1 and len(found) == 1:
        found = [replace(found[0], infra=spots[0][2])]
    else:
        found = clusters.told_apart(text, found, said, spots) or clusters.paired(found, spots)
    return ordered(text, found, said)


def somewhere(text: str, known: Iterable[str]) -> list[Target]:
    """Where no environment is known by its name: the word in its place, and the cluster; at least one empty target."""
    spots = clusters.read(text, set(known))
    infra = spots[0][2] if len(spots) == 1 else None
    hit = re.search(
        r"\b(?:to|into|onto) (?:the )?([a-z][\w-]{2,})(?= (?:with|on|using|via|by|from)\b|\s*[,.;(]|\s*$)",
        text,
    )
    word = hit[1] if hit else ""
    if hit and word.lower() not in STOP and not mentions(word) and word != infra:
        return [Target(word, infra, hit.start(1), hit.end(1), clause_at(text, hit.start(1)), known=False)]
    return [Target("", infra, 0, 0)]


ROUND = re.compile(
    r"\b(?:then|after that|afterwards|finally|thereafter|followed by|first)\b|[;.](?=\s)", re.I
)
AT_ONCE = re.compile(r"\bin parallel\b|\bat the same time\b|\bsimultaneously\b|\bside by side\b", re.I)


# "Dev and qa side by side, staging after that".
TOLD_ALONE = re.compile(rf"(?:{AT_ONCE.pattern})(?! (?:with|to|as|and)\b)", re.I)
AFTER_THAT = re.compile(
    r"\s*(?:\([^)]*\)|on \S+)?\s*(?:after that|afterwards|thereafter|next|later|follows|comes (?:next|after|later))\b",
    re.I,
)


def rounds(text: str, places: Sequence[Target]) -> list[list[Target]]:
    """The deployments that run together; one after the other unless the text says otherwise."""
    at_once = AT_ONCE.search(text)
    if not at_once:
        return [[place] for place in places]
    parts: list[list[Target]] = []
    for place in places:
        before = parts[-1][-1] if parts else None
        between = text[before.end : place.start] if before else ""
        if (
            before is None
            or ROUND.search(between)
            or TOLD_ALONE.search(between)
            or place.start < before.start
            or AFTER_THAT.match(text[place.end :])
        ):
            parts.append([])
        parts[-1].append(place)
    # Where it is said: behind its environments, else in front of them.
    behind = [part for part in parts if part[0].start < at_once.start()]
    chosen = next((part for part in reversed(behind) if len(part) > 1), None)
    chosen = chosen or next((part for part in parts if len(part) > 1), None) or list(places)
    if chosen == list(places):
        return [chosen]
    return [done for part in parts for done in ([part] if part is chosen else [[place] for place in part])]


def places(text: str, facts: Any) -> list[Target]:
    found: dict[str, Target] = {}
    groups = names.find(text, facts.groups)
    said = names.find(text, facts.environments)
    gone = {identifier for start, end, identifier in said if is_taken_back(text, start, end, said)}
    for start, end, identifier in said:
        before = text[:start]
        if identifier in gone:
            continue
        if any(left <= start and end <= right for left, right, _ in groups):
            continue
        if DENIED.search(before) or identifier in found or is_only_approval(before, text[end:]):
            continue
        found[identifier] = Target(identifier, None, start, end, clause_at(text, start))
    if "prod" not in found and any(e.identifier == "prod" for e in facts.environments):
        hit = re.search(r"(?<![\w-])production(?![\w-]| [eu]u\b| us\b)", text, re.I)
        if (
            hit
            and not DENIED.search(text[: hit.start()])
            and not any(t.start <= hit.start() < t.end for t in found.values())
        ):
            found["prod"] = Target("prod", None, hit.start(), hit.end(), clause_at(text, hit.start()))
    for start, end, _ in groups:
        text = text[:start] + " " * (end - start) + text[end:]
    for hit in USUAL.finditer(text):
        said = {
            "production": "prod",
            "pre-production": "preprod",
            "pre-prod": "preprod",
            "development": "dev",
        }.get(hit[1].lower(), hit[1].lower())
        apart = not any(t.start < hit.end(1) and hit.start(1) < t.end for t in found.values())
        if apart and said not in found and said not in gone and not DENIED.search(text[: hit.start(1)]):
            found[said] = Target(
                said, None, hit.start(1), hit.end(1), clause_at(text, hit.start(1)), known=False
            )
    for hit in UNKNOWN_ENVIRONMENT.finditer(text):
        said = clean(hit[1])
        if (
            is_value(said)
            and not any(t.start <= hit.start(1) < t.end for t in found.values())
            and said not in found
        ):
            found[said] = Target(
                said, None, hit.start(1), hit.end(1), clause_at(text, hit.start()), known=False
            )
    return sorted(found.values(), key=lambda target: target.start)


def is_taken_back(text: str, start: int, end: int, said: Sequence[tuple[int, int, str]]) -> bool:
    """ "Actually not staging, uat": another environment takes its place. "Promote from qa": it is there already."""
    if re.search(r"\b(?:promot\w*|mov(?:e|ing))\b[^.;]*\bfrom (?:the )?$", text[:start], re.I):
        return True
    if not re.search(r"\bnot (?:to |in |into |on |the |for )*$", text[:start], re.I):
        return False
    return any(
        re.fullmatch(r",? ?(?:but |rather |use |take |it'?s |to |in |into |the )*", text[end:other], re.I)
        for other, _, _ in said
        if other >= end
    )


def is_only_approval(before: str, after: str) -> bool:
    """Whether an environment is named only as a word of a group's name, as in "production managers"."""
    return bool(re.match(r"[ -]?(?:managers?|owners?|team|group|leads?|approvers?)\b", after, re.I)) and bool(
        before
    )


def clause_at(text: str, at: int) -> str:
    """The part of the sentence around a place, cut where another action begins."""
    cuts = [
        0,
        *(
            hit.end()
            for hit in re.finditer(
                r"[;.](?=\s)|,? (?:and )?(?:then|after that|afterwards|finally)\b|, | and (?:with|a|the|"
                r"by|in)?",
                text,
            )
        ),
        len(text),
    ]
    start = max(cut for cut in cuts if cut <= at)
    end = min(cut for cut in cuts if cut > at)
    return text[start:end]


def spoken(text: str, targets: Sequence[Target], facts: Any) -> list[Target]:
    """Every place where one of the environments is named, in order; a group's name is no such place."""
    groups = names.find(text, facts.groups)
    wanted = {target.environment: target for target in targets}
    found = {target.start: target for target in targets}
    for start, end, identifier in names.find(text, facts.environments):
        inside = any(left <= start and end <= right for left, right, _ in groups)
        if identifier in wanted and not inside:
            found.setdefault(start, replace(wanted[identifier], start=start, end=end))
    return [found[start] for start in sorted(found)]


def ordered(text: str, found: list[Target], said: list[Target]) -> list[Target]:
    """Text order, unless the text says that one comes after or before another."""
    order = list(found)
    for number, first in enumerate(found):
        for second in found[number + 1 :]:
            if comes_later(text[first.end : second.start]):
                order.remove(second)
                order.insert(order.index(first), second)
    leading = [
        target
        for target in order
        if any(one.environment == target.environment and is_first(text, one, said) for one in said)
    ]
    return [*leading, *(target for target in order if target not in leading)] if len(leading) == 1 else order


def is_first(text: str, target: Target, said: list[Target]) -> bool:
    """Whether the words behind an environment, up to the next one, say that it comes first."""
    later = [other.start for other in said if other.start > target.start]
    behind = re.split(r"[;.](?=\s)|\bthen\b|\band\b", text[target.end : min(later, default=len(text))])[0]
    return bool(re.search(r"\b(?:first|beforehand|to begin with|to start with)\W*$", behind.strip(), re.I))


LATER = re.compile(
    r"\b(?:only )?(?:after|once|following)\b(?! (?:that|this|which)\b)(?! (?:an?|the) (?:approval|sign)|[^,.;]*\bapprov)",
    re.I,
)
EARLIER_STILL = re.compile(
    r"\b(?:before that|but first|first though|preceded by|not (?:before|until|without))\b", re.I
)


def comes_later(between: str) -> bool:
    """Whether the words between two environments say that the first runs after the second."""
    if EARLIER_STILL.search(between):
        return True
    return (
        len(between) < 60
        and bool(LATER.search(between))
        and not re.search(r"\b(?:then|and|,)\b.*\bto\b", between)
    )


def is_production(environment: str, facts: Any) -> bool:
    kind = next((e.type for e in facts.environments if e.identifier == environment), "")
    return kind == "Production" if kind else names.production_word(environment)
