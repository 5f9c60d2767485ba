"""Which step types exist, which stage types may hold them, and which name was probably meant."""

from __future__ import annotations

import re

from rapidfuzz import process

STAGE_TYPES = (
    "CI", "Deployment", "Approval", "Custom", "SecurityTests", "Pipeline",
    "FeatureFlag", "IACM", "IDP", "Dynamic", "DRTest", "CompositeLoadTest",
)  # fmt: skip
APPROVALS = ("HarnessApproval", "JiraApproval", "ServiceNowApproval", "CustomApproval")
SCANNERS = (
    "AnchoreEnterprise", "AquaSecurity", "AquaTrivy", "AWSECR", "AWSSecurityHub", "Bandit", "BlackDuck",
    "Brakeman",
    "Burp", "BurpEnterprise", "Checkmarx", "CheckmarxOne", "Checkov", "CodeQL", "Coverity", "DataTheorem",
    "Fortify",
    "FortifyOnDemand", "Fossa", "GithubAdvancedSecurity", "Gitleaks", "Grype", "HarnessSAST",
    "HarnessSCA", "Mend",
    "Metasploit", "Nikto", "Nmap", "OsvScanner", "Osv", "Owasp", "PrismaCloud", "Prowler", "Qwiet", "Reapsaw",
    "Semgrep", "ShiftLeft", "Snyk", "Sniper", "Sonarqube", "Sysdig", "Tenable", "Traceable", "Veracode",
    "Wiz",
    "WhiteSource", "Xray", "Zap",
)  # fmt: skip
PUSHES = (
    "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushGAR", "BuildAndPushACR",
)  # fmt: skip
BUILD_ONLY = (
    "Test", "RunTests", "RunTestsV2", "SaveCacheS3", "SaveCacheGCS", "SaveCacheHarness", "RestoreCacheS3",
    "RestoreCacheGCS", "RestoreCacheHarness", "S3Upload", "GCSUpload", "ArtifactoryUpload", "Action",
    "Bitrise",
    "SscaOrchestration", "SscaEnforcement", "SscaArtifactSigning", "SlsaVerification", "Security",
)  # fmt: skip
RUNS = ("Run", "Plugin", "Background", "GitClone", "CustomIngest", "RunV2")
CONTROL = (
    "ShellScript", "Http", "Email", "Barrier", "Queue", "Container", "JiraCreate", "JiraUpdate",
    "ServiceNowCreate",
    "ServiceNowUpdate", "ServiceNowImportSet", "Verify",
)  # fmt: skip
DEPLOYS = (
    "K8sRollingDeploy", "K8sRollingRollback", "K8sCanaryDeploy", "K8sCanaryDelete", "K8sBlueGreenDeploy",
    "K8sBGSwapServices", "K8sBlueGreenStageScaleDown", "K8sApply", "K8sScale", "K8sDelete", "K8sDryRun",
    "K8sDiff",
    "K8sPatch", "K8sRollout", "K8sTrafficRouting", "HelmDeploy", "HelmRollback", "HelmDelete", "HelmBGDeploy",
    "HelmCanaryDeploy", "EcsRollingDeploy", "EcsRollingRollback", "EcsBlueGreenCreateService",
    "EcsBlueGreenSwapTargetGroups", "EcsBlueGreenRollback", "EcsCanaryDeploy", "EcsCanaryDelete",
    "EcsRunTask",
    "ServerlessAwsLambdaDeploy", "ServerlessAwsLambdaDeployV2", "ServerlessAwsLambdaRollback",
    "AwsLambdaDeploy",
    "AwsLambdaRollback", "AwsSamDeploy", "AwsSamBuild", "AwsSamRollback", "AsgRollingDeploy",
    "AsgRollingRollback",
    "AsgBlueGreenDeploy", "AsgBlueGreenSwapService", "AsgCanaryDeploy", "ElastigroupDeploy",
    "ElastigroupRollback",
    "AzureWebAppSlotDeployment", "AzureWebAppSwapSlot", "AzureWebAppTrafficShift", "AzureWebAppRollback",
    "AzureFunctionDeploy", "AzureFunctionRollback", "DeployCloudFunction", "RollbackCloudFunction",
    "GoogleCloudRunDeploy", "GoogleCloudRunTrafficShift", "GoogleCloudRunRollback", "TasRollingDeploy",
    "TasBGAppSetup", "TasRollback", "TasSwapRoutes", "Command", "FetchInstanceScript",
    "GitOpsUpdateReleaseRepo",
    "MergePR", "GitOpsSync", "UpdateGitOpsApp",
)  # fmt: skip
PROVISION = (
    "TerraformPlan", "TerraformApply", "TerraformDestroy", "TerraformRollback", "TerraformCloudRun",
    "TerragruntPlan", "TerragruntApply", "TerragruntDestroy", "CreateStack", "DeleteStack", "RollbackStack",
    "AzureCreateARMResource", "AzureCreateBPResource",
)  # fmt: skip
OPEN = (
    "IACMTerraformPlugin", "IACMOpenTofuPlugin", "IACMApproval", "FlagConfiguration", "Chaos",
    "DBSchemaApply",
    "DBSchemaRollback", "CookiecutterStep", "CreateRepo", "DirectPush", "RegisterCatalog", "SlackNotify",
    "UpdateCatalogProperty", "Notify",
)  # fmt: skip

