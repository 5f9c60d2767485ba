"""Rules written by hand for known requests, by the id of the item they answer."""

from typing import Any as Anything

from governance.authoring.rule import (
    All,
    Any,
    ApprovedBefore,
    Arithmetic,
    Clause,
    Condition,
    Constant,
    CountOf,
    DeploysToProduction,
    During,
    Every,
    Exists,
    Field,
    Fold,
    Items,
    Length,
    Named,
    Not,
    Order,
    RanBefore,
    Rule,
    Test,
    UserHasRole,
    UserInGroup,
)  # fmt: skip

SAST = ("HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit",
        "Brakeman", "Coverity", "Fortify")  # fmt: skip
PUSHES = ("BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR",
          "BuildAndPushGAR")  # fmt: skip
PRODUCTION = DeploysToProduction(stage="stage")
STAGES: dict[str, Anything] = {"each": Named(name="stages"), "name": "stage"}


def field_is(path: str, op: str, *to: Anything, of: str = "document", **more: Anything) -> Test:
    """A comparison of the field at a dotted path."""
    return Test(value=Field(of=of, path=tuple(path.split(".")) if path else ()), op=op, to=to, **more)


def stage(path: str, op: str, *to: Anything, **more: Anything) -> Test:
    return field_is(path, op, *to, of="stage", **more)


def step(path: str, op: str, *to: Anything, **more: Anything) -> Test:
    return field_is(path, op, *to, of="step", **more)


def both(*parts: Condition) -> All:
    return All(of=parts)


def either(*parts: Condition) -> Any:
    return Any(of=parts)


def no(part: Condition) -> Not:
    return Not(of=part)


def steps(**more: Anything) -> dict[str, Anything]:
    return {"each": Named(name="all_steps", **more), "name": "step"}


