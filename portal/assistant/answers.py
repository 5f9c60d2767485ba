"""The forms a model's answer must have; each is checked again by the portal before anybody sees it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

from governance.authoring.rule import Rule


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PolicyAnswer(Answer):
    """Exactly one of rule, rego and question."""

    rule: Rule | None = None
    rego: str = Field(default="", max_length=100_000)
    question: str = Field(default="", max_length=2_000)

    @model_validator(mode="after")
    def one_of_three(self) -> PolicyAnswer:
        if sum((self.rule is not None, bool(self.rego), bool(self.question))) != 1:
            raise ValueError("give exactly one of rule, rego and question")
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
