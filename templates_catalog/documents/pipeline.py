"""Pipelines: stages, steps, step groups, parallel blocks and insert points, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from templates_catalog.documents.fields import (
    Choice,
    Duration,
    Flag,
    Identifier,
    Name,
    Open,
    OrExpression,
    Part,
    Ref,
    Tags,
    Text,
    Texts,
)  # fmt: skip
from templates_catalog.documents.pieces import Common, Enforce, StageWhen, StepWhen, TemplateLink, Variable

STAGE = Literal[
    "CI", "Deployment", "Approval", "Custom", "SecurityTests", "Security", "Pipeline", "FeatureFlag", "IACM", "IDP",
    "Dynamic", "DRTest", "CompositeLoadTest",
]  # fmt: skip
DEPLOYMENT = Literal[
    "Kubernetes", "NativeHelm", "Ssh", "WinRm", "ECS", "ServerlessAwsLambda", "AwsLambda", "AWS_SAM",
    "AzureWebApp", "AzureFunction", "AzureContainerApps", "GoogleCloudRun", "GoogleCloudFunctions",
    "GoogleManagedInstanceGroup", "Asg", "Elastigroup", "TAS", "Salesforce", "AiAgent", "CustomDeployment",
]  # fmt: skip


def exactly_one(part: Part, fields: tuple[str, ...], what: str) -> None:
    """ValueError unless exactly one of the fields was given."""
    given = [name for name in fields if getattr(part, name) is not None]
    if len(given) != 1:
        wanted = " or ".join(fields)
        found = "has none" if not given else "has " + " and ".join(given)
        raise ValueError(f"{what} needs exactly one of {wanted}; it {found}")


class Step(Common):
    type: Text | None = None
    spec: Open | None = None
    when: Annotated[StepWhen, OrExpression()] | None = None
    enforce: Enforce | None = None

    @model_validator(mode="after")
    def has_a_type_or_a_template(self) -> Step:
        exactly_one(self, ("type", "template"), f"the step {self.identifier!r}")
        return self


class StepGroup(Common):
    steps: Annotated[list[StepEntry], OrExpression()] | None = None
    when: Annotated[StepWhen, OrExpression()] | None = None
    stepGroupInfra: Open | None = None
    variables: list[Variable] | None = None

    @model_validator(mode="after")
    def has_steps_or_a_template(self) -> StepGroup:
        exactly_one(self, ("steps", "template"), f"the step group {self.identifier!r}")
        return self


class InsertSteps(Part):
    identifier: Identifier
    name: Name
    steps: list[StepEntry] | None = None


class StepEntry(Choice):
    step: Step | None = None
    stepGroup: StepGroup | None = None
    parallel: list[StepEntry] | None = None
    insert: InsertSteps | None = None

    @model_validator(mode="after")
    def is_one_thing(self) -> StepEntry:
        exactly_one(self, ("step", "stepGroup", "parallel", "insert"), "an entry of steps")
        return self


class Execution(Part):
    steps: Annotated[list[StepEntry], OrExpression()] | None = None
    rollbackSteps: Annotated[list[StepEntry], OrExpression()] | None = None


class Infrastructure(Part):
    identifier: Annotated[Identifier, OrExpression()]
    inputs: Any = None


class Environment(Part):
    environmentRef: Ref | None = None
    deployToAll: Flag | None = None
    infrastructureDefinitions: Annotated[list[Infrastructure], OrExpression()] | None = None


class Environments(Part):
    values: Annotated[list[Environment], OrExpression()] | None = None


class Service(Part):
    serviceRef: Ref | None = None


class Services(Part):
    values: Annotated[list[Service], OrExpression()] | None = None


class StageSpec(Part):
    """All stage types share one spec model; which keys a type needs is checked in checks.py, with better
    words."""

    execution: Execution | None = None
    cloneCodebase: Flag | None = None
    platform: Open | None = None
    runtime: Open | None = None
    infrastructure: Open | None = None
    deploymentType: Annotated[DEPLOYMENT, OrExpression()] | None = None
    service: Annotated[Service, OrExpression()] | None = None
    services: Annotated[Services, OrExpression()] | None = None
    environment: Annotated[Environment, OrExpression()] | None = None
    environments: Annotated[Environments, OrExpression()] | None = None
    environmentGroup: Open | None = None
    sharedPaths: Texts | None = None


class Stage(Common):
    type: STAGE | None = None
    spec: StageSpec | None = None
    tags: Tags | None = None
    variables: Annotated[list[Variable], OrExpression()] | None = None
    when: Annotated[StageWhen, OrExpression()] | None = None
    runMode: Open | None = None

    @model_validator(mode="after")
    def has_a_type_or_a_template(self) -> Stage:
        exactly_one(self, ("type", "template"), f"the stage {self.identifier!r}")
        return self


class InsertStages(Part):
    identifier: Identifier
    name: Name
    stages: list[StageEntry] | None = None


class StageEntry(Choice):
    stage: Stage | None = None
    parallel: list[StageEntry] | None = None
    insert: InsertStages | None = None

    @model_validator(mode="after")
    def is_one_thing(self) -> StageEntry:
        exactly_one(self, ("stage", "parallel", "insert"), "an entry of stages")
        return self


class NotificationRule(Part):
    name: Name
    enabled: Flag | None = None
    pipelineEvents: list[Open] | None = None
    notificationMethod: Open | None = None


class PipelineBody(Part):
    description: Text | None = None
    tags: Tags | None = None
    stages: Annotated[list[StageEntry], Field(min_length=1)] | None = None
    template: TemplateLink | None = None
    variables: Annotated[list[Variable], OrExpression()] | None = None
    properties: Open | None = None
    notificationRules: list[NotificationRule] | None = None
    flowControl: Open | None = None
    delegateSelectors: Texts | None = None
    timeout: Duration | None = None
    allowStageExecutions: Flag | None = None
    fixedInputsOnRerun: Flag | None = None


class Pipeline(PipelineBody):
    identifier: Identifier
    name: Name
    orgIdentifier: Identifier | None = None
    projectIdentifier: Identifier | None = None

    @model_validator(mode="after")
    def has_stages_or_a_template(self) -> Pipeline:
        exactly_one(self, ("stages", "template"), "a pipeline")
        return self


class PipelineDocument(Part):
    pipeline: Pipeline
