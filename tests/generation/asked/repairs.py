"""Requests to repair a document: what was typed, what may not change, and what the result must have."""

from __future__ import annotations

from typing import Any

from tests.generation.asked.documents import (
    approve,
    connector,
    environment,
    infra,
    pipe,
    secret,
    service,
    st,
    template,
    variable,
)

Json = dict[str, Any]
WHERE = ("identifier", "orgIdentifier", "projectIdentifier")
ROOTS = (
    "variable",
    "pipeline",
    "serviceEntity",
    "environmentEntity",
    "infrastructureEntity",
    "entity",
    "secret",
    "template",
)


def fix(request: str, policies: str, document: Json, keep: str = "", *have: Json, category: str, paths: tuple[str, ...] = (),
        loose: tuple[str, ...] = (), impossible: bool = False) -> Json:  # fmt: skip
    """policies    names of files in `rules/`
    keep        identifiers that must stay as they are
    loose       keys of the root that may change
    impossible  no edit that was asked for passes: the answer has no document and says what still objects"""
    root = next(key for key in ROOTS if key in document)
    kept = [f"$..[?@.identifier=='{name}']" for name in keep.split()]
    kept += [f"$.{root}.{key}" for key in WHERE if key not in loose and key in document[root]]
    checks = {"policies_must_pass": policies.split(), "must_keep": [*kept, *paths], "must_have": list(have)}
    found = {
        "category": category,
        "entity": root,
        "request": request,
        "policies": policies.split(),
        "document": document,
    }
    return {**found, "checks": checks, **({"impossible": True} if impossible else {})}


def value(path: str, equals: Any) -> Json:
    return {"fact": "value", "path": path, "equals": equals}


def of(identifier: str, rest: str, equals: Any) -> Json:
    return value(f"$..[?@.identifier=='{identifier}'].{rest}", equals)


def present(kind: str, stage: str = "") -> Json:
    return {"fact": "step_present", "type": kind, **({"stage": stage} if stage else {})}


def absent(identifier: str) -> Json:
    return {"fact": "step_absent", "identifier": identifier}


def first(one: Json, then: Json) -> Json:
    return {"fact": "step_order", "first": one, "then": then}


def ident(name: str) -> Json:
    return {"identifier": name}


def build(
    *steps: Json,
    name: str = "Build",
    ident: str = "build",
    connector: str = "account.k8s_shared",
    **more: Json,
) -> Json:
    """A CI stage on the shared cluster."""
    farm = {"type": "KubernetesDirect", "spec": {"connectorRef": connector, "namespace": "ci", "os": "Linux"}}
    spec = {"cloneCodebase": True, "execution": {"steps": list(steps)}, "infrastructure": farm}
    return {
        "stage": {"identifier": ident, "name": name, "description": "", "type": "CI", "spec": spec, **more}
    }


def roll(
    env: str,
    *extra: Json,
    name: str = "",
    ident: str = "",
    rollback: bool = True,
    fails: bool = True,
    after: tuple[Json, ...] = (),
) -> Json:
    """A deployment stage with a rolling update."""
    back = [st("K8sRollingRollback", f"undo_{env}", pruningEnabled=False)] if rollback else []
    execution = {
        "steps": [*extra, st("K8sRollingDeploy", f"rollout_{env}", skipDryRun=False), *after],
        **({"rollbackSteps": back} if rollback else {}),
    }
    spec = {"deploymentType": "Kubernetes", "service": {"serviceRef": "depot_api"}, "execution": execution,
            "environment": {"environmentRef": env, "deployToAll": False, "infrastructureDefinitions": [{"identifier": f"k8s_{env}"}]}}  # fmt: skip
    stage = {
        "identifier": ident or f"deploy_{env}",
        "name": name or f"Deploy {env}",
        "description": "",
        "type": "Deployment",
        "spec": spec,
    }
    if fails:
        stage["failureStrategies"] = [
            {"onFailure": {"errors": ["AllErrors"], "action": {"type": "StageRollback"}}}
        ]
    return {"stage": stage}


def linked(env: str, version: str, ident: str = "") -> Json:
    """A deployment stage from the library's template."""
    rows = [{"name": name, "type": "String", "value": said} for name, said in
            (("service_ref", "depot_api"), ("environment_ref", env), ("infra_ref", f"k8s_{env}"))]  # fmt: skip
    link = {
        "templateRef": "account.k8s_rolling_deploy",
        "versionLabel": version,
        "templateInputs": {"variables": rows},
    }
    return {"stage": {"identifier": ident or f"deploy_{env}", "name": f"Deploy {env}", "template": link}}


