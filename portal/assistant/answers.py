"""The forms a model's answer must have; each is checked again by the portal before anybody sees it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from governance.authoring.fields import KINDS
from governance.authoring.rule import Rule


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Example(Answer):
    """A document and what the Rego must say of it."""

    name: str = Field(max_length=200)
    document: str = Field(max_length=50_000, description="the whole input document, as JSON")
    expect: Literal["deny", "allow"]


class PolicyAnswer(Answer):
    """Exactly one of rule, rego and question. Rego comes with examples, one denied and one allowed at least."""

    rule: Rule | None = None
    rego: str = Field(default="", max_length=100_000)
    entity: str = Field(default="pipeline", description="with rego: the kind of thing it decides")
    examples: list[Example] = Field(default_factory=list, max_length=20, description="with rego")
    question: str = Field(default="", max_length=2_000)

    @model_validator(mode="after")
    def one_of_three(self) -> PolicyAnswer:
        if sum((self.rule is not None, bool(self.rego), bool(self.question))) != 1:
            raise ValueError("give exactly one of rule, rego and question")
        if self.rego and {e.expect for e in self.examples} != {"deny", "allow"}:
            raise ValueError(
                "rego needs examples: at least one document that it denies and one that it allows"
            )
        if self.rego and self.entity not in KINDS:
            raise ValueError(f"entity must be one of {', '.join(KINDS)}")
        return self


class PipelineAnswer(Answer):
    document: str = Field(default="", max_length=500_000, description="the pipeline as YAML")
    missing: list[str] = Field(default_factory=list, max_length=50)
    none_fits: bool = False
    question: str = Field(default="", max_length=2_000)
    sentence: str = Field(default="", max_length=1_000, description="what was built and why this template")


class FixAnswer(Answer):
    document: str = Field(default="", max_length=500_000, description="the whole repaired document")
    sentence: str = Field(default="", max_length=1_000)
    question: str = Field(default="", max_length=2_000)
