"""Forty golden templates in several versions, built from a table so that each differs where it should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One template: what it builds, how, and which versions there have been (the last is stable)."""

    identifier: str
    name: str
    type: str
    description: str
    tags: dict[str, str]
    versions: tuple[str, ...] = ("1.0.0",)
    golden: bool = True
    lifecycle: str = "approved"
    deprecation: str = ""
    owner: str = "platform_team"
    scope: str = "halden"
    build: str = ""
    scan: str = "Semgrep"
    restricted: bool = False
    inputs: tuple[tuple[str, str, str], ...] = field(default_factory=tuple)  # (name, description, default)


def service(
    identifier: str,
    name: str,
    language: str,
    build: str,
    versions: tuple[str, ...],
    scan: str = "Semgrep",
    **more: Any,
) -> Row:
    """A pipeline that builds, scans, deploys to staging, asks and deploys to production."""
    text = more.pop("text", "Build, test and scan, roll out to staging, ask for approval, then production.")
    return Row(
        identifier, name, "Pipeline", text, {"language": language, "platform": "kubernetes"}, versions,
        build=build, scan=scan, **more,
    )  # fmt: skip


def stage(
    identifier: str, name: str, text: str, tags: dict[str, str], versions: tuple[str, ...], build: str
) -> Row:
    return Row(identifier, name, "Stage", text, tags, versions, build=build)


def step(identifier: str, name: str, text: str, tags: dict[str, str], build: str, scan: str = "") -> Row:
    return Row(identifier, name, "Step", text, tags, ("1.0.0", "1.1.0"), build=build, scan=scan)


