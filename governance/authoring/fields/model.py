"""The shape of the field catalogue: what each kind of entity holds and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from governance.authoring.rule import Items, Measure, Named, Path

FieldType = Literal[
    "text", "number", "flag", "list", "map", "duration", "quantity", "version", "instant",
    "reference", "licence", "any",
]  # fmt: skip
MEASURES: dict[str, Measure] = {
    "number": "number", "duration": "duration", "quantity": "quantity", "version": "version",
    "instant": "instant", "reference": "reference", "licence": "licence",
}  # fmt: skip


@dataclass(frozen=True)
class FieldSpec:
    """One field of an element: its path below the element, its type and its words.

    `values` lists all values it can take, empty when it is open. `of_types` limits it to
    elements whose `type` is one of these (a step's `spec` differs by step type).
    """

    path: str
    type: FieldType = "text"
    label: str = ""
    values: tuple[str, ...] = ()
    of_types: tuple[str, ...] = ()

    @cached_property
    def parts(self) -> Path:
        return tuple(self.path.split(".")) if self.path else ()

    @property
    def measure(self) -> Measure:
        """The measure a test on this field uses."""
        return MEASURES.get(self.type, "plain")


@dataclass(frozen=True)
class CollectionSpec:
    """Elements that can be counted off.

    With a `path` it is the list or map there (`[]` flattens), without one it is computed from
    the whole document. `element` is the name to bind, `scalar` says the elements have no fields.
    """

    name: str
    label: str
    element: str
    fields: tuple[FieldSpec, ...] = ()
    path: str | None = None
    of: str = "document"
    scalar: bool = False
    by_key: bool = False  # a map: `@key` is a meaningful name

    def collection(self, of: str | None = None, within: str | None = None) -> Items | Named:
        """The collection as a part of a rule; `of` names the bound owner of a nested list."""
        if self.path is None:
            return Named(name=self.name, within=within)
        return Items(of=of or self.of, path=tuple(p for p in self.path.split(".") if p))


@dataclass(frozen=True)
class EntityKind:
    """One kind of entity: where it sits in the input, its events, fields and collections."""

    name: str
    label: str
    package: str
    root: Path
    events: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    collections: tuple[CollectionSpec, ...] = ()
    array: bool = False  # the input itself is a list
    metadata: bool = True  # `input.metadata` is there
    described: bool = True  # its fields are known, so that another one is a mistake

    def collection(self, name: str) -> CollectionSpec:
        """The collection with this name; KeyError naming the known ones."""
        for spec in self.collections:
            if spec.name == name:
                return spec
        known = ", ".join(spec.name for spec in self.collections)
        raise KeyError(f"{self.name} has no collection '{name}'; it has: {known}")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, for lists that read better without quotes."""
    return tuple(text.split())


def specs(text: str) -> tuple[FieldSpec, ...]:
    """Field specs from lines `path:type = label [value|value] (Type, Type)`.

    One line per field keeps the catalogue readable; the default type is text. A line that ends
    with `|` goes on in the next one.
    """
    joined = re.sub(r"\|\s*\n\s*", "|", text.strip())
    return tuple(_spec(line) for raw in joined.splitlines() if (line := raw.strip()))


def _spec(line: str) -> FieldSpec:
    rest, _, of_types = line.partition(" @")
    rest, _, values = rest.partition(" [")
    head, _, label = rest.partition(" = ")
    path, _, kind = head.strip().partition(":")
    return FieldSpec(
        path=path,
        type=kind.strip() or "text",  # type: ignore[arg-type]
        label=label.strip() or path.rpartition(".")[2],
        values=tuple(v for v in values.rstrip("] ").split("|") if v),
        of_types=tuple(of_types.split()),
    )
