"""Rules written by hand for known requests, by the id of the item they answer."""

from typing import Any as Anything

from governance.authoring.rule import (
    All, Any, ApprovedBefore, Arithmetic, Clause, Condition, CountOf, DeploysToProduction, During,
    Every, Exists, Field, Items, Length, Named, Not, Order, RanBefore, Rule, Test, UserHasRole,
    UserInGroup,
)  # fmt: skip

SAST = ("HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit",
        "Brakeman", "Coverity", "Fortify")  # fmt: skip
PUSHES = ("BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR",
          "BuildAndPushGAR")  # fmt: skip
PRODUCTION = DeploysToProduction(stage="stage")
STAGES: dict[str, Anything] = {"each": Named(name="stages"), "name": "stage"}


def test(path: str, op: str, *to: Anything, of: str = "document", **more: Anything) -> Test:
    """A comparison of the field at a dotted path."""
    return Test(value=Field(of=of, path=tuple(path.split(".")) if path else ()), op=op, to=to, **more)


def stage(path: str, op: str, *to: Anything, **more: Anything) -> Test:
    return test(path, op, *to, of="stage", **more)


def step(path: str, op: str, *to: Anything, **more: Anything) -> Test:
    return test(path, op, *to, of="step", **more)


def both(*parts: Condition) -> All:
    return All(of=parts)


def either(*parts: Condition) -> Any:
    return Any(of=parts)


def no(part: Condition) -> Not:
    return Not(of=part)


def steps(**more: Anything) -> dict[str, Anything]:
    return {"each": Named(name="all_steps", **more), "name": "step"}


def run_steps(*types: str, name: str = "other", within: str | None = "stage") -> Exists:
    kind = test("type", "is", *types, of=name)
    return Exists(each=Named(name="steps", within=within), name=name, where=kind)


def items(path: str, of: str = "document") -> Items:
    return Items(of=of, path=tuple(path.split(".")) if path else ())


def clause(demand: Condition, message: str = "not allowed", **more: Anything) -> Clause:
    return Clause(demand=demand, message=message, **more)


def rule(entity: str, *clauses: Clause, event: str = "onsave") -> Rule:
    return Rule(entity=entity, event=event, title="A rule", clauses=clauses)


