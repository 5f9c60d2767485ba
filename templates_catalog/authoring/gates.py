"""Reads which approvals a request wants, by whom, and in front of which deployment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from templates_catalog.authoring import names
from templates_catalog.authoring.targets import DENIED, Target, spoken
from templates_catalog.authoring.words import NUMBERS, number_of


@dataclass(frozen=True)
class Gate:
    """An approval wanted before one environment, by any of `groups`; none: nobody was named."""

    environment: str
    groups: tuple[str, ...] = ()
    unknown: str = ""
    minimum: int = 1


def read(text: str, targets: Sequence[Target], facts: Any) -> list[Gate]:
    """The approvals wanted, each before the environment it belongs to."""
    found: dict[str, list[Gate]] = {}
    spots = spoken(text, targets, facts)
    for hit in re.finditer(rf"\b{names.APPROVE}", text, re.I):
        if DENIED.search(text[: hit.start()]) or not re.match(
            r"approv|sign|four|gate|green|go-|ok|sa(?:y|id)|(?:be|is|are|gets?) asked|confirm|agree|bless|consent|thumbs|(?:is|are) (?:happy|fine)|no obj",
            hit[0],
            re.I,
        ):
            continue
        everywhere = EACH.match(re.split(r"[.;]\s", text[hit.end() :])[0])
        environment = gated(text, hit.start(), hit.end(), spots)
        if environment is None:
            continue
        clause = around(text, hit.start(), hit.end())
        groups, each, minimum = people(clause, hit.start() - text.index(clause), facts)
        unknown = "" if groups else names.stranger(clause)
        short = names.by_part(unknown, facts.groups)
        groups, unknown = ((short,), "") if short else (groups, unknown)
        for place in [t.environment for t in targets] if everywhere else [environment]:
            known = found.get(place)
            if known is not None and (known[0].groups or not groups):
                continue
            found[place] = of(groups, unknown, place, each=each, minimum=minimum)
    if re.search(rf"\b{names.APPROVE}", text, re.I):
        for target in spots:
            # "the QA guild before staging, security before production"
            lead = re.search(
                r"(?:^|[,;:.]|\band\b)([^,;:.]{2,60}?) (?:before|for|ahead of) (?:the )?$",
                text[: target.start],
            )
            known_groups = names.find(lead[1], facts.groups) if lead else []
            group = (
                known_groups[-1][2]
                if known_groups
                else names.by_part(lead[1], facts.groups)
                if lead
                else None
            )
            if group and group not in {g for gate in found.get(target.environment, []) for g in gate.groups}:
                found[target.environment] = [Gate(target.environment, (group,))]
    for environment, group in between(text, targets, facts):
        found.setdefault(environment, [Gate(environment, (group,))])
    return [gate for gates in found.values() for gate in gates]


BETWEEN = re.compile(
    r"\s*(?:is |are |goes |comes |stands? |sits? )?(?:in[ -]between|between (?:them|the two|both)|in the middle)\b",
    re.I,
)


def between(text: str, targets: Sequence[Target], facts: Any) -> list[tuple[str, str]]:
    """ "Security team in between": a group that stands between two deployments approves the second one."""
    places = sorted(targets, key=lambda target: target.start)
    return [
        (places[-1].environment, identifier)
        for _, end, identifier in names.find(text, facts.groups)
        if len(places) > 1 and BETWEEN.match(text[end:])
    ]


def of(
    groups: tuple[str, ...], unknown: str = "", environment: str = "", *, each: bool = False, minimum: int = 1
) -> list[Gate]:
    """One approval by any of the groups, or one by each."""
    if each:
        return [Gate(environment, (group,), unknown, minimum) for group in groups]
    return [Gate(environment, groups, unknown, minimum)]


EACH = re.compile(r".{0,40}?\b(?:before|for|in front of|ahead of) (?:both|each|every|all)\b", re.I)
LINK = re.compile(
    r"\s*(?:,|,? ?and|,? ?or|&|plus|as well as)?\s*(?:both |by |from |of )?(?:the |our )?", re.I
)


def people(clause: str, spot: int, facts: Any) -> tuple[tuple[str, ...], bool, int]:
    """The groups named in one breath nearest to a place, whether each of them has to approve, and how many people."""
    named = names.find(clause, facts.groups)
    if not named:
        return (), False, names.count_of(clause)
    at = named.index(min(named, key=lambda one: abs(one[0] - spot)))
    first = last = at
    while first and LINK.fullmatch(clause[named[first - 1][1] : named[first][0]]):
        first -= 1
    while last + 1 < len(named) and LINK.fullmatch(clause[named[last][1] : named[last + 1][0]]):
        last += 1
    chain = named[first : last + 1]
    anyone = re.search(r"\bor\b", clause[chain[0][1] : chain[-1][0]], re.I)
    groups = tuple(dict.fromkeys(identifier for _, _, identifier in chain))
    counted = re.search(rf"\b(\d+|{NUMBERS}) (?:of (?:the |our ))?$", clause[: chain[0][0]], re.I)
    minimum = int(number_of(counted[1])) if counted else names.count_of(clause)
    return groups, len(groups) > 1 and not anyone, minimum


def around(text: str, start: int, end: int) -> str:
    """The words that can name who approves: the sentence, cut at the next step of the order."""
    left = max((hit.end() for hit in re.finditer(r"[.;]\s|\bthen\b", text[:start])), default=0)
    right = re.search(r"[.;](?:\s|$)|\bthen\b", text[end:])
    return text[left : end + right.start() if right else len(text)]


def gated(text: str, start: int, end: int, targets: Sequence[Target]) -> str | None:
    """Which environment an approval stands in front of."""
    if not targets:
        return None
    # "approves staging": what is approved stands right behind.
    object_of = re.match(
        r"\s+(?:the )?(?:deployment |release |rollout )?(?:to |of |for |in |on )?(?:the )?([\w-]+)",
        text[end:],
    )
    named = [t for t in targets if object_of and called(object_of[1], t)]
    if named:
        return named[0].environment
    after = [target for target in targets if target.start >= end]
    before = [target for target in targets if target.end <= start]
    bound = (
        re.search(r"\b(?:before|for|prior to|in front of|ahead of)\b[^.;]{0,40}$", text[end : after[0].start])
        if after
        else None
    )
    if bound:
        return after[0].environment
    lead = re.search(r"(?:to|into|in|on) [^,.;]*?$", text[:start])
    if (
        before
        and re.search(
            r"\b(?:only )?(?:after|with|once|if|when|behind)\b[^.;]{0,40}$",
            text[before[-1].end : start],
            re.I,
        )
        and not after
    ):
        return together(text, before).environment
    if after and lead is None:
        return after[0].environment
    if after and before:
        return after[0].environment
    production = [t for t in targets if names.production_word(t.environment)]
    return (production or list(targets))[-1].environment if not after else after[0].environment


def called(word: str, target: Target) -> bool:
    return word.lower() in (
        target.environment.lower(),
        {"prod": "production"}.get(target.environment, target.environment).lower(),
    )


def together(text: str, before: Sequence[Target]) -> Target:
    """The first of the environments that are named in one breath with the last: "eu and us", both of one kind."""
    chosen = before[-1]
    for earlier in reversed(before[:-1]):
        between = re.sub(r"\([^)]*\)", "", text[earlier.end : chosen.start])
        alike = names.production_word(earlier.environment) == names.production_word(chosen.environment)
        if not alike or not re.fullmatch(r"\s*(?:on \S+\s*)?(?:,|and|&|, and)\s*(?:to )?", between):
            break
        chosen = earlier
    return chosen
