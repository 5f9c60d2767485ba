"""Templates, services, environments, infrastructure, connectors and secret references, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from templates_catalog.documents.fields import (
    Duration,
    Flag,
    Identifier,
    Name,
    Number,
    Open,
    OrExpression,
    Part,
    Ref,
    Scalar,
    Tags,
    Text,
    Texts,
    VariableName,
    VersionLabel,
)  # fmt: skip
from templates_catalog.documents.pieces import FailureStrategies, StageWhen, Strategy, Variable
from templates_catalog.documents.pipeline import (
    DEPLOYMENT,
    STAGE,
    PipelineBody,
    StageSpec,
    StepEntry,
)  # fmt: skip


class Entity(Part):
    identifier: Identifier
    name: Name
    description: Text | None = None
    tags: Tags | None = None
    orgIdentifier: Identifier | None = None
    projectIdentifier: Identifier | None = None


class TemplateInput(Part):
    """A typed input of a template: what is asked for, what is allowed, and what holds when
    nothing is given."""

    name: VariableName
    type: Literal["String", "Number", "Secret"]
    description: Text | None = None
    required: bool | None = None
    value: Scalar | None = None
    default: Scalar | None = None
    allowedValues: list[Scalar] | None = None
    regex: str | None = None
    minimum: Number | None = None
    maximum: Number | None = None


class StageTemplateSpec(Part):
    type: STAGE
    spec: StageSpec | None = None
    variables: Annotated[list[Variable], OrExpression()] | None = None
    when: Annotated[StageWhen, OrExpression()] | None = None
    failureStrategies: FailureStrategies | None = None
    strategy: Annotated[Strategy, OrExpression()] | None = None
    timeout: Duration | None = None


class StepGroupTemplateSpec(Part):
    steps: list[StepEntry]
    stepGroupInfra: Open | None = None


class StepTemplateSpec(Part):
    type: Text
    spec: Open | None = None
    timeout: Duration | None = None
    failureStrategies: FailureStrategies | None = None


TEMPLATE_SPECS: dict[str, type[Part]] = {
    "Step": StepTemplateSpec,
    "StepGroup": StepGroupTemplateSpec,
    "Stage": StageTemplateSpec,
    "Pipeline": PipelineBody,
}
STAGE_OVERRIDES = (
    "ConditionalExecution", "LoopingStrategy", "FailureStrategy", "DelegateSelectors", "ExecutionStrategy",
)  # fmt: skip


class Template(Entity):
    # Shown in a library for people, so more than the names of stages and steps: `C++ Build`, `Blue/Green`.
    name: Annotated[Text, Field(min_length=1, max_length=128)]
    versionLabel: VersionLabel
    type: Literal[
        "Step", "StepGroup", "Stage", "Pipeline", "ArtifactSource", "CustomDeployment", "MonitoredService",
        "Notification", "SecretManager", "Workspace",
    ]  # fmt: skip
    icon: Text | None = None
    owner: Text | None = None
    docs: Text | None = None
    lifecycle: Text | None = None
    golden: bool | None = None
    variables: list[TemplateInput] | None = None
    allowedOverrides: list[str] | None = None
    spec: dict[str, Any]

    @model_validator(mode="after")
    def keeps_policies_in_force(self) -> Template:
        if "PolicyEnforcement" in (self.allowedOverrides or []):
            raise ValueError(
                "allowedOverrides may not list PolicyEnforcement: a consumer must not switch a policy "
                "off; remove it"
            )
        return self


class ServiceDefinition(Part):
    type: Annotated[DEPLOYMENT, OrExpression()]
    spec: Open | None = None


class ServiceEntity(Entity):
    serviceDefinition: ServiceDefinition | None = None
    gitOpsEnabled: Flag | None = None


class EnvironmentEntity(Entity):
    type: Literal["Production", "PreProduction"]
    variables: list[dict[str, Any]] | None = None
    overrides: Open | None = None


class InfrastructureEntity(Entity):
    environmentRef: Ref
    deploymentType: Annotated[DEPLOYMENT, OrExpression()] | None = None
    type: Text
    spec: Open
    allowSimultaneousDeployments: Flag | None = None


class ConnectorEntity(Entity):
    type: Text
    spec: Open
    delegateSelectors: Texts | None = None


class SecretSpec(Part):
    secretManagerIdentifier: Ref | None = None
    valueType: Literal["Inline", "Reference"] | None = None
    value: Text | None = None


class SecretEntity(Entity):
    type: Literal["SecretText", "SecretFile", "SSHKey", "WinRmCredentials"]
    spec: SecretSpec | None = None


class TemplateDocument(Part):
    template: Template


class ServiceDocument(Part):
    service: ServiceEntity


class EnvironmentDocument(Part):
    environment: EnvironmentEntity


class InfrastructureDocument(Part):
    infrastructureDefinition: InfrastructureEntity


class ConnectorDocument(Part):
    connector: ConnectorEntity


class SecretDocument(Part):
    secret: SecretEntity