DEPLOYMENT = stage("type", "is", "Deployment")
CI = stage("type", "is", "CI")
MEMBER = "stage '{stage}'"
RULES: dict[str, Rule] = {
    "pol-d001": rule("pipeline", clause(
        either(RanBefore(stage="stage", types=SAST),
               ApprovedBefore(stage="stage", groups=("security_team",))),
        "stage '{stage}' deploys to production without scan or approval", where=PRODUCTION,
        **STAGES), event="onrun"),
    "pol-d002": rule("pipeline", clause(
        run_steps("HarnessApproval"), "'{stage}' has no approval", where=DEPLOYMENT, **STAGES)),
    "pol-d003": rule("pipeline", clause(
        no(step("type", "is", "ShellScript")), "'{step.stage}' runs '{step}'",
        where=DeploysToProduction(stage="step.stage"), **steps())),
    "pol-d004": rule("pipeline", clause(
        both(step("type", "is", "BuildAndPushGCR"), step("spec.host", "is", "us.gcr.io")),
        "'{step}' pushes to '{step.spec.host}'", where=step("type", "is", *PUSHES), **steps()),
        event="onrun"),
    "pol-d005": rule("pipeline", clause(
        step("spec.approvers.disallowPipelineExecutor", "is", True), "{step}",
        where=step("type", "is", "HarnessApproval"), **steps())),
    "pol-d006": rule("pipeline", clause(
        stage("failureStrategies", "present"), MEMBER, where=DEPLOYMENT, **STAGES)),
    "pol-d007": rule("pipeline", clause(test("tags.owner", "present"), "tag owner of {document}"),
                     clause(test("tags.cost-center", "present"), "tag cost-center")),
    "pol-d008": rule("pipeline", clause(
        Exists(each=Named(name="stages"), name="gate", where=both(
            test("type", "is", "Approval", of="gate"),
            Order(first="gate", second="stage", how="directly_before"))),
        MEMBER, where=PRODUCTION, **STAGES)),
    "pol-d009": rule("pipeline", clause(
        step("timeout", "at_least", "10m", measure="duration"), "{step}: {step.timeout}",
        where=step("type", "is", "K8sRollingDeploy"), **steps())),
    "pol-d010": rule("pipeline", clause(
        Every(each=items("spec.tags", "step"), name="tag",
              demand=no(test("", "is", "latest", of="tag"))),
        "{step}", where=step("type", "starts_with", "BuildAndPush"), **steps())),
    "pol-d011": rule("pipeline", clause(
        both(stage("spec.infrastructure.type", "is", "KubernetesDirect"),
             stage("spec.infrastructure.spec.namespace", "is", "ci-builds", "ci-builds-arm"),
             no(stage("spec.runtime.type", "is", "Cloud"))),
        MEMBER, where=CI, **STAGES), event="onrun"),
    "pol-d012": rule("pipeline", clause(
        Exists(each=Named(name="steps", within="step.stage"), name="tests", where=both(
            test("type", "is", "RunTests", of="tests"), Order(first="tests", second="step"))),
        "{step}", where=both(test("type", "is", "CI", of="step.stage"),
                             step("type", "starts_with", "BuildAndPush")),
        each=Named(name="steps"), name="step")),
    "pol-d013": rule("pipeline", clause(
        both(Exists(each=Named(name="environments", within="stage"), name="target"),
             Every(each=Named(name="environments", within="stage"), name="target",
                   demand=test("", "is", "dev", "qa", "staging", "prod", of="target",
                               measure="reference"))),
        MEMBER, where=DEPLOYMENT, **STAGES)),
    "pol-d014": rule("pipeline", clause(
        test("", "starts_with", "account.", of="secret"), "{secret}",
        each=Named(name="secret_reads"), name="secret")),
    "pol-d015": rule("pipeline", clause(
        step("spec.approvers.minimumCount", "at_least", 2, measure="number"), "{step}",
        where=both(step("type", "is", "HarnessApproval"),
                   Exists(each=Named(name="stages"), name="stage", where=PRODUCTION)), **steps())),
    "pol-d016": rule("pipeline", clause(
        Test(value=CountOf(each=Named(name="stages"), name="stage"), op="at_most", to=(8,)))),
    "pol-d017": rule("service", clause(
        either(no(test("manifest.spec.store.spec.branch", "exists", of="manifest")),
               test("manifest.spec.store.spec.branch", "is", "main", of="manifest")),
        "manifest '{manifest.manifest.identifier}'",
        each=items("serviceDefinition.spec.manifests"), name="manifest")),
    "pol-d018": rule("service", clause(
        test("description", "present", of="variable"), "variable '{variable}'",
        each=items("serviceDefinition.spec.variables"), name="variable")),
    "pol-d019": rule("service", clause(test("tags.tier", "is", "1", "2", "3"), "tier"),
                     clause(test("tags.oncall", "present"), "oncall",
                            where=test("tags.tier", "is", "1"))),
    "pol-d020": rule("environment", clause(
        test("name", "starts_with", "prod-"), "{document.name}",
        where=test("type", "is", "Production"))),
    "pol-d021": rule("environment", clause(
        test("type", "is", "Secret", of="variable"), "{variable}",
        where=test("name", "contains", "PASSWORD", "SECRET", "TOKEN", of="variable",
                   ignore_case=True), each=items("variables"), name="variable")),
    "pol-d022": rule("environment", clause(
        UserInGroup(groups=("platform_team",)), where=test("type", "is", "Production"))),
    "pol-d023": rule("connector", clause(
        test("type", "is", "K8sCluster", "Github", "DockerRegistry", "Vault"))),
    "pol-d024": rule("connector", clause(
        no(test("spec.credential.spec.auth.type", "is", "UsernamePassword")),
        where=test("type", "is", "K8sCluster"))),
    "pol-d025": rule("connector", clause(
        no(test("spec.credential.type", "is", "ManualConfig")), where=test("type", "is", "Aws"))),
    "pol-d026": rule("connector", clause(
        either(test("spec.url", "is", "https://github.com/halvorsen-labs"),
               test("spec.url", "starts_with", "https://github.com/halvorsen-labs/")),
        where=test("type", "is", "Github"))),
    "pol-d027": rule("infrastructure", clause(
        no(test("spec.connectorRef", "runtime_input"))),
        clause(no(test("spec.namespace", "runtime_input")))),
    "pol-d028": rule("infrastructure", clause(
        no(either(test("spec.namespace", "is", "default"),
                  test("spec.namespace", "starts_with", "kube-"))),
        where=test("environmentRef", "is", "prod", measure="reference"))),
    "pol-d029": rule("infrastructure", clause(
        no(test("allowSimultaneousDeployments", "is", True)))),
    "pol-d030": rule("template", clause(
        test("versionLabel", "matches", r"^[0-9]+\.[0-9]+\.[0-9]+$"))),
    "pol-d031": rule("template", clause(
        run_steps("HarnessApproval"), MEMBER,
        where=both(test("type", "is", "Pipeline"), DEPLOYMENT), **STAGES)),
    "pol-d032": rule("template", clause(
        no(test("spec.type", "is", "ShellScript")), where=test("type", "is", "Step"))),
    "pol-d033": rule("pipeline", clause(
        stage("template.templateRef", "is", "account.golden_k8s_deploy"), MEMBER,
        where=either(DEPLOYMENT, both(no(stage("type", "exists")), stage(
            "template.templateInputs.type", "is", "Deployment"))), **STAGES)),
    "pol-d034": rule("secret", clause(
        test("spec.secretManagerIdentifier", "is", "hashivault_prod", measure="reference"),
        where=test("type", "is", "SecretText", "SecretFile"))),
    "pol-d035": rule("secret", clause(test("description", "present"))),
    "pol-d036": rule("secret", clause(
        no(test("name", "contains", "test", "tmp", ignore_case=True)))),
    "pol-d037": rule("variable", clause(
        UserHasRole(roles=("_account_admin",)), where=test("name", "starts_with", "PROD_"))),
    "pol-d038": rule("variable", clause(
        no(test("value", "contains", "http://", ignore_case=True)))),
    "pol-d039": rule("terraformPlanCost", clause(
        no(test("TotalMonthlyCost", "more_than", 5000, measure="number")),
        "{document.TotalMonthlyCost}")),
    "pol-d040": rule("terraformPlanCost", clause(
        no(test("PercentageChangeTotalMonthlyCost", "more_than", 20, measure="number")),
        unless=test("DiffTotalMonthlyCost", "less_than", 50, measure="number"))),
    "pol-d041": rule("terraformPlanCost", *(clause(
        no(test(f"Diff.{kind}.CurrentMonthlyCost", "more_than", limit, measure="number")))
        for kind, limit in (("aws_db_instance", 800), ("aws_nat_gateway", 200)))),
    "pol-d042": rule("securityTests", clause(
        both(no(test("CRITICAL", "more_than", 0, of="output", measure="number")),
             no(test("HIGH", "more_than", 5, of="output", measure="number"))),
        "{output.HIGH}", each=Named(name="scan_outputs"), name="output")),
    "pol-d043": rule("securityTests", clause(
        Exists(each=Named(name="scan_outputs"), name="output",
               where=test("CODE_COVERAGE", "at_least", 80, of="output", measure="number")))),
    "pol-d044": rule("securityTests", clause(
        Every(each=items("details.referenceIdentifiers", "issue"), name="reference",
              demand=no(test("id", "is", "CVE-2021-44228", "CVE-2022-22965", of="reference"))),
        "{issue}", each=Named(name="scan_issues"), name="issue")),
    "pol-d045": rule("pipeline", clause(
        Every(each=Named(name="steps"), name="push",
              where=test("type", "starts_with", "BuildAndPush", of="push"),
              demand=Exists(each=Named(name="steps"), name="scan", where=both(
                  test("type", "is", "AquaTrivy", "Grype", of="scan"),
                  Order(first="push", second="scan"), Order(first="scan", second="stage")))),
        MEMBER, where=PRODUCTION, **STAGES)),
    "pol-d046": rule("pipeline", clause(run_steps("Gitleaks"), MEMBER, where=CI, **STAGES)),
    "pol-d047": rule("sbom", clause(
        Every(each=items("packageLicense", "package"), name="licence",
              demand=no(test("", "is", "GPL-3.0", "AGPL-3.0", of="licence", measure="licence"))),
        "{package}", each=items(""), name="package")),
    "pol-d048": rule("sbom", clause(
        no(test("packageVersion", "less_than", "2.17.1", of="package", measure="version")),
        "{package}", where=test("packageName", "is", "log4j-core", of="package"),
        each=items(""), name="package")),
    "pol-d049": rule("sbom", clause(
        Exists(each=items("packageLicense", "package"), name="licence", where=both(
            test("", "present", of="licence"), no(test("", "is", "NOASSERTION", of="licence")))),
        "{package}", each=items(""), name="package")),
    "pol-d050": rule("terraformPlan", clause(
        no(Exists(each=items("change.actions", "change"), name="action",
                  where=test("", "is", "delete", of="action"))),
        "{change}", where=test("type", "is", "aws_db_instance", "aws_s3_bucket", of="change"),
        each=items("resource_changes"), name="change")),
    "pol-d051": rule("terraformPlan", clause(
        test("values.instance_type", "is", "t3.micro", "t3.small", "t3.medium", of="resource"),
        "{resource}", where=test("type", "is", "aws_instance", of="resource"),
        each=Named(name="planned_resources"), name="resource")),
    "pol-d052": rule("terraformPlan", *(clause(
        test(f"change.after.tags.{tag}", "present", of="change"), "{change}: " + tag,
        where=both(test("type", "is", "aws_s3_bucket", of="change"), Exists(
            each=items("change.actions", "change"), name="action",
            where=test("", "is", "create", of="action"))),
        each=items("resource_changes"), name="change") for tag in ("Owner", "DataClass"))),
    "pol-d053": rule("pipeline", clause(
        UserInGroup(groups=("release_managers",)), MEMBER, where=PRODUCTION, **STAGES),
        event="onrun"),
    "pol-d054": rule("pipeline", clause(
        no(UserInGroup(groups=("contractors",))), MEMBER, where=PRODUCTION, **STAGES),
        event="onrun"),
    "pol-d055": rule("pipeline", clause(
        UserHasRole(roles=("_account_admin",)), where=step("type", "is", "TerraformDestroy"),
        **steps())),
    "pol-d056": rule("pipeline", clause(
        no(During(dates=(("2025-12-20", "2026-01-05"),))), MEMBER, where=PRODUCTION, **STAGES),
        event="onrun"),
    "pol-d057": rule("pipeline", clause(
        no(During(weekdays=("Friday", "Saturday", "Sunday"))), MEMBER, where=PRODUCTION,
        **STAGES), event="onrun"),
    "pol-d058": rule("pipeline", clause(
        During(zone="Europe/Berlin", weekdays=("Monday", "Tuesday", "Wednesday", "Thursday",
                                               "Friday"), daily=(("08:00", "17:00"),)),
        MEMBER, where=PRODUCTION, **STAGES), event="onrun"),
    "pol-d059": rule("pipeline", clause(
        test("identifier", "matches", "^[a-z0-9]+_[a-z0-9]+_[a-z0-9]+$"), "{document}")),
    "pol-d060": rule("service", clause(
        both(test("name", "matches", "^[a-z][a-z0-9-]*$"),
             Test(value=Length(of=Field(path=("name",))), op="at_least", to=(3,)),
             Test(value=Length(of=Field(path=("name",))), op="at_most", to=(30,))),
        "{document.name}")),
}  # fmt: skip

# Meanings the requests above do not need.
OTHERS: dict[str, Rule] = {
    "token lifetime": rule("token", clause(Test(
        value=Arithmetic(op="minus", left=Field(path=("validTo",)),
                         right=Field(of="metadata", path=("timestamp",))),
        op="at_most", to=(90 * 86400,), measure="instant"))),
    "memory": rule("pipeline", clause(
        step("spec.resources.limits.memory", "at_most", "2Gi", measure="quantity"), "{step}",
        where=step("spec.resources.limits.memory", "exists"), **steps())),
}  # fmt: skip