def gate(*groups: str, name: str = "Sign off", ident: str = "sign_off", **more: Any) -> Json:
    step = approve(*groups, **more)
    step["step"] |= {"identifier": f"{ident}_step", "name": f"Ask for {name.lower()}"}
    return {
        "stage": {
            "identifier": ident,
            "name": name,
            "type": "Approval",
            "spec": {"execution": {"steps": [step]}},
        }
    }


def unit_tests(ident: str = "unit", kind: str = "RunTests") -> Json:
    return st(kind, ident, "15m", language="Java", buildTool="Gradle")


def run(ident: str = "compile", timeout: str | None = "10m", **spec: Any) -> Json:
    return st("Run", ident, timeout, **{"shell": "Bash", "command": "make", **spec})


def push(
    ident: str = "push_image",
    repo: str = "harbor.halden.example/yard/depot",
    tags: tuple[str, ...] = ("<+pipeline.sequenceId>",),
) -> Json:
    return st(
        "BuildAndPushDockerRegistry",
        ident,
        "15m",
        connectorRef="account.harbor_main",
        repo=repo,
        tags=list(tags),
    )


def scan(kind: str, ident: str) -> Json:
    return st(kind, ident, "20m", mode="orchestration", config="default")


RELEASE = (build(run(), unit_tests(), push()), roll("staging"), roll("prod"))
PROD = "$..[?@.identifier=='deploy_prod']"


def before_production(group: str = "") -> Json:
    return {"fact": "approval_before", "environment": "prod", **({"group": group} if group else {})}


GATES, SCANS, SHAPE, VALUES, MANY, VAGUE, NO = (
    "approvals",
    "scans",
    "shape",
    "values",
    "several",
    "vague",
    "impossible",
)

