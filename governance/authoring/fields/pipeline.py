"""Pipelines and templates: the document, stages, steps at any depth and what hangs on them."""

from governance.authoring.fields.model import CollectionSpec, EntityKind, specs
from governance.authoring.fields.steps import STEP_FIELDS

STAGE_TYPES = (
    "CI", "Deployment", "Approval", "Custom", "SecurityTests", "Pipeline",
    "FeatureFlag", "IACM", "IDP", "Dynamic", "DRTest", "CompositeLoadTest",
)  # fmt: skip
DEPLOYMENT_TYPES = (
    "Kubernetes", "NativeHelm", "Ssh", "WinRm", "ECS", "ServerlessAwsLambda", "AwsLambda",
    "AWS_SAM", "AzureWebApp", "AzureFunction", "AzureContainerApps", "GoogleCloudRun",
    "GoogleCloudFunctions", "GoogleManagedInstanceGroup", "Asg", "Elastigroup", "TAS",
    "Salesforce", "AiAgent", "CustomDeployment",
)  # fmt: skip
FAILURE_ERRORS = (
    "AllErrors", "Unknown", "Authentication", "Authorization", "Connectivity", "Timeout",
    "Verification", "DelegateProvisioning", "DelegateRestart", "PolicyEvaluationFailure",
    "InputTimeoutError", "ApprovalRejection", "UserMarkedFailure", "InfrastructureFailure",
    "PluginImageFailure", "ResourceLimitsFailure", "ConfigurationFailure",
    "RetryableTransientFailure",
)  # fmt: skip
FAILURE_ACTIONS = (
    "Ignore", "Retry", "MarkAsSuccess", "MarkAsFailure", "Abort", "StageRollback",
    "StepGroupRollback", "PipelineRollback", "ManualIntervention", "ProceedWithDefaultValues",
    "RetryStepGroup",
)  # fmt: skip

VARIABLE_FIELDS = specs(
    """
    name = name
    type = type [String|Number|Secret
    value = value
    default = default value
    description = description
    required:flag = required
    """
)
STRATEGY_FIELDS = specs(
    f"""
    onFailure.errors:list = errors
    onFailure.action.type = action [{"|".join(FAILURE_ACTIONS)}
    onFailure.action.spec.retryCount:number = number of retries
    onFailure.action.spec.timeout:duration = timeout of the intervention
    """
)
STAGE_FIELDS = specs(
    f"""
    identifier = identifier
    name = name
    type = stage type [{"|".join(STAGE_TYPES)}
    description = description
    tags:map = tags
    timeout:duration = timeout
    when.pipelineStatus = run condition [Success|Failure|All
    when.condition = condition expression
    variables:list = variables
    failureStrategies:list = failure strategies
    strategy:map = looping strategy
    strategy.matrix:map = matrix
    strategy.repeat.maxConcurrency:number = parallel runs
    delegateSelectors:list = delegate selectors
    runMode.type = run mode [Manual|Auto
    template.templateRef:reference = template
    template.versionLabel:version = template version
    template.templateInputs:map = template inputs
    spec.deploymentType = deployment type [{"|".join(DEPLOYMENT_TYPES)} @Deployment
    spec.service.serviceRef:reference = service @Deployment
    spec.environment.environmentRef:reference = environment @Deployment
    spec.environment.deployToAll:flag = deploys to all infrastructure @Deployment
    spec.environmentGroup.envGroupRef:reference = environment group @Deployment
    spec.gitOpsEnabled:flag = GitOps @Deployment
    spec.infrastructure.environment.identifier:reference = resolved environment @Deployment
    spec.infrastructure.environment.type = environment type [Production|PreProduction @Deployment
    spec.execution.steps:list = steps
    spec.execution.rollbackSteps:list = rollback steps @Deployment Custom
    spec.cloneCodebase:flag = clones the codebase @CI SecurityTests
    spec.caching.enabled:flag = caching @CI
    spec.buildIntelligence.enabled:flag = build intelligence @CI
    spec.platform.os = operating system [Linux|MacOS|Windows @CI SecurityTests
    spec.platform.arch = architecture [Amd64|Arm64 @CI SecurityTests
    spec.runtime.type = runtime [Cloud|Docker|VM|Kubernetes @CI SecurityTests
    spec.infrastructure.type = build infrastructure [KubernetesDirect|VM|KubernetesHosted|
        UseFromStage @CI SecurityTests
    spec.infrastructure.spec.connectorRef:reference = build cluster connector @CI SecurityTests
    spec.infrastructure.spec.namespace = build namespace @CI SecurityTests
    spec.infrastructure.spec.os = build operating system [Linux|MacOS|Windows @CI SecurityTests
    spec.infrastructure.spec.serviceAccountName = build service account @CI SecurityTests
    spec.infrastructure.spec.automountServiceAccountToken:flag = mounts the token @CI SecurityTests
    spec.infrastructure.spec.runAsUser:number = build user id @CI SecurityTests
    spec.sharedPaths:list = shared paths @CI SecurityTests
    spec.org = organisation of the chained pipeline @Pipeline
    spec.project = project of the chained pipeline @Pipeline
    spec.pipeline = chained pipeline @Pipeline
    """
)  # fmt: skip