ROWS: tuple[Row, ...] = (
    service("java_microservice", "Java microservice on Kubernetes", "java", "./mvnw -B verify", ("2.9.0", "3.1.4", "3.2.0"),
            text="Our paved road for Java services: build and test with Maven or Gradle, scan, staging, approval, production."),
    service("java_with_migration", "Java service with database migration", "java", "./mvnw -B verify flyway:validate", ("1.3.0", "1.4.2"),
            text="As the golden Java template, with a Flyway dry run on a copy of production before the roll-out."),
    service("kotlin_consumer", "Kotlin event consumer", "kotlin", "./gradlew check", ("1.8.0", "2.0.0"),
            text="For services without an HTTP interface. Drains the consumer group before it replaces pods."),
    service("spring_batch", "Spring Boot batch job", "java", "./mvnw -B package", ("1.0.0", "1.1.0"), owner="data_platform",
            text="Scheduled jobs with a memory limit and a run window. Deploys a CronJob instead of a Deployment."),
    service("java_war", "Java WAR on Tomcat", "java", "mvn -B package", ("4.9.0", "5.0.3"), golden=False, lifecycle="deprecated",
            deprecation="Use Java microservice on Kubernetes instead; ends 31 January."),
    service("node_service", "Node.js service", "typescript", "npm ci && npm test", ("1.2.0", "1.3.0")),
    service("react_web", "React web application", "typescript", "npm ci && npm run build", ("2.0.0", "2.1.0")),
    service("next_web", "Next.js web application", "typescript", "npm ci && npm run build", ("1.0.0",), lifecycle="experimental", golden=False),
    service("python_service", "Python service", "python", "pytest -q", ("1.4.0", "1.5.0"), scan="Bandit"),
    service("python_worker", "Python queue worker", "python", "pytest -q", ("1.0.0", "1.1.0"), scan="Bandit"),
    service("python_ml_model", "Python model service", "python", "pytest -q && python -m model.check", ("0.9.0",), scan="Bandit",
            lifecycle="experimental", golden=False, owner="data_platform"),
    service("python_package", "Python package release", "python", "python -m build", ("1.0.0",), scan="Bandit"),
    service("django_site", "Django site", "python", "python manage.py test", ("1.1.0", "1.2.0"), scan="Bandit"),
    service("go_service", "Go REST service", "go", "go test ./...", ("1.6.0", "1.7.0")),
    service("go_grpc", "Go gRPC service", "go", "go test ./...", ("2.0.0",)),
    service("go_cli", "Go command line release", "go", "go build ./...", ("1.0.0",)),
    service("rust_edge", "Rust edge service", "rust", "cargo test", ("0.4.0",), lifecycle="experimental", golden=False),
    service("dotnet_service", ".NET service", "dotnet", "dotnet test", ("1.2.0",)),
    service("php_site", "PHP site", "php", "composer test", ("1.0.0",), golden=False, lifecycle="deprecated",
            deprecation="No new PHP sites; ask the platform team."),
    service("tracking_edge", "Tracking edge service", "go", "go test ./...", ("0.3.0",), scope="halden/freight/tracking",
            owner="tracking_devs", golden=False,
            text="Two regions, one after the other, with a smoke test between them."),
    service("billing_pci", "Billing service under PCI rules", "java", "./mvnw -B verify", ("1.0.0", "1.1.0"),
            scope="halden/freight/billing", owner="billing_devs", restricted=True,
            text="With evidence for the card scheme. Only for people of Billing."),
    Row("terraform_change", "Terraform change", "Pipeline", "Plan, review the plan, ask, apply.",
        {"language": "terraform", "platform": "cloud"}, ("1.0.0", "1.2.0"), build="terraform validate", scan="Checkov"),
    Row("helm_release", "Helm release", "Pipeline", "Release a chart to staging, ask, then production.",
        {"language": "helm", "platform": "kubernetes"}, ("1.9.0", "2.0.0"), build="helm lint chart", scan="AquaTrivy"),
    Row("data_pipeline", "Data pipeline", "Pipeline", "Check contracts, run on a sample, ask, schedule.",
        {"language": "python", "platform": "data"}, ("1.1.0",), build="pytest -q contracts", scan="Bandit", owner="data_platform"),
    stage("java_build", "Java build and test", "Maven or Gradle with tests and a SAST scan.", {"language": "java"}, ("2.3.0", "2.4.1"), "./mvnw -B verify"),
    stage("node_build", "Node build and test", "npm ci, lint, tests, scan.", {"language": "typescript"}, ("1.2.0", "1.3.0"), "npm ci && npm test"),
    stage("python_build", "Python build and test", "Tests and a Bandit scan of the workspace.", {"language": "python"}, ("1.0.0", "1.2.0"), "pytest -q"),
    stage("go_build", "Go build and test", "go test with race detection, scan.", {"language": "go"}, ("1.0.0",), "go test -race ./..."),
    stage("k8s_rolling", "Kubernetes rolling deployment", "Rolls out and rolls back on failure.", {"platform": "kubernetes"}, ("1.5.0", "1.6.0"), "deploy"),
    stage("k8s_canary", "Kubernetes canary deployment", "20 % first, then all of it.", {"platform": "kubernetes"}, ("1.0.0", "1.1.0"), "canary"),
    stage("security_approval", "Security approval", "Asks the security team; the person who ran may not answer.", {"purpose": "approval"}, ("1.0.0", "1.1.0"), "approve"),
    stage("release_approval", "Release approval", "Asks the release managers.", {"purpose": "approval"}, ("1.0.0",), "approve"),
    step("semgrep_scan", "Semgrep scan", "SAST over the repository.", {"purpose": "scan"}, "", "Semgrep"),
    step("bandit_scan", "Bandit scan", "Python SAST over the workspace.", {"purpose": "scan", "language": "python"}, "", "Bandit"),
    step("gitleaks_scan", "Secret detection", "Looks for secrets in the repository.", {"purpose": "scan"}, "", "Gitleaks"),
    step("trivy_image", "Image scan", "Scans the image that was pushed.", {"purpose": "scan"}, "", "AquaTrivy"),
    step("notify_chat", "Tell the team", "Says in the chat that a release is out.", {"purpose": "notify"}, "echo released"),
    step("smoke_test", "Smoke test", "Asks the health address and checks the answer.", {"purpose": "test"}, "echo smoke test of the health address"),
    step("load_test", "Load test", "Short load against staging.", {"purpose": "test"}, "echo load test, 200 requests"),
    step("collect_sbom", "Collect SBOM", "Writes the bill of materials.", {"purpose": "evidence"}, "echo bill of materials written"),
)  # fmt: skip


def document(row: Row, label: str) -> Document:
    """The template's document at one version."""
    body: Document = {
        "identifier": row.identifier,
        "name": row.name.replace(".NET", "DotNet"),
        "versionLabel": label,
        "type": row.type,
        "description": row.description,
        "tags": {**row.tags, "owner": row.owner},
    }
    if row.type == "Pipeline":
        body["variables"] = list(_inputs())
        body["spec"] = {"stages": _stages(row)}
    elif row.type == "Stage":
        if row.build in ("deploy", "canary"):
            body["variables"] = list(_places())
        body["spec"] = _stage_body(row)
    else:
        body["spec"] = scan_step(row.scan) if row.scan else run_step(row.build)
    return {"template": body}


def _inputs() -> Iterator[Document]:
    yield {"name": "service_ref", "type": "String", "required": True, "description": "Service to build and deploy", "value": "<+input>"}  # fmt: skip
    yield {"name": "image_repo", "type": "String", "required": True, "description": "Image repository, for example freight/tracking-api", "value": "<+input>"}  # fmt: skip
    yield {"name": "approver_group", "type": "String", "required": False, "description": "User group that approves production", "default": "release_managers", "value": "release_managers"}  # fmt: skip


