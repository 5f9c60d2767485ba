"""The `spec` of the step types we know well; every other type keeps an open spec."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from templates_catalog.documents import step_types
from templates_catalog.documents.fields import (
    Duration,
    Flag,
    Open,
    OrExpression,
    Part,
    Ref,
    Refs,
    Scalar,
    Text,
    Texts,
    Whole,
)  # fmt: skip

Environment = Annotated[dict[str, Scalar | None], OrExpression()]
Mappings = Annotated[list[dict[str, Any]], OrExpression()]
SHELLS = Annotated[Literal["Sh", "Bash", "Powershell", "Pwsh", "Python"], OrExpression()]


class Run(Part):
    command: Text
    shell: SHELLS | None = None
    image: Text | None = None
    connectorRef: Ref | None = None
    envVariables: Environment | None = None
    outputVariables: Mappings | None = None
    privileged: Flag | None = None
    resources: Open | None = None
    runAsUser: Whole | None = None


class ScriptSource(Part):
    type: Annotated[Literal["Inline", "Harness"], OrExpression()]
    spec: Open


class ShellScript(Part):
    shell: Annotated[Literal["Bash", "PowerShell"], OrExpression()]
    source: ScriptSource
    onDelegate: Flag | None = None
    environmentVariables: Mappings | None = None
    outputVariables: Mappings | None = None
    delegateSelectors: Texts | None = None


class Http(Part):
    url: Text
    method: Text
    headers: Mappings | None = None
    requestBody: Text | None = None
    assertion: Text | None = None
    outputVariables: Mappings | None = None


class Approvers(Part):
    minimumCount: Whole
    disallowPipelineExecutor: Flag | None = None
    userGroups: Refs | None = None
    serviceAccounts: Texts | None = None
    disallowedUserEmails: Texts | None = None


class HarnessApproval(Part):
    approvers: Approvers
    includePipelineExecutionHistory: Flag | None = None
    approvalMessage: Text | None = None
    approverInputs: Mappings | None = None
    autoApproval: Open | None = None


class JiraApproval(Part):
    connectorRef: Ref
    issueKey: Text
    approvalCriteria: Open
    rejectionCriteria: Open | None = None
    retryInterval: Duration | None = None


class ServiceNowApproval(Part):
    connectorRef: Ref
    ticketNumber: Text
    ticketType: Text
    approvalCriteria: Open
    rejectionCriteria: Open | None = None
    retryInterval: Duration | None = None


class CustomApproval(Part):
    shell: Text
    source: ScriptSource
    approvalCriteria: Open
    retryInterval: Duration
    scriptTimeout: Duration
    rejectionCriteria: Open | None = None


class PolicyPayload(Part):
    payload: Text


class Policy(Part):
    policySets: Refs
    type: Annotated[Literal["Custom"], OrExpression()] | None = None
    policySpec: PolicyPayload | None = None


class K8sDeploy(Part):
    skipDryRun: Flag | None = None
    pruningEnabled: Flag | None = None
    delegateSelectors: Texts | None = None


class Push(Part):
    tags: Texts
    connectorRef: Ref | None = None
    dockerfile: Text | None = None
    context: Text | None = None
    buildArgs: Environment | None = None
    labels: Environment | None = None


class PushDocker(Push):
    repo: Text
    registryRef: Ref | None = None


class PushEcr(Push):
    region: Text
    account: Text
    imageName: Text
    connectorRef: Ref


class PushGoogle(Push):
    host: Text
    projectID: Text
    imageName: Text
    connectorRef: Ref


class PushAcr(Push):
    repository: Text
    connectorRef: Ref


class Target(Part):
    type: Annotated[Literal["repository", "container", "instance", "configuration"], OrExpression()]
    name: Text | None = None
    variant: Text | None = None
    workspace: Text | None = None
    detection: Annotated[Literal["manual", "auto"], OrExpression()] | None = None


class Scan(Part):
    mode: Annotated[Literal["ingestion", "orchestration", "extraction", "dataLoad"], OrExpression()]
    config: Text
    target: Target
    image: Open | None = None
    auth: Open | None = None
    ingestion: Open | None = None
    advanced: Open | None = None


class Wait(Part):
    duration: Duration


# The spec of each type. Deep requirements are told apart from shape: see models.py on severity.
SPECS: dict[str, type[Part]] = {
    "Run": Run,
    "ShellScript": ShellScript,
    "Http": Http,
    "HarnessApproval": HarnessApproval,
    "JiraApproval": JiraApproval,
    "ServiceNowApproval": ServiceNowApproval,
    "CustomApproval": CustomApproval,
    "Policy": Policy,
    "K8sRollingDeploy": K8sDeploy,
    "K8sBlueGreenDeploy": K8sDeploy,
    "BuildAndPushDockerRegistry": PushDocker,
    "BuildAndPushECR": PushEcr,
    "BuildAndPushGCR": PushGoogle,
    "BuildAndPushGAR": PushGoogle,
    "BuildAndPushACR": PushAcr,
    "Wait": Wait,
} | {scanner: Scan for scanner in step_types.SCANNERS}
