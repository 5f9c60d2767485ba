"""pydantic's complaints in the words of this product: what, where, and how to put it right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from templates_catalog.documents import paths
from templates_catalog.documents.problems import Problem
from templates_catalog.documents.step_types import near

WANTED = {
    "string_type": "text", "bool_type": "true or false", "int_type": "a whole number", "float_type": "a number",
    "list_type": "a list", "dict_type": "a mapping (key: value)", "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
}  # fmt: skip
EXAMPLES = {
    "identifier": "identifier: build_and_test", "name": "name: Build and test", "type": "type: …",
    "errors": "errors: [AllErrors]", "action": "action: {type: MarkAsFailure}",
}  # fmt: skip


def told(error: ValidationError, path: str, subject: str = "") -> Iterator[Problem]:
    """One problem per place. `subject` names the thing at `path`, for sentences about what it lacks."""
    seen: set[tuple[str, str]] = set()
    for found in error.errors(include_url=False):
        at = place(path, found["loc"])
        if found["type"] == "missing":
            holder, lacking = paths.parent(at), str(found["loc"][-1])
            message = f"{named(subject, path, holder)} needs {lacking}; add it{example(lacking)}"
            at = holder
        else:
            message = sentence(found)
        if (message, at) not in seen:
            seen.add((message, at))
            yield Problem(message, at)


def place(path: str, loc: tuple[Any, ...]) -> str:
    """The path of an error: union branches and function names that pydantic puts into `loc` are left out."""
    for part in loc:
        if isinstance(part, int) or not re.search(
            r"[\[\]()<>]|^(?:str|int|float|bool|function-.*|dict|list)$", part
        ):
            path = paths.join(path, part)
    return path


def named(subject: str, path: str, holder: str) -> str:
    if subject and holder == path:
        return subject
    last = paths.to_parts(holder)[-1:] or ("the document",)
    if isinstance(last[0], int):
        last = (*[part for part in paths.to_parts(holder) if isinstance(part, str)][-1:],)
        return f"an entry of {last[0]}" if last else "the entry"
    return str(last[0])


def example(key: str) -> str:
    return f", for example `{EXAMPLES[key]}`" if key in EXAMPLES else ""


def sentence(found: Any) -> str:
    kind, value = found["type"], found.get("input")
    if kind == "value_error":
        return str(found["ctx"]["error"])
    if kind in WANTED:
        return f"must be {WANTED[kind]}, not {described(value)}{quoting(kind, value)}"
    if kind == "literal_error":
        expected = found["ctx"]["expected"].replace(" or ", ", ")
        return f"{described(value)} is not one of {expected}{meant_of(value, expected)}"
    if kind == "too_short":
        return "must not be empty; add at least one entry"
    return str(found["msg"])


def meant_of(value: Any, expected: str) -> str:
    names = (
        near(str(value), tuple(re.findall(r"'([^']*)'", expected)), limit=1) if isinstance(value, str) else []
    )
    return f"; did you mean {names[0]!r}?" if names else ""


def described(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return f"{str(value).lower()} (true or false)"
    return f"the number {value}" if isinstance(value, int | float) else repr(value[:60])


def quoting(kind: str, value: Any) -> str:
    """How to make text of what YAML reads as a number or a boolean, and the other way round."""
    if kind == "string_type" and isinstance(value, bool | int | float):
        return "; put it in quotes"
    if kind != "string_type" and isinstance(value, str) and re.fullmatch(r"[-\d.]+|true|false", value):
        return "; remove the quotes"
    return ""
