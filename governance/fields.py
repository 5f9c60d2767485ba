"""Read `Change.fields` into a typed value; everything unknown or ill-typed is named in one Invalid."""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from governance.errors import Invalid, Problem
from governance.kinds import Change

IDENTIFIER = r"^[a-zA-Z_][0-9a-zA-Z_]{0,127}$"


class Fields(BaseModel):
    """Base of the typed fields of a kind: no unknown keys, no coercion of strings to numbers."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class VerbatimFields(Fields):
    """Fields with documents or rules inside: a blank in there means something."""

    model_config = ConfigDict(str_strip_whitespace=False)


T = TypeVar("T", bound=Fields)


def read(model: type[T], change: Change) -> T:
    """The fields of a change as `model`. Raises Invalid with every problem, each under its field."""
    try:
        return model.model_validate(dict(change.fields))
    except ValidationError as error:
        raise Invalid(
            [Problem(_sentence(e, model), path=".".join(map(str, e["loc"]))) for e in error.errors()]
        ) from error


def refuse_bad_name(identifier: str) -> None:
    """A role or group needs an identifier, and not the one under which its page makes another. Raises Invalid."""
    if not re.match(IDENTIFIER, identifier):
        raise Invalid([f"identifier {identifier!r}: letters, digits and _, not starting with a digit"])
    if identifier == "new":
        raise Invalid(["identifier 'new' is taken by the page that makes one"])


def _sentence(error: object, model: type[Fields]) -> str:
    found: dict[str, object] = error  # type: ignore[assignment]
    if found["type"] == "extra_forbidden":
        return f"unknown field; known: {', '.join(sorted(model.model_fields))}"
    return str(found["msg"])
