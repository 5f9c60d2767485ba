"""Pieces stages and steps share: templates, variables, conditions, failure strategies, loops."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from templates_catalog.documents.fields import (
    Duration,
    Flag,
    Identifier,
    Name,
    OrExpression,
    Part,
    Ref,
    Scalar,
    Text,
    Texts,
    VariableName,
    VersionLabel,
    Whole,
)  # fmt: skip

ERRORS = Literal[
    "AllErrors", "Unknown", "Authentication", "Authorization", "Connectivity", "Timeout", "Verification",
    "DelegateProvisioning", "DelegateRestart", "PolicyEvaluationFailure", "InputTimeoutError", "ApprovalRejection",
    "UserMarkedFailure", "InfrastructureFailure", "PluginImageFailure", "ResourceLimitsFailure",
    "ConfigurationFailure", "RetryableTransientFailure",
]  # fmt: skip
ACTIONS = Literal[
    "Ignore", "Retry", "MarkAsSuccess", "MarkAsFailure", "Abort", "StageRollback", "StepGroupRollback",
    "PipelineRollback", "ManualIntervention", "ProceedWithDefaultValues", "RetryStepGroup",
]  # fmt: skip


class TemplateLink(Part):
    templateRef: Ref
    versionLabel: Annotated[VersionLabel, OrExpression()] | None = None
    label: Text | None = None
    templateInputs: dict[str, Any] | None = None
    templateOverrides: dict[str, Any] | None = None
    templateVariables: Any = None


class Variable(Part):
    name: VariableName
    type: Literal["String", "Number", "Secret"]
    value: Scalar | None = None
    default: Scalar | None = None
    required: Flag | None = None
    description: Text | None = None


class StageWhen(Part):
    pipelineStatus: Literal["Success", "Failure", "All"]
    condition: Text | None = None


class StepWhen(Part):
    stageStatus: Literal["Success", "Failure", "All"]
    condition: Text | None = None


class Action(Part):
    type: Annotated[ACTIONS, OrExpression()]
    spec: dict[str, Any] | None = None


class OnFailure(Part):
    errors: Annotated[list[Annotated[ERRORS, OrExpression()]], OrExpression()]
    action: Action


class FailureStrategy(Part):
    onFailure: OnFailure


FailureStrategies = Annotated[list[FailureStrategy], OrExpression()]


class Repeat(Part):
    times: Whole | None = None
    items: Annotated[list[Any], OrExpression()] | None = None
    maxConcurrency: Whole | None = None
    partitionSize: Whole | None = None


class Strategy(Part):
    matrix: Annotated[dict[str, Any], OrExpression()] | None = None
    repeat: Annotated[Repeat, OrExpression()] | None = None
    parallelism: Whole | None = None


class Enforce(Part):
    policySets: Annotated[list[Ref], OrExpression()]


class Common(Part):
    """What stages, steps and step groups have in common."""

    identifier: Annotated[Identifier, OrExpression()]
    name: Name
    description: Text | None = None
    timeout: Duration | None = None
    failureStrategies: FailureStrategies | None = None
    strategy: Annotated[Strategy, OrExpression()] | None = None
    delegateSelectors: Texts | None = None
    template: TemplateLink | None = None