def run_steps(*types: str, name: str = "other", within: str | None = "stage") -> Exists:
    kind = field_is("type", "is", *types, of=name)
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
    "pol-d007": rule("pipeline", clause(field_is("tags.owner", "present"), "tag owner of {document}"),
                     clause(field_is("tags.cost-center", "present"), "tag cost-center")),
    "pol-d008": rule("pipeline", clause(
        Exists(each=Named(name="stages"), name="gate", where=both(
            field_is("type", "is", "Approval", of="gate"),
            Order(first="gate", second="stage", how="directly_before"))),
        MEMBER, where=PRODUCTION, **STAGES)),
    "pol-d009": rule("pipeline", clause(
        step("timeout", "at_least", "10m", measure="duration"), "{step}: {step.timeout}",
        where=step("type", "is", "K8sRollingDeploy"), **steps())),
    "pol-d010": rule("pipeline", clause(
        Every(each=items("spec.tags", "step"), name="tag",
              demand=no(field_is("", "is", "latest", of="tag"))),
        "{step}", where=step("type", "starts_with", "BuildAndPush"), **steps())),
    "pol-d011": rule("pipeline", clause(
        both(stage("spec.infrastructure.type", "is", "KubernetesDirect"),
             stage("spec.infrastructure.spec.namespace", "is", "ci-builds", "ci-builds-arm"),
             no(stage("spec.runtime.type", "is", "Cloud"))),
        MEMBER, where=CI, **STAGES), event="onrun"),
    "pol-d012": rule("pipeline", clause(
        Exists(each=Named(name="steps", within="step.stage"), name="tests", where=both(
            field_is("type", "is", "RunTests", of="tests"), Order(first="tests", second="step"))),
        "{step}", where=both(field_is("type", "is", "CI", of="step.stage"),
                             step("type", "starts_with", "BuildAndPush")),
        each=Named(name="steps"), name="step")),
    "pol-d013": rule("pipeline", clause(
        both(Exists(each=Named(name="environments", within="stage"), name="target"),
             Every(each=Named(name="environments", within="stage"), name="target",
                   demand=field_is("", "is", "dev", "qa", "staging", "prod", of="target",
                               measure="reference"))),
        MEMBER, where=DEPLOYMENT, **STAGES)),
    "pol-d014": rule("pipeline", clause(
        field_is("", "starts_with", "account.", of="secret"), "{secret}",
        each=Named(name="secret_reads"), name="secret")),
    "pol-d015": rule("pipeline", clause(
        step("spec.approvers.minimumCount", "at_least", 2, measure="number"), "{step}",
        where=both(step("type", "is", "HarnessApproval"),
                   Exists(each=Named(name="stages"), name="stage", where=PRODUCTION)), **steps())),
    "pol-d016": rule("pipeline", clause(
        Test(value=CountOf(each=Named(name="stages"), name="stage"), op="at_most", to=(8,)))),
    "pol-d017": rule("service", clause(
        either(no(field_is("manifest.spec.store.spec.branch", "exists", of="manifest")),
               field_is("manifest.spec.store.spec.branch", "is", "main", of="manifest")),
        "manifest '{manifest.manifest.identifier}'",
        each=items("serviceDefinition.spec.manifests"), name="manifest")),
    "pol-d018": rule("service", clause(
        field_is("description", "present", of="variable"), "variable '{variable}'",
        each=items("serviceDefinition.spec.variables"), name="variable")),
    "pol-d019": rule("service", clause(field_is("tags.tier", "is", "1", "2", "3"), "tier"),
                     clause(field_is("tags.oncall", "present"), "oncall",
                            where=field_is("tags.tier", "is", "1"))),
    "pol-d020": rule("environment", clause(
        field_is("name", "starts_with", "prod-"), "{document.name}",
        where=field_is("type", "is", "Production"))),
    "pol-d021": rule("environment", clause(
        field_is("type", "is", "Secret", of="variable"), "{variable}",
        where=field_is("name", "contains", "PASSWORD", "SECRET", "TOKEN", of="variable",
                   ignore_case=True), each=items("variables"), name="variable")),
    "pol-d022": rule("environment", clause(
        UserInGroup(groups=("platform_team",)), where=field_is("type", "is", "Production"))),
    "pol-d023": rule("connector", clause(
        field_is("type", "is", "K8sCluster", "Github", "DockerRegistry", "Vault"))),
    "pol-d024": rule("connector", clause(
        no(field_is("spec.credential.spec.auth.type", "is", "UsernamePassword")),
        where=field_is("type", "is", "K8sCluster"))),
    "pol-d025": rule("connector", clause(
        no(field_is("spec.credential.type", "is", "ManualConfig")), where=field_is("type", "is", "Aws"))),
    "pol-d026": rule("connector", clause(
        either(field_is("spec.url", "is", "https://github.com/halvorsen-labs"),
               field_is("spec.url", "starts_with", "https://github.com/halvorsen-labs/")),
        where=field_is("type", "is", "Github"))),
    "pol-d027": rule("infrastructure", clause(
        no(field_is("spec.connectorRef", "runtime_input"))),
        clause(no(field_is("spec.namespace", "runtime_input")))),
    "pol-d028": rule("infrastructure", clause(
        no(either(field_is("spec.namespace", "is", "default"),
                  field_is("spec.namespace", "starts_with", "kube-"))),
        where=field_is("environmentRef", "is", "prod", measure="reference"))),
    "pol-d029": rule("infrastructure", clause(
        no(field_is("allowSimultaneousDeployments", "is", True)))),
    "pol-d030": rule("template", clause(
        field_is("versionLabel", "matches", r"^[0-9]+\.[0-9]+\.[0-9]+$"))),
    "pol-d031": rule("template", clause(
        run_steps("HarnessApproval"), MEMBER,
        where=both(field_is("type", "is", "Pipeline"), DEPLOYMENT), **STAGES)),
    "pol-d032": rule("template", clause(
        no(field_is("spec.type", "is", "ShellScript")), where=field_is("type", "is", "Step"))),
    "pol-d033": rule("pipeline", clause(
        stage("template.templateRef", "is", "account.golden_k8s_deploy"), MEMBER,
        where=either(DEPLOYMENT, both(no(stage("type", "exists")), stage(
            "template.templateInputs.type", "is", "Deployment"))), **STAGES)),
    "pol-d034": rule("secret", clause(
        field_is("spec.secretManagerIdentifier", "is", "hashivault_prod", measure="reference"),
        where=field_is("type", "is", "SecretText", "SecretFile"))),
    "pol-d035": rule("secret", clause(field_is("description", "present"))),
    "pol-d036": rule("secret", clause(
        no(field_is("name", "contains", "test", "tmp", ignore_case=True)))),
    "pol-d037": rule("variable", clause(
        UserHasRole(roles=("_account_admin",)), where=field_is("name", "starts_with", "PROD_"))),
    "pol-d038": rule("variable", clause(
        no(field_is("value", "contains", "http://", ignore_case=True)))),
    "pol-d039": rule("terraformPlanCost", clause(
        no(field_is("TotalMonthlyCost", "more_than", 5000, measure="number")),
        "{document.TotalMonthlyCost}")),
    "pol-d040": rule("terraformPlanCost", clause(
        no(field_is("PercentageChangeTotalMonthlyCost", "more_than", 20, measure="number")),
        unless=field_is("DiffTotalMonthlyCost", "less_than", 50, measure="number"))),
    "pol-d041": rule("terraformPlanCost", *(clause(
        no(field_is(f"Diff.{kind}.CurrentMonthlyCost", "more_than", limit, measure="number")))
        for kind, limit in (("aws_db_instance", 800), ("aws_nat_gateway", 200)))),
    "pol-d042": rule("securityTests", clause(
        both(no(field_is("CRITICAL", "more_than", 0, of="output", measure="number")),
             no(field_is("HIGH", "more_than", 5, of="output", measure="number"))),
        "{output.HIGH}", each=Named(name="scan_outputs"), name="output")),
    "pol-d043": rule("securityTests", clause(
        Exists(each=Named(name="scan_outputs"), name="output",
               where=field_is("CODE_COVERAGE", "at_least", 80, of="output", measure="number")))),
    "pol-d044": rule("securityTests", clause(
        Every(each=items("details.referenceIdentifiers", "issue"), name="reference",
              demand=no(field_is("id", "is", "CVE-2021-44228", "CVE-2022-22965", of="reference"))),
        "{issue}", each=Named(name="scan_issues"), name="issue")),
    "pol-d045": rule("pipeline", clause(
        Every(each=Named(name="steps"), name="push",
              where=field_is("type", "starts_with", "BuildAndPush", of="push"),
              demand=Exists(each=Named(name="steps"), name="scan", where=both(
                  field_is("type", "is", "AquaTrivy", "Grype", of="scan"),
                  Order(first="push", second="scan"), Order(first="scan", second="stage")))),
        MEMBER, where=PRODUCTION, **STAGES)),
    "pol-d046": rule("pipeline", clause(run_steps("Gitleaks"), MEMBER, where=CI, **STAGES)),
    "pol-d047": rule("sbom", clause(
        Every(each=items("packageLicense", "package"), name="licence",
              demand=no(field_is("", "is", "GPL-3.0", "AGPL-3.0", of="licence", measure="licence"))),
        "{package}", each=items(""), name="package")),
    "pol-d048": rule("sbom", clause(
        no(field_is("packageVersion", "less_than", "2.17.1", of="package", measure="version")),
        "{package}", where=field_is("packageName", "is", "log4j-core", of="package"),
        each=items(""), name="package")),
    "pol-d049": rule("sbom", clause(
        Exists(each=items("packageLicense", "package"), name="licence", where=both(
            field_is("", "present", of="licence"), no(field_is("", "is", "NOASSERTION", of="licence")))),
        "{package}", each=items(""), name="package")),
    "pol-d050": rule("terraformPlan", clause(
        no(Exists(each=items("change.actions", "change"), name="action",
                  where=field_is("", "is", "delete", of="action"))),
        "{change}", where=field_is("type", "is", "aws_db_instance", "aws_s3_bucket", of="change"),
        each=items("resource_changes"), name="change")),
    "pol-d051": rule("terraformPlan", clause(
        field_is("values.instance_type", "is", "t3.micro", "t3.small", "t3.medium", of="resource"),
        "{resource}", where=field_is("type", "is", "aws_instance", of="resource"),
        each=Named(name="planned_resources"), name="resource")),
    "pol-d052": rule("terraformPlan", *(clause(
        field_is(f"change.after.tags.{tag}", "present", of="change"), "{change}: " + tag,
        where=both(field_is("type", "is", "aws_s3_bucket", of="change"), Exists(
            each=items("change.actions", "change"), name="action",
            where=field_is("", "is", "create", of="action"))),
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
        field_is("identifier", "matches", "^[a-z0-9]+_[a-z0-9]+_[a-z0-9]+$"), "{document}")),
    "pol-d060": rule("service", clause(
        both(field_is("name", "matches", "^[a-z][a-z0-9-]*$"),
             Test(value=Length(of=Field(path=("name",))), op="at_least", to=(3,)),
             Test(value=Length(of=Field(path=("name",))), op="at_most", to=(30,))),
        "{document.name}")),
}  # fmt: skip

