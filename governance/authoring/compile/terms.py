"""Pieces of Rego text: names, literals, paths and places."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from governance.authoring.compile.library import library_blocks
from governance.authoring.fields.model import words_of

KEYWORDS = frozenset(
    words_of(
        """
        as contains data default else every false if import in input lib msg not null package set
    some true violation violations deny with now abs all any array base64 ceil concat count
    floor format_int glob graph hex indexof io is_array is_boolean is_null is_number is_object
    is_string json lower max min numbers object product regex replace round semver sort split
    sprintf startswith endswith strings substring sum time to_number trim type_name units upper
    urlquery uuid walk
        """
    )
)
WORD = re.compile(r"^[a-zA-Z_][a-zA-Z0-9_]*$")


def safe_name(name: str) -> str:
    """The name as a Rego variable that shadows nothing."""
    taken = name in KEYWORDS or name in library_blocks() or name.endswith(("_place", "_key"))
    return f"{name}_item" if taken else name


def literal(value: Any) -> str:
    """A value as Rego writes it."""
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else _decimal(value)
    if isinstance(value, tuple | list):
        return f"[{', '.join(literal(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)


def _decimal(value: Fraction) -> str:
    return repr(float(value))


def raw(pattern: str) -> str:
    """A regular expression as a raw string where that is possible."""
    return literal(pattern) if "`" in pattern or "\n" in pattern else f"`{pattern}`"


def set_of(terms: list[str]) -> str:
    """A set of terms, in their order, each once."""
    return "{" + ", ".join(dict.fromkeys(terms)) + "}" if terms else "set()"


def dotted(node: str, path: tuple[str, ...]) -> str:
    """A reference such as step.spec["cost-center"]; undefined where something is missing."""
    steps = (f".{p}" if WORD.match(p) and p not in KEYWORDS else f"[{literal(p)}]" for p in path)
    return node + "".join(steps)


@dataclass(frozen=True)
class PlaceTerm:
    """A place as Rego: a base array, if any, and further keys (terms)."""

    base: str = ""
    keys: tuple[str, ...] = ()

    def plus(self, *keys: str) -> PlaceTerm:
        return PlaceTerm(self.base, self.keys + keys)

    def render(self, root: tuple[str, ...] = ()) -> str:
        """One array term, with the root keys in front."""
        front = [literal(key) for key in root]
        if not self.base:
            return f"[{', '.join([*front, *self.keys])}]"
        inner = f"array.concat({self.base}, [{', '.join(self.keys)}])" if self.keys else self.base
        return f"array.concat([{', '.join(front)}], {inner})" if front else inner


@dataclass
class Variable:
    """A bound name in one body: its variable, place and key, and its stage once it was needed."""

    name: str
    place: PlaceTerm
    key: str
    stage: str = ""
    extra: dict[str, str] = field(default_factory=dict)