ITEMS = [
    # approvals
    fix("A human has to say yes before we go live.", "approval_before_production", pipe(*RELEASE), "build deploy_staging deploy_prod", before_production(), category=GATES),
    fix("insert approval by release managers between staging and prod", "approval_before_production", pipe(*RELEASE), "build deploy_staging deploy_prod",
        before_production("release_managers"), category=GATES),
    fix("security must sign off production", "security_approves_production", pipe(*RELEASE), "build deploy_staging deploy_prod", before_production("security_team"), category=GATES),
    fix("add the security team to the existing approval", "security_approves_production", pipe(build(run()), gate("account.release_managers"), roll("prod")), "build deploy_prod",
        {"fact": "contains_item", "path": "$..[?@.identifier=='sign_off_step'].spec.approvers.userGroups", "item": "security_team", "unscoped": True},
        {"fact": "contains_item", "path": "$..[?@.identifier=='sign_off_step'].spec.approvers.userGroups", "item": "release_managers", "unscoped": True}, category=GATES),
    fix("please add an aproval stage in front of each of the two production regions, change board approves", "approval_before_production",
        pipe(build(run()), roll("staging"), roll("prod_nordic"), roll("prod_us")), "build deploy_staging deploy_prod_nordic deploy_prod_us",
        {"fact": "approval_before", "environment": "prod_nordic", "group": "change_board"}, {"fact": "approval_before", "environment": "prod_us", "group": "change_board"}, category=GATES),
    fix("make it two people", "two_approvers", pipe(build(run()), gate("account.sre"), roll("prod")), "build deploy_prod",
        of("sign_off_step", "spec.approvers.minimumCount", 2), of("sign_off_step", "spec.approvers.userGroups", ["account.sre"]), category=GATES),
    fix("at least 3 approvals from now on", "two_approvers", pipe(build(run()), gate("account.sre"), roll("prod")), "build deploy_prod",
        of("sign_off_step", "spec.approvers.minimumCount", 3), category=GATES),
    fix("you shouldn't be able to approve your own run", "not_your_own", pipe(build(run()), gate("account.sre", block_executor=False), roll("prod")), "build deploy_prod",
        of("sign_off_step", "spec.approvers.disallowPipelineExecutor", True), of("sign_off_step", "spec.approvers.minimumCount", 1), category=GATES),
    fix("Let the change board approve instead of SRE, and not the person who started it.", "not_your_own", pipe(build(run()), gate("account.sre", block_executor=False), roll("prod")), "build deploy_prod",
        of("sign_off_step", "spec.approvers.disallowPipelineExecutor", True), of("sign_off_step", "spec.approvers.userGroups", ["account.change_board"]), category=GATES),
    # scans
    fix("scan for secrets first thing in the build", "secret_scan_in_builds", pipe(build(run(), unit_tests(), push()), roll("staging")), "compile unit push_image deploy_staging",
        present("Gitleaks", "build"), first({"type": "Gitleaks"}, ident("compile")), category=SCANS),
    fix("add gitleaks to every build", "secret_scan_in_builds", pipe(build(run()), build(run("compile_ui"), name="Build UI", ident="build_ui"), roll("qa")), "compile compile_ui deploy_qa",
        present("Gitleaks", "build"), present("Gitleaks", "build_ui"), category=SCANS),
    fix("We use Sonarqube for that, put it behind the unit tests.", "sast_before_deployment", pipe(build(run(), unit_tests(), push()), roll("staging")), "compile unit push_image deploy_staging",
        present("Sonarqube", "build"), first(ident("unit"), {"type": "Sonarqube"}), category=SCANS),
    fix("add static analysis to the build", "sast_before_deployment", pipe(build(run(), push()), roll("staging")), "compile push_image deploy_staging", category=SCANS),
    fix("check the image with Grype once it has been pushed", "image_scan_after_push", pipe(build(run(), push()), roll("staging")), "compile push_image deploy_staging",
        first(ident("push_image"), {"type": "Grype"}), category=SCANS),
    fix("the trivy scan has to come after the push", "image_scan_after_push", pipe(build(run(), scan("AquaTrivy", "image_scan"), push()), roll("staging")),
        "compile image_scan push_image deploy_staging", first(ident("push_image"), ident("image_scan")), category=SCANS),
    # shape: remove, move, order
    fix("get rid of the script in prod", "no_scripts_in_production", pipe(build(run()), roll("prod", after=(st("ShellScript", "warm_cache", script="x"),))), "build rollout_prod undo_prod",
        absent("warm_cache"), category=SHAPE),
    fix("drop warm_cache", "no_scripts_in_production", pipe(build(run()), roll("staging", after=(st("ShellScript", "seed", script="y"),)), roll("prod", after=(st("ShellScript", "warm_cache", script="x"),))),
        "build deploy_staging rollout_prod", absent("warm_cache"), category=SHAPE),
    fix("we don't need the mail step any more", "no_mail_steps", pipe(build(run(), st("Email", "tell_everyone", to="all@halden.example", subject="done")), roll("qa")), "compile deploy_qa",
        absent("tell_everyone"), category=SHAPE),
    fix("unit tests before the push please", "tests_before_push", pipe(build(run(), push(), unit_tests()), roll("qa")), "compile push_image unit deploy_qa",
        first(ident("unit"), ident("push_image")), category=SHAPE),
    fix("first test, then push", "tests_before_push", pipe(build(run(), push(), unit_tests()), roll("qa")), "compile push_image unit deploy_qa",
        first(ident("unit"), ident("push_image")), category=SHAPE),
    fix("Swap staging and production, staging has to come first.", "staging_first", pipe(build(run()), roll("prod"), roll("staging")), "build deploy_prod deploy_staging",
        {"fact": "environment_order", "environments": ["staging", "prod"]}, category=SHAPE),
    fix("move the staging deployment in front of production", "staging_first", pipe(build(run()), gate("account.sre"), roll("prod"), roll("staging")), "build sign_off deploy_prod deploy_staging",
        {"fact": "environment_order", "environments": ["staging", "prod"]}, category=SHAPE),
    fix("delete the stage for freight_live", "no_freight_live", pipe(build(run()), roll("staging"), roll("freight_live")), "build deploy_staging", absent("deploy_freight_live"), category=SHAPE),
    fix("add rollback steps to the staging deployment", "rollback_steps", pipe(build(run()), roll("staging", rollback=False), roll("prod")), "build rollout_staging deploy_prod", category=SHAPE),
    fix("roll the stage back if it fails", "failure_strategies", pipe(build(run()), roll("prod", fails=False)), "build", paths=(f"{PROD}.spec",), category=SHAPE),
    fix("when the production deployment fails, someone should be asked what to do", "failure_strategies", pipe(build(run()), roll("staging"), roll("prod", fails=False)), "build deploy_staging", paths=(f"{PROD}.spec",), category=SHAPE),
    # values
    fix("limit it to 20 minutes", "short_steps", pipe(build(run("integration", "2h"), push()), roll("qa")), "push_image deploy_qa", of("integration", "timeout", "20m"), of("integration", "spec.command", "make"), category=VALUES),
    fix("timeout of a quarter of an hour for integration", "short_steps", pipe(build(run("integration", "90m"), push()), roll("qa")), "push_image deploy_qa", of("integration", "timeout", "15m"), category=VALUES),
    fix("the compile step should give up after 25 min", "short_steps", pipe(build(run("compile", None), push()), roll("qa")), "push_image deploy_qa", of("compile", "timeout", "25m"), category=VALUES),
    fix("push to our harbor instead: harbor.halden.example/yard/depot", "own_registry", pipe(build(run(), push(repo="docker.io/halden/depot")), roll("qa")), "compile deploy_qa",
        of("push_image", "spec.repo", "harbor.halden.example/yard/depot"), of("push_image", "spec.tags", ["<+pipeline.sequenceId>"]), category=VALUES),
    fix("replace docker.io/halden by harbor.halden.example/yard", "own_registry", pipe(build(run(), push(repo="docker.io/halden/depot")), roll("qa")), "compile deploy_qa",
        of("push_image", "spec.repo", "harbor.halden.example/yard/depot"), category=VALUES),
    fix("use node:22.11", "pinned_images", pipe(build(run(image="node:latest", command="npm ci")), roll("qa")), "deploy_qa", of("compile", "spec.image", "node:22.11"), of("compile", "spec.command", "npm ci"), category=VALUES),
    fix("pin it to version 22.11", "pinned_images", pipe(build(run(image="node:latest", command="npm ci")), roll("qa")), "deploy_qa", of("compile", "spec.image", "node:22.11"), category=VALUES),
    fix("2Gi of memory are enough", "memory_limits", pipe(build(run(resources={"limits": {"memory": "8Gi", "cpu": "2"}}), push()), roll("qa")), "push_image deploy_qa",
        of("compile", "spec.resources.limits.memory", "2Gi"), of("compile", "spec.resources.limits.cpu", "2"), category=VALUES),
    fix("give it 1Gi", "memory_limits", pipe(build(run(), push()), roll("qa")), "push_image deploy_qa", of("compile", "spec.resources.limits.memory", "1Gi"), of("compile", "spec.command", "make"), category=VALUES),
    fix("owner: team-yard, cost_centre: 7040", "tags_for_cost", pipe(build(run()), roll("qa"), tags={"tier": "2"}), "build deploy_qa", value("$.pipeline.tags.owner", "team-yard"),
        value("$.pipeline.tags.cost_centre", "7040"), value("$.pipeline.tags.tier", "2"), category=VALUES),
    fix("the cost centre is 7040", "tags_for_cost", pipe(build(run()), roll("qa"), tags={"owner": "team-yard"}), "build deploy_qa", value("$.pipeline.tags.cost_centre", "7040"),
        value("$.pipeline.tags.owner", "team-yard"), category=VALUES),
    fix("call it yard_depot_release", "snake_identifiers", pipe(build(run()), roll("qa"), identifier="DepotRelease", name="Depot Release"), "build deploy_qa", value("$.pipeline.identifier", "yard_depot_release"),
        value("$.pipeline.name", "Depot Release"), loose=("identifier",), category=VALUES),
    fix("build on the shared cluster", "shared_cluster", pipe(build(run(), connector="account.k8s_nordic"), roll("qa")), "compile deploy_qa", of("build", "spec.infrastructure.spec.connectorRef", "account.k8s_shared"),
        of("build", "spec.infrastructure.spec.namespace", "ci"), category=VALUES),
    fix("don't run privileged", "no_privileged_steps", pipe(build(run(privileged=True), push()), roll("qa")), "push_image deploy_qa", category=VALUES),
    fix("take version 2.3.0 of the template", "current_stage_template", pipe(build(run()), linked("qa", "1.0.0"), linked("prod", "2.3.0")), "build deploy_prod", of("deploy_qa", "template.versionLabel", "2.3.0"),
        of("deploy_qa", "template.templateRef", "account.k8s_rolling_deploy"), category=VALUES),
    fix("upgrade both stages to 2.3.0", "current_stage_template", pipe(build(run()), linked("qa", "1.0.0"), linked("prod", "2.0.0")), "build", of("deploy_qa", "template.versionLabel", "2.3.0"),
        of("deploy_prod", "template.versionLabel", "2.3.0"), category=VALUES),
    fix("call the https address", "https_only", pipe(build(st("Http", "ping", url="http://hook.halden.example/a", method="POST"), run()), roll("qa")), "compile deploy_qa",
        of("ping", "spec.url", "https://hook.halden.example/a"), of("ping", "spec.method", "POST"), category=VALUES),
    fix("deploy to prod_nordic instead (infrastructure k8s_prod_nordic)", "no_freight_live", pipe(build(run()), roll("freight_live", ident="deploy_live", name="Deploy live")), "build rollout_freight_live",
        of("deploy_live", "spec.environment.environmentRef", "prod_nordic"), of("deploy_live", "spec.environment.infrastructureDefinitions[0].identifier", "k8s_prod_nordic"), category=VALUES),
    fix("Description: builds the depot API and brings it to QA", "described_pipelines", pipe(build(run()), roll("qa"), description="wip"), "build deploy_qa",
        value("$.pipeline.description", "builds the depot API and brings it to QA"), category=VALUES),
    fix("read the overlay from main as well", "manifests_from_main", service(serviceDefinition={"type": "Kubernetes", "spec": {"manifests": [
        {"manifest": {"identifier": "base", "type": "K8sManifest", "spec": {"store": {"type": "Github", "spec": {"branch": "main", "paths": ["base"]}}}}},
        {"manifest": {"identifier": "overlay", "type": "K8sManifest", "spec": {"store": {"type": "Github", "spec": {"branch": "wip/tuning", "paths": ["overlay"]}}}}}]}}), "base",
        of("overlay", "spec.store.spec.branch", "main"), of("overlay", "spec.store.spec.paths", ["overlay"]), category=VALUES),
    fix("owner is freight-devs", "service_owner", service(tags={"tier": "1"}), "", value("$.serviceEntity.tags.owner", "freight-devs"), value("$.serviceEntity.tags.tier", "1"), category=VALUES),
    fix("run it on the delegate", "connector_delegate", connector("Git", spec={"url": "https://git.halden.example", "executeOnDelegate": False}), "", value("$.entity.spec.url", "https://git.halden.example"), category=VALUES),
    fix("then use https", "connector_tls", connector("Git", spec={"url": "http://git.halden.example/ops", "executeOnDelegate": True}), "", value("$.entity.spec.url", "https://git.halden.example/ops"), category=VALUES),
    fix("put it into vault_main", "secrets_in_vault", secret(spec={"secretManagerIdentifier": "aws_sm", "valueType": "Reference"}), "", value("$.secret.spec.valueType", "Reference"), category=VALUES),
    fix("it is a production environment", "production_type", environment(identifier="prod_test", type="PreProduction", name="prod test"), "", value("$.environmentEntity.type", "Production"), category=VALUES),
    fix("version 3.0.1", "template_semver", template(identifier="t_x", versionLabel="3.0-final"), "", value("$.template.versionLabel", "3.0.1"), category=VALUES),
    fix("namespace yard-qa", "own_namespace", infra(spec={"namespace": "default", "connectorRef": "account.k8s_shared", "releaseName": "r"}), "", value("$.infrastructureEntity.spec.namespace", "yard-qa"),
        value("$.infrastructureEntity.spec.releaseName", "r"), category=VALUES),
    fix("one deployment after the other", "one_deployment_at_a_time", infra(allowSimultaneousDeployments=True, spec={"namespace": "yard"}), "", value("$.infrastructureEntity.spec.namespace", "yard"), category=VALUES),
    # several violations or wishes
    fix("add gitleaks at the start of the build and cap the integration step at 30 minutes", "secret_scan_in_builds short_steps", pipe(build(run("integration", "1h"), push()), roll("qa")), "push_image deploy_qa",
        first({"type": "Gitleaks"}, ident("integration")), of("integration", "timeout", "30m"), category=MANY),
    fix("Owner team-yard, cost centre 7040, and let the release managers approve before prod.", "tags_for_cost approval_before_production", pipe(build(run()), roll("staging"), roll("prod")), "build deploy_staging deploy_prod",
        value("$.pipeline.tags.owner", "team-yard"), value("$.pipeline.tags.cost_centre", "7040"), before_production("release_managers"), category=MANY),
    fix("remove the mail step and use https for the ping", "no_mail_steps https_only", pipe(build(st("Http", "ping", url="http://hook.halden.example/a", method="GET"), run(), st("Email", "mail", to="a@b.example", subject="s")), roll("qa")),
        "compile deploy_qa", absent("mail"), of("ping", "spec.url", "https://hook.halden.example/a"), category=MANY),
    fix("two approvers, none of them the one who started it", "two_approvers not_your_own", pipe(build(run()), gate("account.sre", block_executor=False), roll("prod")), "build deploy_prod",
        of("sign_off_step", "spec.approvers.minimumCount", 2), of("sign_off_step", "spec.approvers.disallowPipelineExecutor", True), category=MANY),
    fix("lower both timeouts to 30m", "short_steps", pipe(build(run("integration", "1h"), run("load", "2h")), roll("qa")), "deploy_qa", of("integration", "timeout", "30m"), of("load", "timeout", "30m"), category=MANY),
    fix("integration 20 minutes, load 30 minutes", "short_steps", pipe(build(run("integration", "1h"), run("load", "2h")), roll("qa")), "deploy_qa", of("integration", "timeout", "20m"), of("load", "timeout", "30m"), category=MANY),
    # vague
    fix("make it pass", "no_privileged_steps", pipe(build(run(privileged=True), push()), roll("qa")), "push_image deploy_qa", of("compile", "spec.command", "make"), category=VAGUE),
    fix("fix it", "not_your_own", pipe(build(run()), gate("account.sre", block_executor=False), roll("prod")), "build deploy_prod", category=VAGUE),
    fix("do what the policy says", "no_mail_steps", pipe(build(run(), st("Email", "mail", to="a@b.example", subject="s")), roll("qa")), "compile deploy_qa", absent("mail"), category=VAGUE),
    fix("ok, please sort that out for me", "secret_scan_in_builds", pipe(build(run(), push()), roll("qa")), "compile push_image deploy_qa", present("Gitleaks", "build"), category=VAGUE),
    fix("whatever is needed", "shared_cluster two_approvers", pipe(build(run(), connector="account.k8s_nordic"), gate("account.sre"), roll("prod")), "compile deploy_prod",
        of("build", "spec.infrastructure.spec.connectorRef", "account.k8s_shared"), of("sign_off_step", "spec.approvers.minimumCount", 2), category=VAGUE),
    fix("just make the violation go away", "secrets_in_vault", secret(spec={"secretManagerIdentifier": "aws_sm", "valueType": "Reference"}), "", value("$.secret.spec.secretManagerIdentifier", "vault_main"), category=VAGUE),
    fix("can you take care of both?", "failure_strategies rollback_steps", pipe(build(run()), roll("qa", fails=False, rollback=False)), "build rollout_qa", category=VAGUE),
    fix("fix this please", "tests_before_push", pipe(build(run(), push(), unit_tests()), roll("qa")), "compile push_image unit deploy_qa", category=VAGUE),
    # nothing that was asked for passes: no document, and the answer says what still objects
    fix("fix it", "tags_for_cost", pipe(build(run()), roll("qa")), category=NO, impossible=True),
    fix("give it 2 hours", "short_steps", pipe(build(run("integration", "1h"), push()), roll("qa")), category=NO, impossible=True),
    fix("just take the approval out", "two_approvers approval_before_production", pipe(build(run()), gate("account.sre"), roll("prod")), category=NO, impossible=True),
    fix("save it anyway", "no_friday_saves", pipe(build(run()), roll("qa")), category=NO, impossible=True),
    fix("make it pass", "only_release_managers", pipe(build(run()), roll("prod")), category=NO, impossible=True),
    fix("use the memory of 16Gi", "memory_limits", pipe(build(run(resources={"limits": {"memory": "8Gi"}})), roll("qa")), category=NO, impossible=True),
    fix("remove the production stage's policy check", "approval_before_production", pipe(build(run()), roll("staging"), roll("prod")), category=NO, impossible=True),
    fix("exempt this pipeline", "no_scripts_in_production", pipe(build(run()), roll("prod", after=(st("ShellScript", "warm_cache", script="x"),))), category=NO, impossible=True),
    fix("push to docker.io/halden/other", "own_registry", pipe(build(run(), push(repo="docker.io/halden/depot")), roll("qa")), category=NO, impossible=True),
    # a second list, written after the first one had been met
    fix("Please let somebody from finance operations look over it before it goes to production", "approval_before_production", pipe(*RELEASE), "build deploy_staging deploy_prod", before_production("finance_ops"), category=GATES),
    fix("approval needed in front of prod, from the QA guild and two of them", "approval_before_production two_approvers", pipe(*RELEASE), "build deploy_staging deploy_prod", before_production("qa_guild"), category=GATES),
    fix("The change board has to be among the approvers.", "security_approves_production", pipe(build(run()), gate("account.release_managers"), roll("prod")), category=NO, impossible=True),
    fix("manual gate before deploy prod", "approval_before_production", pipe(*RELEASE), "build deploy_staging deploy_prod", before_production(), category=GATES),
    fix("set the approval message to 'Check the release notes'", "approval_message", pipe(build(run()), gate("account.sre"), roll("prod")), "build deploy_prod",
        of("sign_off_step", "spec.approvalMessage", "Check the release notes"), category=VALUES),
    fix("let the approval expire after 2 days", "approval_window", pipe(build(run()), {"stage": {**gate("account.sre")["stage"], "spec": {"execution": {"steps": [{"step": {
        "identifier": "sign_off_step", "name": "Ask", "type": "HarnessApproval", "timeout": "1w", "spec": {"approvers": {"userGroups": ["account.sre"], "minimumCount": 1}}}}]}}}}, roll("prod")), "build deploy_prod",
        of("sign_off_step", "timeout", "2d"), category=VALUES),
    fix("add a Verify step to prod after the rollout", "verified_production", pipe(build(run()), roll("prod")), "build rollout_prod undo_prod", present("Verify", "deploy_prod"),
        first(ident("rollout_prod"), {"type": "Verify"}), category=SHAPE),
    fix("make the scan fail on critical", "scan_blocks_on_critical", pipe(build(run(), scan("Semgrep", "sast")), roll("qa")), "compile deploy_qa", of("sast", "spec.mode", "orchestration"), category=VALUES),
    fix("DB_PASSWORD should be a secret", "secrets_as_references", pipe(build(run()), roll("qa"), variables=[{"name": "DB_PASSWORD", "type": "String", "value": "<+input>"}, {"name": "REGION", "type": "String", "value": "eu"}]),
        "build deploy_qa", value("$.pipeline.variables[0].type", "Secret"), value("$.pipeline.variables[1].type", "String"), category=VALUES),
    fix("use bash", "bash_only", pipe(build(run(**{"shell": "Sh"}), run("other")), roll("qa")), "other deploy_qa", of("compile", "spec.shell", "Bash"), of("compile", "spec.command", "make"), category=VALUES),
    fix("build on linux", "linux_builds", pipe(build(run(), push()), roll("qa")) | {"pipeline": {**pipe()["pipeline"], "stages": [{"stage": {**build(run())["stage"], "spec": {**build(run())["stage"]["spec"], "platform": {"os": "Windows", "arch": "Amd64"}}}}, roll("qa")]}},
        "compile deploy_qa", of("build", "spec.platform.os", "Linux"), of("build", "spec.platform.arch", "Amd64"), category=VALUES),
    fix("inherit the credentials from the delegate", "hosted_connector_auth", connector("Aws", spec={"credential": {"type": "ManualConfig", "spec": {"accessKey": "x", "secretKeyRef": "k"}}, "region": "eu"}), "",
        value("$.entity.spec.credential.type", "InheritFromDelegate"), value("$.entity.spec.region", "eu"), category=VALUES),
    fix("rename the identifier to cart_api", "service_names", service(identifier="cart", name="cart"), "", value("$.serviceEntity.identifier", "cart_api"), value("$.serviceEntity.name", "cart"), loose=("identifier",), category=VALUES),
    fix("Describe it as: builds and scans a Java service", "described_templates", template(identifier="t_x", versionLabel="1.0.0"), "", value("$.template.description", "builds and scans a Java service"), category=VALUES),
    fix("make it a secret", "variable_secret", variable(identifier="SLACK_TOKEN", name="SLACK_TOKEN", type="String"), "", value("$.variable.type", "Secret"), category=VALUES),
    fix("the description must say what it does: nightly export of tolls to finance", "described_pipelines", pipe(build(run()), roll("qa")), "build deploy_qa",
        value("$.pipeline.description", "nightly export of tolls to finance"), category=VALUES),
    fix("no e-mails, and the compile step gets 10 minutes at most", "no_mail_steps short_steps", pipe(build(run("compile", "1h"), st("Email", "mail", to="a@b.example", subject="s")), roll("qa")), "deploy_qa",
        absent("mail"), of("compile", "timeout", "10m"), category=MANY),
    fix("remove the shell script and add a HarnessApproval for SRE before production", "no_scripts_in_production approval_before_production", pipe(build(run()), roll("staging"), roll("prod", after=(st("ShellScript", "warm_cache", script="x"),))),
        "build deploy_staging rollout_prod", absent("warm_cache"), before_production("sre"), category=MANY),
    fix("tag it with owner=team-yard and cost_centre=7040, and rename it to yard_depot", "tags_for_cost snake_identifiers", pipe(build(run()), roll("qa"), identifier="YardDepot", name="Yard Depot"), "build deploy_qa",
        value("$.pipeline.tags.owner", "team-yard"), value("$.pipeline.identifier", "yard_depot"), loose=("identifier",), category=MANY),
    fix("Pin node to 22.11 and golang to 1.24.", "pinned_images", pipe(build(run(image="node:latest"), run("tool", image="golang:latest")), roll("qa")), "deploy_qa",
        of("compile", "spec.image", "node:22.11"), of("tool", "spec.image", "golang:1.24"), category=MANY),
    fix("first the scan, after that the rest of the build", "secret_scan_in_builds", pipe(build(run(), unit_tests()), roll("qa")), "compile unit deploy_qa", present("Gitleaks", "build"), category=SCANS),
    fix("trivy after push_image", "image_scan_after_push", pipe(build(run(), push()), roll("staging")), "compile push_image deploy_staging", first(ident("push_image"), {"type": "AquaTrivy"}), category=SCANS),
    fix("CodeQL scan before anything is deployed", "sast_before_deployment", pipe(build(run(), push()), roll("staging")), "compile push_image deploy_staging", present("CodeQL"), category=SCANS),
    fix("put the approval directly before production, it is in the wrong place", "approval_before_production", pipe(build(run()), roll("staging"), roll("prod"), gate("account.sre")), "build deploy_staging deploy_prod sign_off",
        before_production("sre"), category=SHAPE),
    fix("kick the freight_live deployment out", "no_freight_live", pipe(build(run()), roll("staging"), roll("freight_live")), "build deploy_staging", absent("deploy_freight_live"), category=SHAPE),
    fix("Use the golden stage template in version 2.3.0 for qa", "deploy_from_template", pipe(build(run()), roll("qa")), "build",
        {"fact": "template_stage", "template": "k8s_rolling_deploy", "inputs": {"service_ref": "depot_api", "environment_ref": "qa"}}, category=SHAPE),
    fix("please comply with the policy", "no_scripts_in_production", pipe(build(run()), roll("prod", after=(st("ShellScript", "warm_cache", script="x"),))), "build rollout_prod undo_prod", absent("warm_cache"), category=VAGUE),
    fix("repair", "one_deployment_at_a_time", infra(allowSimultaneousDeployments=True, spec={"namespace": "yard"}), "", value("$.infrastructureEntity.spec.namespace", "yard"), category=VAGUE),
    fix("solve all the problems", "approval_before_production security_approves_production", pipe(*RELEASE), "build deploy_staging deploy_prod", before_production("security_team"), category=VAGUE),
    fix("fix it", "described_pipelines", pipe(build(run()), roll("qa"), description="wip"), category=NO, impossible=True),
    fix("do what is needed", "own_namespace", infra(spec={"namespace": "default", "connectorRef": "account.k8s_shared"}), category=NO, impossible=True),
    fix("fix", "no_more_than_six_stages", pipe(*[roll(e, ident=f"d{n}") for n, e in enumerate(("dev", "qa", "perf", "staging", "preprod", "prod", "prod_us"))]), category=NO, impossible=True),
    fix("use node:latest again", "pinned_images", pipe(build(run(image="node:latest")), roll("qa")), category=NO, impossible=True),
]  # fmt: skip
