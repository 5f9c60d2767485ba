"""The expressions a run can work out: variables, names and step outputs. One pass, text for text.

What is not listed here is refused before a run starts, by name; nothing is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

EXPRESSION = re.compile(r"<\+\s*([^<>]*?)\s*>")
NAME = r"[A-Za-z_][A-Za-z0-9_.$-]*"
PIPELINE_VARIABLE = re.compile(rf"pipeline\.variables\.({NAME})")
STAGE_VARIABLE = re.compile(rf"(?:stage|pipeline\.stages\.(\w+))\.variables\.({NAME})")
OUTPUT = re.compile(
    r"(?:(?:stage\.|pipeline\.stages\.(?P<stage>\w+)\.)?(?:spec\.)?execution\.)?"
    rf"steps\.(?:\w+\.steps\.)*(?P<step>\w+)\.output\.outputVariables\.(?P<name>{NAME})"
)
FACTS = frozenset(
    {
        "pipeline.identifier", "pipeline.name", "pipeline.sequenceId", "pipeline.executionId",
        "pipeline.triggeredBy.name", "stage.identifier", "stage.name", "stage.type", "step.identifier",
        "step.name", "service.identifier", "env.identifier", "env.name", "env.type",
        "codebase.commitSha", "codebase.branch",
    }
)  # fmt: skip


class Unresolved(ValueError):
    """An expression that has no value here. The message names it."""


@dataclass(frozen=True, slots=True)
class Values:
    """What expressions may refer to from one place.

    variables  of the pipeline; stages: stage identifier → its variables; stage: where we are
    outputs    (stage identifier, step identifier) → name → text
    """

    stage: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    stages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    outputs: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, value: Any) -> Any:
        """The value with every expression replaced. Raises Unresolved."""
        if isinstance(value, str):
            return EXPRESSION.sub(lambda found: self.one(found[1]), value)
        if isinstance(value, Mapping):
            return {key: self.resolve(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.resolve(inner) for inner in value]
        return value

    def one(self, expression: str) -> str:
        """The value of what stands between `<+` and `>`. Raises Unresolved."""
        if expression in self.facts:
            return self.facts[expression]
        if found := PIPELINE_VARIABLE.fullmatch(expression):
            return self._variable(expression, self.variables, found[1])
        if found := STAGE_VARIABLE.fullmatch(expression):
            return self._variable(expression, self.stages.get(found[1] or self.stage, {}), found[2])
        if found := OUTPUT.fullmatch(expression):
            return self._output(expression, found["stage"] or self.stage, found["step"], found["name"])
        raise Unresolved(f"the expression <+{expression}> has no value here")

    def _variable(self, expression: str, known: Mapping[str, Any], name: str) -> str:
        if name not in known or known[name] is None:
            raise Unresolved(f"<+{expression}>: there is no variable {name!r} with a value")
        value = known[name]
        if isinstance(value, bool):
            return "true" if value else "false"
        text = str(value)
        if "<+" not in text:
            return text
        # A variable may be made from others; those must be plain, so this ends after one more pass.
        rest = Values(self.stage, _plain(self.variables), {}, self.outputs, self.facts)
        return str(rest.resolve(text))

    def _output(self, expression: str, stage: str, step: str, name: str) -> str:
        outputs = self.outputs.get((stage, step), {})
        if name not in outputs:
            raise Unresolved(f"<+{expression}>: step {step!r} has handed on no {name!r}")
        return outputs[name]


def _plain(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in variables.items() if "<+" not in str(value)}


def in_text(text: str) -> Iterator[str]:
    """Every expression of a text, without its brackets; nested ones come with them and are unknown."""
    for found in EXPRESSION.finditer(text):
        yield found[1]
    if "<+" in EXPRESSION.sub("", text):
        yield text[text.index("<+") + 2 :][:80]


def is_known(expression: str) -> bool:
    """Whether this form can be worked out at all."""
    return expression in FACTS or any(
        form.fullmatch(expression) for form in (PIPELINE_VARIABLE, STAGE_VARIABLE, OUTPUT)
    )