def _places() -> Iterator[Document]:
    yield {"name": "service_ref", "type": "String", "required": True, "description": "Service to deploy", "value": "<+input>"}  # fmt: skip
    yield {"name": "environment_ref", "type": "String", "required": True, "description": "Environment to deploy to", "value": "<+input>"}  # fmt: skip
    yield {"name": "infra_ref", "type": "String", "required": True, "description": "Infrastructure definition of that environment", "value": "<+input>"}  # fmt: skip


def run_step(command: str) -> Document:
    return {"type": "Run", "timeout": "10m", "spec": {"shell": "Sh", "command": command}}


def scan_step(kind: str) -> Document:
    image = kind == "AquaTrivy"
    return {
        "type": kind,
        "timeout": "15m",
        "spec": {
            "mode": "orchestration",
            "config": "default",
            "target": {"type": "container" if image else "repository", "detection": "auto"},
            "advanced": {"log": {"level": "info"}, "fail_on_severity": "critical"},
        },
    }


def named(identifier: str, name: str, body: Document) -> Document:
    return {"step": {"identifier": identifier, "name": name, **body}}


def ci_stage(command: str, scan: str) -> Document:
    steps = [named("build_and_test", "Build and test", run_step(f"echo '{command}'"))]
    if scan:
        steps.append(named("scan", f"{scan} scan", scan_step(scan)))
    return {
        "identifier": "build",
        "name": "Build and test",
        "type": "CI",
        "spec": {
            "cloneCodebase": True,
            "platform": {"os": "Linux", "arch": "Amd64"},
            "execution": {"steps": steps},
        },
    }


def approval_stage(group: str = "<+pipeline.variables.approver_group>") -> Document:
    ask = {
        "type": "HarnessApproval",
        "timeout": "1d",
        "spec": {
            "approvalMessage": "Look at staging and the scan before you answer.",
            "includePipelineExecutionHistory": True,
            "approvers": {"minimumCount": 1, "disallowPipelineExecutor": True, "userGroups": [group]},
        },
    }
    return {
        "identifier": "approve_production",
        "name": "Approve production",
        "type": "Approval",
        "spec": {"execution": {"steps": [named("ask", "Ask for approval", ask)]}},
    }


def deploy_stage(
    identifier: str, name: str, environment: str, service_ref: str, kind: str = "K8sRollingDeploy"
) -> Document:
    infrastructure = "k8s_us" if environment.endswith("_us") else "k8s_eu"
    return {
        "identifier": identifier,
        "name": name,
        "type": "Deployment",
        "spec": {
            "deploymentType": "Kubernetes",
            "service": {"serviceRef": service_ref},
            "environment": {
                "environmentRef": f"account.{environment}",
                "deployToAll": False,
                "infrastructureDefinitions": [{"identifier": infrastructure}],
            },
            "execution": {
                "steps": [named("roll_out", "Roll out", {"type": kind, "timeout": "15m", "spec": {"skipDryRun": False}})],
                "rollbackSteps": [named("roll_back", "Roll back", {"type": "K8sRollingRollback", "timeout": "10m", "spec": {}})],
            },
        },
        "failureStrategies": [{"onFailure": {"errors": ["AllErrors"], "action": {"type": "StageRollback"}}}],
    }  # fmt: skip


def _stages(row: Row) -> list[Document]:
    variable = "<+pipeline.variables.service_ref>"
    return [
        {"stage": ci_stage(row.build, row.scan)},
        {"stage": deploy_stage("deploy_staging", "Deploy to staging", "staging_eu", variable)},
        {"stage": approval_stage()},
        {"stage": deploy_stage("deploy_production", "Deploy to production", "production_eu", variable)},
    ]


def _stage_body(row: Row) -> Document:
    if row.build == "approve":
        whole = approval_stage(
            "account.security_team" if "security" in row.identifier else "account.release_managers"
        )
    elif row.build in ("deploy", "canary"):
        kind = "K8sCanaryDeploy" if row.build == "canary" else "K8sRollingDeploy"
        whole = deploy_stage("deploy", "Deploy", "staging_eu", "<+stage.variables.service_ref>", kind)
        whole["spec"]["environment"]["environmentRef"] = "<+stage.variables.environment_ref>"
        whole["spec"]["environment"]["infrastructureDefinitions"] = [
            {"identifier": "<+stage.variables.infra_ref>"}
        ]
        if row.build == "canary":
            spec = {"instanceSelection": {"type": "Percentage", "spec": {"percentage": 20}}}
            whole["spec"]["execution"]["steps"][0]["step"]["spec"] = spec
    else:
        scan = "Bandit" if row.tags.get("language") == "python" else "Semgrep"
        whole = ci_stage(row.build, scan)
    return {k: v for k, v in whole.items() if k not in ("identifier", "name")}