GROUP_FIELDS = specs(
    """
    identifier = identifier
    name = name
    steps:list = steps
    delegateSelectors:list = delegate selectors
    failureStrategies:list = failure strategies
    when.stageStatus = run condition [Success|Failure|All
    template.templateRef:reference = template
    """
)
TEXTS = (
    CollectionSpec("texts", "every text anywhere in the document", "text", scalar=True),
    CollectionSpec("secret_reads", "secrets read with <+secrets.getValue>", "secret", scalar=True),
    CollectionSpec("expressions", "expressions <+...>", "expression", scalar=True),
)
STAGE_COLLECTIONS = (
    CollectionSpec("stages", "stages, parallel ones too", "stage", STAGE_FIELDS),
    CollectionSpec("steps", "steps of the normal run at any depth", "step", STEP_FIELDS),
    CollectionSpec("all_steps", "steps at any depth, rollback too", "step", STEP_FIELDS),
    CollectionSpec("rollback_steps", "rollback steps at any depth", "step", STEP_FIELDS),
    CollectionSpec("step_groups", "step groups at any depth", "group", GROUP_FIELDS),
    CollectionSpec("environments", "environment references", "environment", scalar=True),
    CollectionSpec("services", "service references", "service", scalar=True),
    CollectionSpec(
        "infrastructures", "infrastructure references", "infrastructure", scalar=True
    ),
    CollectionSpec("templates_used", "template links", "link", specs(
        "templateRef:reference = template\nversionLabel:version = version label\n"
        "templateInputs:map = inputs"
    )),
    CollectionSpec("stage_variables", "variables of a stage", "variable", VARIABLE_FIELDS,
                   path="variables", of="stage"),
    CollectionSpec("stage_strategies", "failure strategies of a stage", "strategy",
                   STRATEGY_FIELDS, path="failureStrategies", of="stage"),
    CollectionSpec("step_strategies", "failure strategies of a step", "strategy",
                   STRATEGY_FIELDS, path="failureStrategies", of="step"),
    CollectionSpec("approver_groups", "groups that may approve", "group", path=
                   "spec.approvers.userGroups", of="step", scalar=True),
    CollectionSpec("image_tags", "tags of a pushed image", "tag", path="spec.tags", of="step",
                   scalar=True),
    CollectionSpec("headers", "headers of a request", "header", specs(
        "key = name\nvalue = value"), path="spec.headers", of="step"),
    CollectionSpec("env_variables", "environment variables of a step", "value", path=
                   "spec.envVariables", of="step", scalar=True, by_key=True),
    CollectionSpec("output_variables", "output variables of a step", "output", specs(
        "name = name\ntype = type [String|Secret\nvalue = value"), path="spec.outputVariables",
        of="step"),
)  # fmt: skip

PIPELINE = EntityKind(
    name="pipeline", label="pipeline", package="pipeline", root=("pipeline",),
    events=("onsave", "onrun", "onstepstart"),
    fields=specs(
        """
        identifier = identifier
        name = name
        orgIdentifier = organisation
        projectIdentifier = project
        description = description
        tags:map = tags
        timeout:duration = timeout
        stages:list = stages
        variables:list = variables
        notificationRules:list = notification rules
        delegateSelectors:list = delegate selectors
        allowStageExecutions:flag = single stages can be run
        fixedInputsOnRerun:flag = inputs are fixed on rerun
        template.templateRef:reference = template
        template.versionLabel:version = template version
        flowControl.barriers:list = barriers
        properties.ci.codebase.connectorRef:reference = codebase connector
        properties.ci.codebase.repoName = codebase repository
        properties.ci.codebase.build = build
        properties.ci.codebase.build.type = build type [branch|tag|PR|commitSha
        properties.ci.codebase.depth:number = clone depth
        properties.ci.codebase.sslVerify:flag = verifies TLS
        gitConfig.branch = git branch
        gitConfig.filePath = git file
        """
    ),
    collections=(
        *STAGE_COLLECTIONS,
        CollectionSpec("variables", "variables of the pipeline", "variable", VARIABLE_FIELDS,
                       path="variables"),
        CollectionSpec("notification_rules", "notification rules", "notification", specs(
            """
            name = name
            enabled:flag = enabled
            pipelineEvents:list = events
            notificationMethod.type = method [Slack|Email|PagerDuty|MsTeams|Webhook|Datadog
            notificationMethod.spec.webhookUrl = webhook
            """), path="notificationRules"),
        CollectionSpec("notification_events", "events of a notification rule", "event", specs(
            "type = event [AllEvents|PipelineStart|PipelineSuccess|PipelineFailed|PipelineEnd|"
            "PipelinePaused|PipelineResumed|StageStart|StageSuccess|StageFailed|StepFailed|"
            "TriggerFailed|WaitingForUserAction"), path="pipelineEvents", of="notification"),
        CollectionSpec("tags", "tags", "tag", path="tags", scalar=True, by_key=True),
        *TEXTS,
    ),
)  # fmt: skip

TEMPLATE = EntityKind(
    name="template", label="template", package="template", root=("template",),
    events=("onsave",),
    fields=specs(
        """
        identifier = identifier
        name = name
        versionLabel:version = version label
        type = template type [Step|StepGroup|Stage|Pipeline|ArtifactSource|CustomDeployment|
            MonitoredService|Notification|SecretManager|Workspace
        childType = child type
        orgIdentifier = organisation
        projectIdentifier = project
        description = description
        icon = icon
        tags:map = tags
        variables:list = variables
        allowedOverrides:list = allowed overrides
        spec:map = content
        spec.type = type of the content
        spec.timeout:duration = timeout of the content
        spec.failureStrategies:list = failure strategies of the content
        """
    ),
    collections=(
        *STAGE_COLLECTIONS,
        CollectionSpec("variables", "inputs of the template", "variable", VARIABLE_FIELDS,
                       path="variables"),
        CollectionSpec("tags", "tags", "tag", path="tags", scalar=True, by_key=True),
        *TEXTS,
    ),
)  # fmt: skip
