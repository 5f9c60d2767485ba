"""Step types the dialect knows and the fields of a step, by type."""

from governance.authoring.fields.model import FieldSpec, specs, words_of

STEP_TYPES = words_of(
    """
    Run RunTests Test Plugin Background GitClone Action Bitrise BuildAndPushDockerRegistry
    BuildAndPushECR BuildAndPushGCR BuildAndPushGAR BuildAndPushACR SaveCacheGCS SaveCacheS3
    RestoreCacheGCS RestoreCacheS3 GCSUpload S3Upload ArtifactoryUpload SaveCacheHarness
    RestoreCacheHarness HarnessApproval JiraApproval ServiceNowApproval CustomApproval
    JiraCreate JiraUpdate ServiceNowCreate ServiceNowUpdate ServiceNowImportSet ShellScript Http
    Email Wait Barrier Queue Container Policy ShellScriptProvision K8sRollingDeploy
    K8sRollingRollback K8sBlueGreenDeploy K8sBGSwapServices K8sCanaryDeploy K8sCanaryDelete
    K8sApply K8sScale K8sDelete K8sDryRun K8sDiff K8sPatch K8sRollout K8sTrafficRouting
    K8sBlueGreenStageScaleDown HelmDeploy HelmRollback HelmDelete HelmBGDeploy
    HelmBlueGreenSwapStep HelmCanaryDeploy HelmCanaryDelete EcsRollingDeploy EcsRollingRollback
    EcsBlueGreenCreateService EcsBlueGreenSwapTargetGroups EcsBlueGreenRollback EcsCanaryDeploy
    EcsCanaryDelete EcsRunTask ServerlessAwsLambdaDeploy ServerlessAwsLambdaRollback
    AwsLambdaDeploy AwsLambdaRollback AwsSamDeploy AwsSamBuild AzureWebAppSlotDeployment
    AzureSlotDeployment AzureSwapSlot AzureTrafficShift AzureWebAppRollback
    AzureCreateARMResource AzureARMRollback GoogleCloudRunDeploy GoogleCloudRunRollback
    GoogleCloudRunTrafficShift DeployCloudFunction RollbackCloudFunction AsgRollingDeploy
    AsgRollingRollback AsgCanaryDeploy AsgBlueGreenDeploy TanzuCommand AppSetup BasicAppSetup
    BGAppSetup CanaryAppSetup RollingDeploy SwapRoutes Command FetchInstanceScript TerraformPlan
    TerraformApply TerraformDestroy TerraformRollback TerraformCloudRun TerragruntPlan
    TerragruntApply TerragruntDestroy TerragruntRollback CreateStack DeleteStack RollbackStack
    IACMTerraformPlugin IACMApproval IACMOpenTofuPlugin GitOpsSync GitOpsUpdateReleaseRepo
    MergePR CreatePR GitOpsFetchLinkedApps UpdateGitOpsApp Verify Chaos FlagConfiguration
    CVNGVerify DBSchemaApply DBSchemaRollback HarnessSAST HarnessSCA Semgrep Snyk Sonarqube
    Gitleaks AquaTrivy Aqua Anchore AnchoreEnterprise Bandit Grype Checkmarx CheckmarxOne
    Checkov CodeQL OsvScanner Owasp Wiz Zap Burp BurpEnterprise Veracode BlackDuck Brakeman Mend
    Nikto Nmap Prowler PrismaCloud Sysdig Tenable Traceable Fossa Coverity Fortify
    FortifyOnDemand CustomIngest GithubAdvancedSecurity SscaOrchestration SscaEnforcement
    SscaArtifactSigning SscaArtifactVerification SscaCompliance provenance SlsaVerification
    CdSscaOrchestration CdSscaEnforcement
    """
)

PUSHES = "BuildAndPushDockerRegistry BuildAndPushECR BuildAndPushGCR BuildAndPushGAR BuildAndPushACR"
SCANNERS = (
    "HarnessSAST HarnessSCA Semgrep Snyk Sonarqube Gitleaks AquaTrivy Bandit Grype Checkmarx "
    "CheckmarxOne Checkov CodeQL OsvScanner Owasp Wiz Zap Burp Veracode BlackDuck Brakeman Mend "
    "Nikto Nmap Prowler PrismaCloud Sysdig Tenable Traceable Fossa Coverity FortifyOnDemand"
)

