"""The inputs of a template: what each asks for, whether a value fits, and what `<+input>` modifiers say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from templates_catalog.documents.fields import is_expression, is_runtime_input

MODIFIER = re.compile(r"\.(default|allowedValues|selectOneFrom|selectManyFrom|regex|executionInput)\(")
LONGEST_PATTERN = 200
LONGEST_MATCHED = 400
LONGEST_VALUE = 4_096
NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)\Z")


@dataclass(frozen=True)
class Input:
    """One typed input. `default` None means there is none; `allowed` () means anything of the type."""

    name: str
    type: str = "String"
    required: bool = False
    default: Any = None
    allowed: tuple[Any, ...] = ()
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    description: str = ""

    def objection(self, value: Any) -> str:
        """Why `value` does not fit, as the end of a sentence, or "" when it fits. Expressions always fit."""
        if is_expression(value):
            return ""
        if len(str(value)) > LONGEST_VALUE:
            return f"is longer than {LONGEST_VALUE:,} characters"
        if self.type == "Number" and not is_number(value):
            return "is not a number"
        if self.type == "String" and isinstance(value, dict | list):
            return "must be one value"
        if self.allowed and str(value) not in [str(choice) for choice in self.allowed]:
            return f"is not allowed; choose one of {', '.join(map(str, self.allowed))}"
        return self.outside(value) or self.off_pattern(value)

    def outside(self, value: Any) -> str:
        if not is_number(value):
            return ""
        if self.minimum is not None and float(value) < self.minimum:
            return f"is too small; the smallest is {self.minimum:g}"
        if self.maximum is not None and float(value) > self.maximum:
            return f"is too large; the largest is {self.maximum:g}"
        return ""

    def off_pattern(self, value: Any) -> str:
        if not self.pattern:
            return ""
        text = str(value)
        if len(text) > LONGEST_MATCHED or len(self.pattern) > LONGEST_PATTERN or is_slow(self.pattern):
            return "cannot be checked against the pattern; ask the template's owner for a simpler pattern"
        try:
            return "" if re.search(self.pattern, text) else f"does not match the pattern {self.pattern}"
        except re.error:
            return f"cannot be checked: the template's pattern {self.pattern} is not valid"


def is_slow(pattern: str) -> bool:
    """Whether the pattern repeats a group that repeats inside, which can take forever on a hostile text."""
    return bool(re.search(r"\([^()]*[+*}][^()]*\)\s*[+*{]", pattern)) or pattern.count("(") > 20


def is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (isinstance(value, str) and bool(NUMBER.match(value)))


def typed(declared: Iterable[Any] | None) -> dict[str, Input]:
    """The inputs a template declares under `variables`, by name."""
    found: dict[str, Input] = {}
    for row in declared or []:
        if isinstance(row, Mapping) and isinstance(row.get("name"), str):
            found[row["name"]] = one(row)
    return found


def one(row: Mapping[str, Any]) -> Input:
    modifiers = modifiers_of(row.get("value"))
    default = row.get("default", modifiers.get("default"))
    fixed = row.get("value")
    if default is None and fixed is not None and not is_runtime_input(fixed):
        default = fixed
    return Input(
        name=row["name"],
        type=str(row.get("type", "String")),
        required=bool(row.get("required", is_runtime_input(fixed) and default is None)),
        default=default,
        allowed=tuple(row.get("allowedValues") or modifiers.get("allowed") or ()),
        pattern=str(row.get("regex") or modifiers.get("regex") or ""),
        minimum=row.get("minimum"),
        maximum=row.get("maximum"),
        description=str(row.get("description") or ""),
    )


def modifiers_of(value: Any) -> dict[str, Any]:
    """What `.default(x).allowedValues(a,b).regex(r)` behind `<+input>` says: default, allowed, many,
    regex."""
    if not is_runtime_input(value):
        return {}
    found: dict[str, Any] = {}
    for start in MODIFIER.finditer(value):
        inner = balanced(value, start.end())
        if start[1] in ("allowedValues", "selectOneFrom", "selectManyFrom"):
            found["allowed"] = tuple(part.strip() for part in inner.split(",") if part.strip())
            found["many"] = start[1] == "selectManyFrom"
        elif start[1] != "executionInput":
            found[start[1]] = inner.strip()
    return found


def balanced(text: str, start: int) -> str:
    """The text from `start` to the bracket that closes the one before it."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return text[start:at]
    return text[start:]


def from_runtime_input(name: str, value: str) -> Input:
    """The input that a `<+input>…` in a template's content stands for."""
    modifiers = modifiers_of(value)
    allowed = () if modifiers.get("many") else modifiers.get("allowed", ())
    return Input(
        name=name,
        type="Any",
        default=modifiers.get("default"),
        allowed=allowed,
        pattern=modifiers.get("regex", ""),
    )