EVERY = frozenset(STAGE_TYPES)
OPERATE = frozenset({"Deployment", "Approval", "Custom"})
FAMILIES: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = (
    (("Policy",), EVERY),
    (("Wait",), OPERATE | {"CI"}),
    ((*APPROVALS, *CONTROL), OPERATE),
    (RUNS, frozenset({"CI", "Deployment", "Custom", "SecurityTests", "IACM", "IDP"})),
    (SCANNERS, frozenset({"CI", "SecurityTests"})),
    ((*PUSHES, *BUILD_ONLY), frozenset({"CI"})),
    (DEPLOYS, frozenset({"Deployment"})),
    (PROVISION, frozenset({"Deployment", "Custom"})),
    (OPEN, EVERY),
)
ALLOWED_IN = {name: stages for names, stages in FAMILIES for name in names}
# Families with many members: the name is accepted when it follows the family's form.
PATTERNS = (
    (re.compile(r"(K8s|Helm|Ecs|Asg|Tas|AzureWebApp|AzureFunction|AwsLambda|AwsSam|Serverless|GoogleCloud)[A-Z]\w+"),
     frozenset({"Deployment"})),
    (re.compile(r"(Terraform|Terragrunt|Cloudformation)[A-Z]\w+"), frozenset({"Deployment", "Custom"})),
    (re.compile(r"(BuildAndPush|SaveCache|RestoreCache)[A-Z]\w+"), frozenset({"CI"})),
    (re.compile(r"(Jira|ServiceNow)[A-Z]\w+"), OPERATE),
    (re.compile(r"(IACM|Ssca|Chaos|DB)[A-Z]\w+"), EVERY),
)  # fmt: skip


def stages_for(step_type: str) -> frozenset[str] | None:
    """The stage types that may hold such a step; None when no such step type is known."""
    if step_type in ALLOWED_IN:
        return ALLOWED_IN[step_type]
    return next((stages for pattern, stages in PATTERNS if pattern.fullmatch(step_type)), None)


def may_hold(stage_type: str, step_type: str) -> bool:
    """Whether a stage of this type may hold the step; kinds of stage we only show hold anything."""
    stages = stages_for(step_type)
    return stages is None or stage_type in stages or stage_type not in STAGE_TYPES[:5]


def near(word: str, known: tuple[str, ...] | None = None, limit: int = 3) -> list[str]:
    """The known names that look most like `word`, best first."""
    choices = known if known is not None else tuple(ALLOWED_IN)
    folded = {name.lower(): name for name in choices}
    found = process.extract(word.lower(), folded.keys(), limit=limit, score_cutoff=68)
    return [folded[name] for name, _, _ in found]