STEP_FIELDS: tuple[FieldSpec, ...] = specs(
    f"""
    identifier = identifier
    name = name
    type = step type [{"|".join(STEP_TYPES)}
    description = description
    timeout:duration = timeout
    when.stageStatus = run condition [Success|Failure|All
    when.condition = condition expression
    failureStrategies:list = failure strategies
    strategy:map = looping strategy
    strategy.parallelism:number = parallelism
    enforce.policySets:list = policy sets
    template.templateRef:reference = template
    template.versionLabel:version = template version
    template.templateInputs:map = template inputs
    spec:map = settings
    spec.command = command @Run Test RunTests Plugin Background
    spec.shell = shell [Sh|Bash|Powershell|Pwsh|Python|PowerShell @Run ShellScript CustomApproval
    spec.image = image @Run Plugin Background Container RunTests Test
    spec.connectorRef:reference = connector
    spec.envVariables:map = environment variables
    spec.outputVariables:list = output variables
    spec.privileged:flag = privileged
    spec.runAsUser:number = user id
    spec.imagePullPolicy = image pull policy [Always|Never|IfNotPresent
    spec.resources.limits.cpu:quantity = CPU limit
    spec.resources.limits.memory:quantity = memory limit
    spec.resources.requests.cpu:quantity = CPU request
    spec.resources.requests.memory:quantity = memory request
    spec.source.type = script source [Inline|Harness @ShellScript CustomApproval
    spec.source.spec.script = script @ShellScript CustomApproval
    spec.onDelegate:flag = runs on delegate @ShellScript
    spec.delegateSelectors:list = delegate selectors
    spec.url = URL @Http
    spec.method = method [GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS @Http
    spec.headers:list = headers @Http
    spec.requestBody = request body @Http
    spec.assertion = assertion @Http
    spec.approvers.minimumCount:number = minimum number of approvers @HarnessApproval
    spec.approvers.disallowPipelineExecutor:flag = executor may not approve @HarnessApproval
    spec.approvers.userGroups:list = approver groups @HarnessApproval
    spec.approvers.serviceAccounts:list = approver service accounts @HarnessApproval
    spec.includePipelineExecutionHistory:flag = shows execution history @HarnessApproval
    spec.approvalMessage = approval message @HarnessApproval
    spec.approverInputs:list = approver inputs @HarnessApproval
    spec.autoApproval:map = automatic approval @HarnessApproval
    spec.autoApproval.action = automatic approval action [APPROVE|REJECT @HarnessApproval
    spec.issueKey = issue key @JiraApproval JiraUpdate
    spec.projectKey = project key @JiraApproval JiraCreate
    spec.issueType = issue type @JiraApproval JiraCreate
    spec.ticketNumber = ticket number @ServiceNowApproval ServiceNowUpdate
    spec.ticketType = ticket type @ServiceNowApproval ServiceNowCreate ServiceNowUpdate
    spec.changeWindow:map = change window @ServiceNowApproval
    spec.approvalCriteria:map = approval criteria @JiraApproval ServiceNowApproval CustomApproval
    spec.rejectionCriteria:map = rejection criteria @JiraApproval ServiceNowApproval CustomApproval
    spec.policySets:list = policy sets @Policy
    spec.skipDryRun:flag = skips the dry run
    spec.pruningEnabled:flag = pruning
    spec.skipSteadyStateCheck:flag = skips the steady state check
    spec.instanceSelection.type = instance selection [Count|Percentage @K8sCanaryDeploy K8sScale
    spec.instanceSelection.spec.count:number = instances @K8sCanaryDeploy K8sScale
    spec.instanceSelection.spec.percentage:number = percentage of instances @K8sCanaryDeploy K8sScale
    spec.repo = image repository @{PUSHES}
    spec.tags:list = image tags @{PUSHES}
    spec.dockerfile = Dockerfile @{PUSHES}
    spec.context = build context @{PUSHES}
    spec.target = build target @{PUSHES}
    spec.buildArgs:map = build arguments @{PUSHES}
    spec.labels:map = image labels @{PUSHES}
    spec.optimize:flag = optimised build @{PUSHES}
    spec.caching:map = layer caching @{PUSHES}
    spec.host = registry host @BuildAndPushGCR BuildAndPushGAR
    spec.projectID = cloud project @BuildAndPushGCR BuildAndPushGAR
    spec.imageName = image name @BuildAndPushECR BuildAndPushGCR BuildAndPushGAR
    spec.region = region @BuildAndPushECR
    spec.account = cloud account @BuildAndPushECR
    spec.repository = repository @BuildAndPushACR
    spec.subscriptionId = subscription @BuildAndPushACR
    spec.mode = scan mode [ingestion|orchestration|extraction @{SCANNERS}
    spec.config = scan configuration @{SCANNERS}
    spec.target.type = scan target type [repository|container|instance|configuration @{SCANNERS}
    spec.target.name = scan target @{SCANNERS}
    spec.target.variant = scan target variant @{SCANNERS}
    spec.target.detection = target detection [manual|auto @{SCANNERS}
    spec.advanced.fail_on_severity = severity that fails the scan [critical|high|medium|low|none @{SCANNERS}
    spec.advanced.args.cli = scanner arguments @{SCANNERS}
    spec.duration:duration = duration @Wait
    spec.to = recipients @Email
    spec.subject = subject @Email
    spec.provisionerIdentifier = provisioner
    spec.configuration.type = configuration type [Inline|InheritFromPlan|InheritFromApply
    spec.configuration.command = Terraform command [Apply|Destroy @TerraformPlan
    """
)  # fmt: skip

# Steps that bring a new version to a place: what an approval has to stand in front of.
DEPLOY_TYPES = (
    "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy", "K8sApply", "HelmDeploy",
    "HelmBGDeploy", "HelmCanaryDeploy", "EcsRollingDeploy", "EcsBlueGreenCreateService",
    "EcsCanaryDeploy", "ServerlessAwsLambdaDeploy", "AwsLambdaDeploy", "AwsSamDeploy",
    "AzureWebAppSlotDeployment", "AzureSlotDeployment", "GoogleCloudRunDeploy",
    "DeployCloudFunction", "AsgRollingDeploy", "AsgCanaryDeploy", "AsgBlueGreenDeploy",
    "AppSetup", "BasicAppSetup", "RollingDeploy", "Command",
)  # fmt: skip
