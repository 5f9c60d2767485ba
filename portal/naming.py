"""Names made from sentences: whole words, and never longer than they may be."""

from __future__ import annotations

import re
from collections.abc import Collection

LONGEST_IDENTIFIER, LONGEST_TITLE = 60, 80
SMALL_WORDS = frozenset(
    "a an the that this of for to in on by with and or must should may not be is are any every each create policy"
    " which has have been hasn haven t s please we our all no".split()
)


def identifier_for(text: str) -> str:
    """Of a request: its first words that say something."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return identifier_of("_".join([w for w in words if w not in SMALL_WORDS][:5]), "policy")


def identifier_of(name: str, otherwise: str) -> str:
    """Of a name somebody typed; `otherwise` where it has no letter to keep."""
    found = whole(re.sub(r"\W+", "_", name.lower()).strip("_"), LONGEST_IDENTIFIER, "_") or otherwise
    return f"p_{found}" if found[0].isdigit() else found


def free(name: str, taken: Collection[str]) -> str:
    """The name, or the first of name_2, name_3, … that nobody has."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def title_for(text: str) -> str:
    sentence = re.sub(r"[^\w\s.-]", " ", text)
    return whole(" ".join(sentence.split()), LONGEST_TITLE) or "Policy"


def whole(text: str, most: int, between: str = " ") -> str:
    """As many whole words as there is room for; a single word that is longer is cut."""
    if len(text) <= most:
        return text
    kept, cut, _ = text[: most + 1].rpartition(between)
    return kept.rstrip(between) if cut and kept else text[:most]