# Meanings the requests above do not need: every operator, measure, fold, order and window.
NAME = Field(path=("name",))


def during(**window: Anything) -> Rule:
    return rule("pipeline", clause(no(During(**window)), MEMBER, where=PRODUCTION, **STAGES))


def costs(how: str, op: str, limit: Anything) -> Rule:
    fold = Fold(
        how=how,
        each=items("Diff.[].Diff"),
        name="resource",
        value=Field(of="resource", path=("CurrentMonthlyCost",)),
    )
    return rule(
        "terraformPlanCost",
        clause(no(Test(value=fold, op=op, to=(limit,), measure="number")), "{document.Currency}"),
    )


def named(op: str, *to: Anything, **more: Anything) -> Rule:
    return rule("service", clause(no(field_is("name", op, *to, **more)), "{document}: {document.tags}"))


OTHERS: dict[str, Rule] = {
    "token lifetime": rule("token", clause(Test(
        value=Arithmetic(op="minus", left=Field(path=("validTo",)),
                         right=Field(of="metadata", path=("timestamp",))),
        op="at_most", to=(90 * 86400,), measure="instant"))),
    "memory": rule("pipeline", clause(
        step("spec.resources.limits.memory", "at_most", "2Gi", measure="quantity"), "{step}",
        where=step("spec.resources.limits.memory", "exists"), **steps())),
    "weekly": during(weekly=(("Friday", "16:00", "Monday", "06:00"),), zone="America/New_York"),
    "night": during(daily=(("22:00", "06:00"),), zone="Asia/Kolkata"),
    "new year": during(yearly=(("12-20", "01-05"),)),
    "month end": during(last_days_of_month=3, zone="Europe/London"),
    "first days": during(days_of_month=(1, 2), months=(1, 12)),
    "no window": during(),
    "sum": costs("sum", "more_than", 900),
    "highest": costs("highest", "at_least", 500.5),
    "lowest": costs("lowest", "less_than", 1),
    "ratio": rule("terraformPlanCost", clause(no(Test(
        value=Arithmetic(op="over", left=Field(path=("DiffTotalMonthlyCost",)),
                         right=Field(path=("PastTotalMonthlyCost",))),
        op="more_than", to=(0.2,), measure="number")))),
    "product": rule("terraformPlanCost", clause(no(Test(
        value=Arithmetic(op="times", left=Field(path=("TotalMonthlyCost",)),
                         right=Constant(value=12)),
        op="more_than", to=(10000,), measure="number")))),
    "word": named("has_word", "test", "hot fix"),
    "case": named("is", "Prod", "LIVE", ignore_case=True),
    "suffix": named("ends_with", "-tmp", ignore_case=True),
    "pattern": named("matches", "^tmp-", "[0-9]{4}$", ignore_case=True),
    "expression": named("expression"),
    "text order": named("less_than", "m"),
    "by number": named("is", 5, measure="number"),
    "scope": rule("infrastructure", clause(
        field_is("spec.connectorRef", "scope_is", "account", "org"), "{document.spec.connectorRef}")),
    "two fields": rule("infrastructure", clause(
        Test(value=Field(path=("deploymentType",)), op="is", to_value=Field(path=("type",))))),
    "field in field": rule("infrastructure", clause(Test(
        value=Field(path=("name",)), op="starts_with", to_value=Field(path=("environmentRef",)),
        measure="reference"))),
    "keys": rule("service", clause(
        field_is("@key", "matches", "^[a-z]+$", of="tag"), "{tag.@key}={tag}",
        each=items("tags"), name="tag")),
    "firewall": rule("firewall", clause(
        Every(each=items("cves", "package"), name="cve",
              demand=no(field_is("impact.base_score", "at_least", 7, of="cve", measure="number"))),
        "{package}", unless=field_is("licenses", "is", "MIT", of="package", measure="licence"),
        each=items(""), name="package"), clause(
        no(field_is("release_date", "more_than", "2025-06-01", of="package", measure="instant")),
        "{package.version}", where=field_is("version", "at_least", "1.2", of="package",
                                        measure="version"),
        each=items(""), name="package")),
    "owners": rule("featureFlag", clause(
        field_is("ownerType", "is", "team", of="owner"), "{owner.ownerName} of {document}",
        each=Items(of="input", path=("entityMetadata", "owners")), name="owner")),
    "statements": rule("dbSql", clause(
        no(field_is("", "matches", r"drop\s+table", of="statement", ignore_case=True)), "{statement}",
        each=items("sqlStatements"), name="statement")),
    "order": rule("pipeline", clause(
        both(Exists(each=Named(name="steps", within="stage"), name="gate", where=both(
                field_is("type", "is", "HarnessApproval", of="gate"),
                Order(first="gate", second="stage", how="in_front_of_deploys"),
                Order(first="gate", second="stage", how="same_stage"))),
             no(Exists(each=Named(name="steps", within="stage"), name="next", where=both(
                 field_is("type", "is", "ShellScript", of="next"),
                 Exists(each=Named(name="steps", within="stage"), name="prior", where=Order(
                     first="prior", second="next", how="directly_before"))))) ),
        "{stage}: {stage.spec.environment.environmentRef}", where=PRODUCTION, **STAGES)),
    "whole": rule("pipeline", clause(
        either(both(field_is("user.email", "ends_with", "@example.org", of="metadata"),
                    field_is("pipeline.name", "present", of="input")),
               UserHasRole(roles=("_account_admin", "_project_admin"))),
        "{document} by {metadata.user} at {input.metadata.timestamp}"), event="onrun"),
    "targets": rule("pipeline", clause(
        field_is("", "is", "shop", "cart", of="service", measure="reference"), "{service}",
        each=Named(name="services"), name="service"), clause(
        no(field_is("", "contains", "old", of="place")), "{place}",
        each=Named(name="infrastructures"), name="place"), clause(
        field_is("versionLabel", "exists", of="link"), "{link.templateRef}",
        each=Named(name="templates_used"), name="link"), clause(
        no(field_is("", "has_word", "secrets", of="inside")), "{inside}",
        each=Named(name="expressions"), name="inside"), clause(
        Test(value=Length(of=Field(of="group", path=("steps",))), op="less_than", to=(3,)),
        "{group}", each=Named(name="step_groups"), name="group"), clause(
        no(field_is("type", "is", "Wait", of="back")), "{back} of {back.stage}",
        each=Named(name="rollback_steps"), name="back")),
    "same sibling names": rule("pipeline", clause(
        both(run_steps("Semgrep"), run_steps("Gitleaks")), MEMBER, where=both(
            run_steps("Run"), run_steps("BuildAndPushGCR", "BuildAndPushECR", "Wait", "Email")),
        **STAGES)),
    "never and always": rule("pipeline", clause(either(), "never"), clause(both(), "always"),
                             clause(no(field_is("name", "is")), "no options")),
    "stage templates": rule("template", clause(
        no(step("type", "is", "ShellScript")), "{step} in {step.stage}", **steps()), clause(
        stage("timeout", "at_most", "1d", measure="duration"), MEMBER, **STAGES)),
    "state": rule("terraformState", clause(
        Every(each=items("instances", "resource"), name="instance",
              demand=field_is("attributes.tags.Owner", "present", of="instance")), "{resource}",
        where=field_is("type", "starts_with", "aws_", of="resource"),
        each=items("resources"), name="resource"), clause(
        Test(value=CountOf(each=items("resources"), name="resource", where=field_is(
            "mode", "is", "managed", of="resource")), op="at_least", to=(1,)), "none managed")),
}  # fmt: skip
