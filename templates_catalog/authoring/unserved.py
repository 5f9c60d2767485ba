"""What a request wants and the chosen template has no place for: it is told, so that nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from templates_catalog import search as searching
from templates_catalog.authoring import names, values
from templates_catalog.authoring.choosing import BESIDE, other_names
from templates_catalog.authoring.forms import RUNTIMES
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
    said = {mention.notion for mention in mentions(masked(text))}
    told += [
        f"{searching.spoken(notion)} is not part of {entry.identifier}, and nothing can be added to a pipeline that is one "
        f"template; ask its owner, or build it of stages"
        for notion in sorted(said & BESIDE - entry.notions)
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
