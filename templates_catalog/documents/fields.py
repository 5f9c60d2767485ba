"""The words documents are made of: identifiers, names, durations, references, and "this type or an
expression"."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StrictBool, StrictFloat, StrictInt, StrictStr
from pydantic_core import core_schema

IDENTIFIER = r"^[a-zA-Z_][0-9a-zA-Z_]{0,127}$"
NAME = r"^[a-zA-Z_0-9\-.][-0-9a-zA-Z_\s.]{0,127}$"
VERSION_LABEL = r"^[0-9a-zA-Z][^\s/&]{0,127}$"
VARIABLE_NAME = r"^[a-zA-Z_][0-9a-zA-Z_.$-]{0,127}$"
SCOPED_REF = r"^(?:account\.|org\.)?[a-zA-Z_][0-9a-zA-Z_]{0,127}$"
# The published pattern makes 10s the smallest plain number of seconds.
DURATION = r"^(?:\d+[wdhm]\s*)+(?:\d+s)?$|^(?:[1-9]\d+)s$"
EXPRESSION = re.compile(r"<\+.+>", re.DOTALL)
RUNTIME_INPUT = re.compile(r"\A<\+input>")


def is_expression(value: Any) -> bool:
    """Whether the value is text with an expression or a runtime input, so that its type is known
    only later."""
    return isinstance(value, str) and bool(EXPRESSION.search(value))


def is_runtime_input(value: Any) -> bool:
    """Whether the value is asked for when the pipeline is run."""
    return isinstance(value, str) and bool(RUNTIME_INPUT.match(value))


class OrExpression:
    """Marks a field that takes its type, or text with an expression."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        def check(value: Any, inner: Any) -> Any:
            return value if is_expression(value) else inner(value)

        return core_schema.no_info_wrap_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        inner = handler(schema["schema"])
        return {"anyOf": [inner, {"type": "string", "pattern": r"<\+.+>"}]}


def matching(pattern: str, meaning: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.match(value):
            raise ValueError(f"{value[:60]!r} is not {meaning}")
        return value

    return AfterValidator(check)


Text = Annotated[StrictStr, OrExpression()]
Flag = Annotated[StrictBool, OrExpression()]
Whole = Annotated[StrictInt, OrExpression()]
Number = Annotated[StrictInt | StrictFloat, OrExpression()]
Scalar = StrictStr | StrictInt | StrictFloat | StrictBool
Identifier = Annotated[
    StrictStr,
    matching(
        IDENTIFIER,
        "an identifier: letters, digits and _ only, not starting with a digit, at most 128 characters",
    ),
]
Name = Annotated[
    StrictStr,
    matching(NAME, "a name: letters, digits, spaces and _ - . only, at most 128 characters"),
    OrExpression(),
]
VersionLabel = Annotated[
    StrictStr,
    matching(VERSION_LABEL, "a version label: no spaces, / or &, starting with a letter or digit"),
]
VariableName = Annotated[
    StrictStr, matching(VARIABLE_NAME, "a variable name: letters, digits, _ . $ -, not starting with a digit")
]
Ref = Annotated[
    StrictStr,
    matching(SCOPED_REF, "a reference: an identifier, or one after account. or org."),
    OrExpression(),
]
Duration = Annotated[
    StrictStr,
    matching(rf"(?:{DURATION})|^$", "a duration such as 10m, 1h 30m or 30s (10s is the shortest)"),
    OrExpression(),
]
Tags = Annotated[dict[str, StrictStr], OrExpression()]
Open = Annotated[dict[str, Any], OrExpression()]
Texts = Annotated[list[Text], OrExpression()]
Refs = Annotated[list[Ref], OrExpression()]


class Part(BaseModel):
    """A part of a document. Keys we do not know are kept: models.py warns when one looks mistyped."""

    model_config = ConfigDict(extra="allow", strict=False)


class Choice(Part):
    """An entry that is exactly one of its fields."""

    @classmethod
    def choices(cls) -> list[str]:
        return [field.alias or name for name, field in cls.model_fields.items()]
