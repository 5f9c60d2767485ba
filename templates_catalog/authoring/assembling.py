"""A pipeline while it is put together: its entries, the inputs they were given, and what is still open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from templates_catalog.authoring import pieces, values
from templates_catalog.search import CatalogueEntry


@dataclass
class Draft:
    """What is being put together."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    invalid: dict[str, tuple[Any, str]] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    identifiers: set[str] = field(default_factory=set)
    starts: list[tuple[int, int]] = field(default_factory=list)
    wanted: dict[str, Any] = field(default_factory=dict)
    undone: bool = False

    def unique(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self.identifiers:
            name, number = f"{wanted}_{number}", number + 1
        self.identifiers.add(name)
        return name

    def place(self, together: list[tuple[int, dict[str, Any]]]) -> None:
        """Put deployments in, side by side when there are several; where each stands in the request is kept."""
        if together:
            members = [stage for _, stage in together]
            self.starts += [(start, len(self.entries)) for start, _ in together]
            self.entries.append({"parallel": members} if len(members) > 1 else members[0])
            together.clear()

    def put(self, at: int, entry: dict[str, Any]) -> None:
        """Put an entry at a place; what stands behind moves on."""
        self.entries.insert(at, entry)
        self.starts = [(start, index + (index >= at)) for start, index in self.starts]

    def miss(self, name: str) -> None:
        if name not in self.missing:
            self.missing.append(name)


def linked(entry: CatalogueEntry, identifier: str, label: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "name": pieces.name_of(label.replace("_", " ").capitalize()),
        "template": pieces.template_link(entry.ref or entry.identifier, entry.version, rows),
    }


def filled(
    entry: CatalogueEntry, given: dict[str, Any], read: values.Values, draft: Draft
) -> list[dict[str, Any]]:
    """The rows of templateInputs; what is required and not given is left open and noted."""
    rows = []
    draft.wanted |= entry.inputs
    for wanted in entry.inputs.values():
        if wanted.name in given and wanted.objection(given[wanted.name]):
            read.invalid[wanted.name] = (
                given.pop(wanted.name),
                wanted.objection(given.get(wanted.name, "")) or "does not fit",
            )
        if wanted.name in given:
            rows.append(pieces.input_row(wanted.name, wanted.type, given[wanted.name]))
        elif wanted.required and (wanted.default is None or wanted.name in read.invalid):
            rows.append(pieces.input_row(wanted.name, wanted.type, pieces.OPEN_INPUT))
            if wanted.name not in read.invalid:
                draft.miss(wanted.name)
    draft.invalid |= read.invalid
    return rows
