"""What a request wants and the chosen template has no place for: it is told, so that nothing is dropped in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from templates_catalog import search as searching
from templates_catalog.authoring import names, values
from templates_catalog.authoring.choosing import other_names
from templates_catalog.authoring.foreground import BESIDE
from templates_catalog.authoring.forms import RUNTIMES
from templates_catalog.authoring.words import NUMBERS
from templates_catalog.inputs import Input
from templates_catalog.search import CatalogueEntry
from templates_catalog.vocabulary import BY_NAME, masked, mentions


def kept_all_the_same(entry: CatalogueEntry, denied: Sequence[str]) -> list[str]:
    """What the person does not want and the template has: its stages are its owner's."""
    return [
        f"{searching.spoken(notion)} is part of {entry.identifier} and stays; its stages belong to its owner"
        for notion in denied
        if notion in entry.notions and BY_NAME[notion].dimension in ("shape", "strategy", "tool")
    ]


def remarks(text: str, entry: CatalogueEntry, catalogue: Sequence[CatalogueEntry], facts: Any) -> list[str]:
    """Wishes a pipeline template cannot take up, because its stages are its owner's."""
    told = []
    groups = {identifier for _, _, identifier in names.find(text, facts.groups)}
    approving = names.approving(text, list(facts.groups)).group
    if "approver_group" not in entry.inputs and approving:
        told.append(
            f"{entry.identifier} has no input for who approves; its own approval, if it has one, applies"
        )
    elif approving and len(groups) > 1:
        others = ", ".join(sorted(groups - {approving}))
        told.append(f"{entry.identifier} takes one group that approves, {approving}; {others} is not asked")
    told += [
        f"“{hit[0]}” is not for {entry.identifier} to decide; it has no input for that"
        for hit in WISH.finditer(text)
        if not re.search(r"cron|schedule", " ".join(entry.inputs))
        or hit[2].lower().startswith(("approv", "review", "retr"))
    ]
    said = {mention.notion for mention in mentions(masked(text))}
    told += [
        f"{searching.spoken(notion)} is not part of {entry.identifier}, and nothing can be added to a pipeline that is one "
        f"template; ask its owner, or build it of stages"
        for notion in sorted(said & BESIDE - entry.notions)
    ]
    told += [
        f"{entry.identifier} does not say that it is for {searching.spoken(notion)}"
        for notion in sorted(said - entry.notions)
        if BY_NAME[notion].dimension == "protocol" and notion != "rest"
    ]
    return told + placeless(text, entry, catalogue, facts)


# What people say of any pipeline, whether a template asks for it or not.
USUAL_INPUTS = {
    **{name: Input(name, "Number") for name in ("replicas", "memory_mb", "canary_percent")},
    **{
        name: Input(name)
        for name in ("schedule", "region", "namespace", "topic", "bucket", "build_tool", "workspace")
    },
    **{f"{runtime}_version": Input(f"{runtime}_version") for runtime in RUNTIMES},
}


def placeless(text: str, entry: CatalogueEntry, catalogue: Sequence[CatalogueEntry], facts: Any) -> list[str]:
    """Values that are said for an input that this template does not have: they are not used, and that is told."""
    others = {name: wanted for name, wanted in USUAL_INPUTS.items() if name not in entry.inputs}
    found = values.read(text, others, facts.groups, other_names(catalogue, facts), eliminate=False)
    own = values.read(text, entry.inputs, facts.groups, other_names(catalogue, facts))
    taken = {str(value) for value in own.given.values()} | {str(value) for value, _ in own.invalid.values()}
    return [
        f"{entry.identifier} has no input for {name}; {value} is not used"
        for name, value in found.given.items()
        if str(value) not in taken
    ]


OPPOSITE = re.compile(r"\b(destroy|tear ?down|delete|decommission|roll ?back|undo|uninstall)\b", re.I)


def the_opposite(text: str, entry: CatalogueEntry) -> list[str]:
    """What the person wants undone; templates put things in place."""
    said = OPPOSITE.search(text)
    if not said or said[1].lower() in f"{entry.name} {entry.description}".lower():
        return []
    return [f"“{said[1]}” is not what {entry.identifier} is for; it builds, applies or deploys"]


WISH = re.compile(
    rf"\b(\d+|{NUMBERS}) ?(approvers?|approvals|reviewers|retries|times|minutes?|hours?|days?|secs?|seconds?)\b",
    re.I,
)
CHANNEL = re.compile(r"(?<![\w&/#])#[a-z][a-z0-9_-]+")


def without_a_place(
    text: str, used: Sequence[Any], catalogue: Sequence[CatalogueEntry], facts: Any
) -> list[str]:
    """Own names of the request that stand nowhere in the draft, as one remark; none when all have a place."""
    held = {str(value).lower() for value in used}
    held |= {re.sub(r"^(?:account|org)\.", "", value) for value in held}
    known = {name.lower() for name in other_names(catalogue, facts)}
    left = [
        identifier
        for _, _, identifier in names.find(text, facts.groups)
        if not any(identifier in value for value in held)
    ]
    for start, end, _ in names.find(text, [*facts.groups, *facts.environments]):
        text = text[:start] + " " * (end - start) + text[end:]
    # Ordinary words have hyphens, and versions have points.
    own = [word for word in values.own_names(text) if re.search(r"[_/@]", word) and not word.isupper()]
    said = [*own, *CHANNEL.findall(text)]
    left += [word for word in dict.fromkeys(said) if not has_place(word.lower().rstrip("="), held, known)]
    left += [figure for figure in dict.fromkeys(FIGURE.findall(text)) if not is_used(figure, held, used)]
    left = list(dict.fromkeys(left))
    return [f"I found no place for {', '.join(left)}; it is not used"] if left else []


# A number behind a word, as in "nod 20"; what counts something is told elsewhere.
FIGURE = re.compile(r"(?:(?<=[a-z] )|(?<=, ))(\d+(?:\.\d+)?)(?=\s*(?:[,;.]?$|[,;.]\s))", re.M)


def is_used(figure: str, held: set[str], used: Sequence[Any]) -> bool:
    """Whether a number is a value, or a part of one or of a remark on how one was read."""
    return figure in held or any(
        re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d])", str(value)) for value in used
    )


def has_place(word: str, held: set[str], known: set[str]) -> bool:
    bare = re.sub(r"^(?:account|org)\.", "", word).split("@")[0] or word
    if word in held or bare in held or bare in known or not re.search(r"[a-z]", word):
        return True
    # A part of a value that was used (`image=shop/cart`, `cart:1.2`), or a label made of it.
    return any(value and (value in word or word in value) for value in held if len(value) > 2)
