"""What of a request says what a pipeline is for: not its background, nor what is wished beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from templates_catalog import search as searching
from templates_catalog.search import CatalogueEntry
from templates_catalog.vocabulary import closure, masked, mentions

# Wishes that stand beside what a pipeline is for, and are met by more stages rather than another template.
BESIDE = frozenset({"scan", "notification", "slack", "browser_tests", "load_test"})


BACKGROUND = re.compile(
    r"\b(?:was|were|been|currently|so far|until now|up to now|used to|at the moment|these days|nowadays|previously|"
    r"my (?:boss|colleague|manager|lead))\b",
    re.I,
)


# "Since the Kafka migration we read …" tells when, and asks for no migration.
SINCE = re.compile(
    r"\b(?:since|after|because of|due to|as part of|following|thanks to|in the course of) (?:the|our|a|an|last) ((?:[\w-]+ ){0,3}?)"
    r"(?:migrations?|move|outage|incident|audit|rewrite|merger|upgrade|switch|reorgani[sz]ation|relaunch|launch)\b,?",
    re.I,
)


def without_background(text: str) -> str:
    """The sentences that say what is wanted, without those that tell how it came about; "" when none tells that."""
    whole = text
    text = SINCE.sub(r" \1", text)
    parts = re.split(r"(?<=[.!?])\s+", text)
    wanted = [part for part in parts if not BACKGROUND.search(part) or re.search(r"\w[_/]\w", part)]
    return " ".join(wanted) if wanted and (len(wanted) < len(parts) or text != whole) else ""


def first_beside(text: str) -> str:
    """The request with only the first of several wishes that stand beside deployments; "" with fewer than two."""
    said = [name for m in mentions(masked(text)) for name in sorted(closure([m.notion]) & BESIDE)]
    others = frozenset(said) - frozenset(said[:1])
    return without(text, others) if others else ""


def without(text: str, beside: frozenset[str]) -> str:
    """The request without the words of wishes that are met beside the template."""
    for mention in reversed(mentions(masked(text))):
        if closure([mention.notion]) & beside:
            text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text


def apart_from_beside(
    text: str, result: searching.Result, catalogue: Sequence[CatalogueEntry], given: set[str]
) -> searching.Result:
    """The search again without scans, tests and messages; where nothing else is wished, with the first of these."""
    rest = without(text, BESIDE)
    others = searching.search(
        rest, [e for e in catalogue if not e.notions & BESIDE or e.type != "Stage"], given=given
    )
    result = others if others.best else result
    if result.none_fits and result.request.binding <= BESIDE and (leading := first_beside(text)):
        return searching.search(leading, catalogue, given=given, types=("Stage", "StepGroup"))
    return result
