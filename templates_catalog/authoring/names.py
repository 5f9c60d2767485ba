"""Resolves the names people use for groups and environments to the installation's identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from templates_catalog.authoring.words import NUMBERS, WORD_NUMBERS, number_of

APPROVE = (
    r"(?:approv\w*|sign(?:s|ed|ing)?(?: (?:it|this|that|them))?[ -]?off|ok(?:ay)?s?\b|green light|go-ahead|look(?:s|ed)? at|"
    r"confirm\w*|four[- ]eyes|gate|(?:a |the |their )?go (?=from|by)|thumbs[- ]up|blessing|consent|(?:is|are) (?:happy|fine with)|no objections?|"
    r"permission from|nod from|sa(?:y|ys|ying|id) yes|(?:be|is|are|gets?) asked (?=before|first|beforehand|prior)|agree(?:s|d)?\b|manual (?:gate|check|step|hold)|human)"
)
EMPTY = frozenset(
    [
        "team",
        "group",
        "the",
        "developers",
        "users",
        "everybody",
        "anyone",
        "somebody",
        "someone",
        "people",
        "a",
        "an",
        "of",
        "human",
        "person",
    ]
)
LOWER_ENVIRONMENTS = ("pre", "non")


@dataclass(frozen=True)
class Approving:
    """Who is to approve: a known group, or a name that is none, or nobody in particular."""

    group: str | None = None
    unknown: str = ""
    asked: bool = False


JOINED = re.compile(r"[ _-]")


@lru_cache(maxsize=4_096)
def spellings(identifier: str, name: str) -> tuple[str, ...]:
    """What people call it: identifier, name, without "team", singular and plural, and initials; longest
    first."""
    base = {identifier.lower(), identifier.lower().replace("_", " "), name.lower()}
    base |= {re.sub(r"[-_]", " ", name.lower())}
    more = set(base)
    for said in base:
        words = said.split()
        if len(words) > 1 and words[-1] in ("team", "group", "office", "admins", "developers"):
            more.add(" ".join(words[:-1]) + " team")
            more.add(" ".join(words[:-1]) + " group")
        if words and len(words[-1]) > 3:
            more.add(said[:-1] if said.endswith("s") else said + "s")
            more.add(said + " team")
    for said in base:
        first, _, rest = said.partition(" ")
        if rest and len(first) == 3:
            # "The SREs on call".
            more |= {f"{first}s {rest}", f"{first}s {rest.replace('-', ' ')}"}
    initials = "".join(word[0] for word in re.findall(r"[a-z]+", name.lower()))
    if len(initials) >= 3:
        more.add(initials)
    first = identifier.lower().split("_")[0]
    if len(first) == 3 and first not in ("sre", "dev", "pre", "non", "all"):
        more |= {first, first + "s"}
    more |= {said.replace("developers", "devs") for said in more} | {
        said.replace("devs", "developers") for said in more
    }
    return tuple(sorted((said for said in more if said and said not in EMPTY), key=len, reverse=True))


@lru_cache(maxsize=4_096)
def pattern_of(said: str) -> re.Pattern[str]:
    spoken = re.escape(said).replace(r"\ ", r"[ _-]")
    return re.compile(rf"(?<![\w/]){spoken}(?![\w/]|-\w)")


def find(text: str, known: Iterable[Any]) -> list[tuple[int, int, str]]:
    """(start, end, identifier) for every thing of `known` named in `text`; longer names win."""
    owners: dict[str, str] = {}
    for thing in known:
        for said in spellings(thing.identifier, thing.name or ""):
            owners.setdefault(said, thing.identifier)
    lowered, taken, found = text.lower(), [False] * len(text), []
    joined = JOINED.sub(" ", lowered)
    for said in sorted(owners, key=len, reverse=True):
        if JOINED.sub(" ", said) not in joined:
            continue
        for hit in pattern_of(said).finditer(lowered):
            if not any(taken[hit.start() : hit.end()]):
                taken[hit.start() : hit.end()] = [True] * (hit.end() - hit.start())
                found.append((hit.start(), hit.end(), owners[said]))
    return sorted(found)


def blanked(text: str, known: Iterable[Any]) -> str:
    """The text with what is named in it blanked out, of the same length: the mobile team is no mobile app."""
    for start, end, _ in find(text, known):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def environments(text: str, facts: Any) -> list[tuple[int, int, str]]:
    """The environments named in `text`; the QA of the QA leads is none."""
    groups = find(text, facts.groups)
    return [
        (start, end, identifier)
        for start, end, identifier in find(text, facts.environments)
        if not any(first <= start and end <= last for first, last, _ in groups)
    ]


def approving(text: str, groups: Sequence[Any]) -> Approving:
    """The group that a request wants to approve, if it speaks of approving at all."""
    clauses = [
        c for c in re.split(r"(?<=[.;!?])\s+|, (?:then|and then)\b", text) if re.search(APPROVE, c, re.I)
    ]
    if not clauses:
        return Approving()
    for clause in clauses:
        found = find(clause, groups)
        if found:
            return Approving(group=nearest(clause, found), asked=True)
    said = stranger(clauses[0])
    short = by_part(said, groups)
    return Approving(group=short, asked=True) if short else Approving(unknown=said, asked=True)


def by_part(said: str, groups: Sequence[Any]) -> str | None:
    """The one group whose name has every word of what was said, as in "compliance" for the Compliance Office."""
    words = (
        set(re.findall(r"[a-z]+", said.lower())) - EMPTY - set(WORD_NUMBERS) - {"folks", "guys", "members"}
    )
    fitting = [
        group.identifier
        for group in groups
        if words
        and words <= set(re.findall(r"[a-z]+", f"{group.name} {group.identifier}".lower().replace("_", " ")))
    ]
    return fitting[0] if len(fitting) == 1 else None


def nearest(clause: str, found: list[tuple[int, int, str]]) -> str:
    """The group closest to the word that means approving."""
    spots = [hit.start() for hit in re.finditer(APPROVE, clause, re.I)]
    return min(found, key=lambda group: min(abs(group[0] - spot) for spot in spots))[2]


def stranger(clause: str) -> str:
    """The name in the place of a group that is none we know; "" when nobody is named."""
    for pattern in (
        r"(?:approved|approval|approve|signed off|sign-off|confirmed)(?: stage| step)? (?:by|from|of) "
        r"(?:the |our )?([A-Za-z][\w &-]{1,40}?)(?=\s*(?:[,.;)]|$|before|right |directly |just |to |in |on |for |and |first|after))",
        r"(?:let|have|ask|make) (?:the |our )?([A-Za-z][\w &-]{2,30}?) (?:to )?(?:approve|sign off|confirm)",
        r"(?:the |our )([A-Za-z][\w &-]{2,30}?) (?:approves|signs off|confirms|agrees|has approved|have approved)",
        r"\b(?:once|when|after|until|if) (?:the |our )?([A-Za-z][\w &-]{2,30}?) (?:approves?|approved|has|have|signs?|agrees?)\b",
        r"(?:the |our )([A-Za-z][\w &-]{2,30}?) (?:must|should|has to|have to|needs to|need to|can|will|"
        r"shall) (?:approve|sign off|confirm)",
        r"(?:^|[.,;]\s+|\band\s+)([A-Z][\w&-]*(?: [\w&-]+)?) (?:must|should|has to|have to|needs? to|will|shall) "
        r"(?:approve|sign off|confirm|say yes)",
    ):
        hit = re.search(pattern, clause, re.I)
        if hit and hit[1].strip().lower() not in (
            "hand",
            "it",
            "somebody",
            "someone",
            "a person",
            "a human",
            "production",
            "prod",
            "us",
            "me",
            "you",
        ):
            return hit[1].strip()
    return ""


def count_of(text: str) -> int:
    """How many people are to approve; one when nothing is said."""
    if re.search(r"\bfour[- ]eyes\b", text, re.I):
        return 2
    hit = re.search(
        rf"\b(\d+|{NUMBERS}) (?:approv\w+|people|persons|reviewers|sign[- ]?offs|(?:of|from) (?:the|our|them)\b)|"
        rf"\b(?:approv\w+|sign\w*[ -]?off) (?:by|from|of) (?:at least )?(\d+|{NUMBERS})(?= )",
        text, re.I,
    )  # fmt: skip
    return int(number_of(hit[1] or hit[2])) if hit else 1


def production_word(reference: str) -> bool:
    """Whether a reference reads as production when nothing else is known about it."""
    words = re.split(r"[^a-z0-9]+", reference.lower())
    return bool({"prod", "production", "prd"} & set(words)) and not set(LOWER_ENVIRONMENTS) & set(words)
