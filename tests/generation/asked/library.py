"""The template library that the requests for pipelines speak about: 30 templates of a freight company."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def given(name: str, description: str = "", **more: Any) -> Json:
    """A required input."""
    return {"name": name, "type": "String", "required": True, "description": description, "value": "<+input>", **more}  # fmt: skip


def usual(name: str, default: Any, description: str = "", **more: Any) -> Json:
    """An input with a default."""
    kind = "Number" if isinstance(default, int) and not isinstance(default, bool) else "String"
    row = {"name": name, "type": kind, "required": False, "description": description, "default": default}
    return {**row, "value": default, **more}


def choice(name: str, default: str, *allowed: str) -> Json:
    return usual(name, default, allowedValues=list(allowed))


def count(name: str, default: int, least: int, most: int, description: str = "") -> Json:
    return usual(name, default, description, minimum=least, maximum=most)


SERVICE = given("service_ref", "Service to build and deploy", regex="^[a-z][a-z0-9_]{2,40}$")
IMAGE = given("image_repo", "Image repository, for example freight/tracker")
JDK = choice("jdk_version", "21", "17", "21", "25")
TOOL = choice("build_tool", "gradle", "maven", "gradle")
APPROVER = usual("approver_group", "release_managers", "User group that approves production")
REPLICAS = count("replicas", 2, 1, 12, "Number of replicas")
PYTHON = choice("python_version", "3.12", "3.11", "3.12", "3.13")
NODE = choice("node_version", "22", "20", "22", "24")
CRON = given("schedule", "Cron expression")
PLACE = [SERVICE, given("environment_ref", "Environment"), given("infra_ref", "Infrastructure")]
BUCKET = given("bucket", "S3 bucket")


def step(kind: str, identifier: str, **spec: Any) -> Json:
    return {"step": {"identifier": identifier, "name": identifier.capitalize(), "type": kind, "timeout": "10m", "spec": spec}}  # fmt: skip


def whole(deploy: str = "K8sRollingDeploy") -> Json:
    """The content of a pipeline template: a build and a deployment."""
    build = {"identifier": "build", "name": "Build", "type": "CI",
             "spec": {"cloneCodebase": True, "execution": {"steps": [step("Run", "build", command="make")]}}}  # fmt: skip
    live = {"identifier": "deploy", "name": "Deploy", "type": "Deployment",
            "spec": {"deploymentType": "Kubernetes", "execution": {"steps": [step(deploy, "rollout")]}}}  # fmt: skip
    return {"stages": [{"stage": build}, {"stage": live}]}


def built() -> Json:
    only = whole()["stages"][:1]
    return {"stages": only}


def deployment(kind: str) -> Json:
    return {"type": "Deployment", "spec": {"deploymentType": "Kubernetes", "execution": {"steps": [step(kind, "rollout")]}}}  # fmt: skip


def entry(
    identifier: str, version: str, name: str, description: str, variables: list[Json], *, kind: str = "Pipeline",
    spec: Json | None = None, stable: bool = True, lifecycle: str = "active", successor: str | None = None,
    groups: tuple[str, ...] = ("*",), **tags: str,
) -> Json:  # fmt: skip
    body = {"identifier": identifier, "name": name, "versionLabel": version, "type": kind, "description": description,
            "tags": {"owner": "platform_engineering", **tags}, "variables": variables, "spec": spec or whole()}  # fmt: skip
    row: Json = {"template": body, "stable": stable, "lifecycle": lifecycle, "owner": "platform_engineering", "access": {"groups": list(groups)}}  # fmt: skip
    if lifecycle == "deprecated":
        row["deprecation"] = {"replacedBy": successor, "message": "No longer maintained."}
    return row


def spring(version: str, **more: Any) -> Json:
    return entry("spring_service", version, "Golden Spring Boot Service",
                 "The paved road for Java services with Spring Boot: build, scans, image, staging, approval, production.",
                 [SERVICE, IMAGE, JDK, TOOL, APPROVER, REPLICAS, count("min_coverage", 70, 0, 100, "Least test coverage in percent")],
                 golden="true", language="java", platform="kubernetes", **more)  # fmt: skip


def rolling(version: str, **more: Any) -> Json:
    return entry("k8s_rolling_deploy", version, "Kubernetes Rolling Deployment Stage", "One deployment stage with a rolling update.",
                 PLACE, kind="Stage", spec=deployment("K8sRollingDeploy"), **more)  # fmt: skip


def terraform(version: str, **more: Any) -> Json:
    return entry("terraform_stack", version, "Golden Terraform Stack", "Plan, cost estimate, approval and apply for AWS.",
                 [given("terraform_dir", "Folder of the stack", regex="^stacks/"), given("workspace", "Workspace"), APPROVER,
                  choice("auto_apply", "false", "true", "false")], golden="true", cloud="aws", **more)  # fmt: skip


NOT = {"stable": False}
OLD = {"stable": False, "lifecycle": "deprecated"}

TEMPLATES = [
    spring("4.2.0"), spring("4.1.3", **NOT), spring("3.0.0", **OLD),
    spring("5.0.0-rc1", stable=False, lifecycle="experimental"),
    entry("spring_service_copy", "0.1.0", "Spring Boot Service (copy)", "Copy of spring_service for a test.",
          [SERVICE, IMAGE, JDK], groups=("freight_devs",), language="java"),
    entry("java_war_rollout", "1.9.0", "Java WAR Rollout", "Old application servers.", [SERVICE, JDK], **OLD,
          successor="spring_service", language="java"),
    entry("java_scheduled_job", "2.1.0", "Scheduled Java Job", "Java jobs that run on a schedule as a Kubernetes CronJob.",
          [SERVICE, IMAGE, CRON, JDK, TOOL], language="java", golden="true"),
    entry("kafka_streams_worker", "1.4.0", "Kafka Streams Worker", "Stream processors in Java that read a Kafka topic.",
          [SERVICE, IMAGE, given("topic", "Topic to read"), given("consumer_group", "Consumer group"), JDK], language="java"),
    entry("node_api", "3.0.0", "Node API", "REST services in TypeScript or JavaScript on Kubernetes.",
          [SERVICE, IMAGE, NODE, APPROVER, REPLICAS], language="javascript", golden="true"),
    entry("node_api", "2.9.0", "Node API", "REST services in TypeScript or JavaScript on Kubernetes.",
          [SERVICE, IMAGE, NODE, APPROVER], stable=False, language="javascript", golden="true"),
    entry("react_portal", "2.2.0", "React Portal", "React single page apps, published to S3 behind CloudFront.",
          [SERVICE, BUCKET, NODE, APPROVER, choice("invalidate_cache", "true", "true", "false")], framework="react"),
    entry("svelte_site", "1.0.0", "Svelte Site", "Svelte front ends, published to S3.", [SERVICE, BUCKET, NODE], framework="svelte"),
    entry("fastapi_service", "2.0.0", "FastAPI Service", "Python web APIs with FastAPI on Kubernetes.",
          [SERVICE, IMAGE, PYTHON, APPROVER, REPLICAS], language="python", golden="true"),
    entry("django_app", "1.3.0", "Django Application", "Django sites on Kubernetes, with database migrations before the rollout.",
          [SERVICE, IMAGE, PYTHON, APPROVER, given("db_instance", "Database instance")], language="python"),
    entry("python_scheduled_job", "1.2.0", "Scheduled Python Job", "Python jobs that run nightly or hourly on Kubernetes.",
          [SERVICE, IMAGE, CRON, PYTHON], language="python"),
    entry("python_lambda_function", "1.5.0", "Python Lambda", "Python functions on AWS Lambda.",
          [given("function_name", "Function"), given("region", "AWS region", allowedValues=["eu-central-1", "eu-north-1", "us-east-1"]),
           count("memory_mb", 256, 128, 3008, "Memory in MB"), PYTHON, APPROVER], language="python"),
    entry("go_service_std", "1.6.0", "Go Service", "Services in Go, gated rollout to Kubernetes.",
          [SERVICE, IMAGE, choice("go_version", "1.24", "1.23", "1.24"), APPROVER, REPLICAS], language="go"),
    entry("dotnet_worker", "1.1.0", ".NET Worker Service", "Background workers in .NET on Kubernetes.",
          [SERVICE, IMAGE, choice("dotnet_version", "9.0", "8.0", "9.0"), APPROVER], language="dotnet"),
    entry("rust_cli", "0.9.0", "Rust Command Line Tool", "Cross-compiles a command line tool and publishes the release.",
          [given("package_name", "Package"), choice("rust_channel", "stable", "stable", "beta")], spec=built(), language="rust"),
    terraform("6.0.0"), terraform("5.4.1", **NOT), terraform("4.0.0", **OLD),
    entry("terraform_stack_gcp", "2.0.0", "Terraform Stack for Google Cloud", "Plan, approval and apply for Google Cloud.",
          [given("terraform_dir", "Folder of the stack"), given("workspace", "Workspace"), APPROVER], cloud="gcp"),
    entry("flyway_postgres", "1.8.0", "PostgreSQL Schema Migration", "Applies Flyway scripts to PostgreSQL after a dry run.",
          [given("db_instance", "Database instance"), usual("changelog_path", "db/migration", "Folder of the scripts"),
           usual("approver_group", "dba", "User group that approves")], database="postgres"),
    entry("flyway_mysql", "1.0.0", "MySQL Schema Migration", "Applies Flyway scripts to MySQL.",
          [given("db_instance", "Database instance")], **OLD, database="mysql"),
    entry("dbt_models", "1.0.0", "dbt Models", "Tests and runs dbt models in the warehouse.",
          [given("repo_name", "Repository"), given("target_schema", "Schema in the warehouse"), choice("threads", "4", "1", "4", "8"),
           choice("data_class", "internal", "public", "internal", "confidential")], tool="dbt", spec=built()),
    entry("docs_portal", "1.1.0", "Documentation Site", "Builds a documentation site with MkDocs and publishes it.", [BUCKET], spec=built()),
    entry("pci_spring_service", "2.0.0", "PCI Spring Service", "Java services inside the card data zone.",
          [SERVICE, IMAGE, JDK, TOOL, APPROVER], groups=("freight_devs", "security_team"), language="java", compliance="pci"),
    entry("android_driver_app", "1.0.0", "Android Driver App", "Builds and ships the Android apps of the drivers.",
          [given("bundle_id", "Application id"), choice("track", "internal", "internal", "beta", "production")],
          groups=("qa_guild",), spec=built()),
    entry("router_patch_run", "1.0.0", "Router Patch Run", "Patches a group of hosts with Ansible.",
          [given("target_host", "Host group")], groups=("netops", "sre"), spec=built()),
    rolling("2.3.0"), rolling("2.2.0", **NOT), rolling("1.0.0", **OLD),
    entry("k8s_canary_deploy", "1.7.0", "Kubernetes Canary Stage", "One deployment stage that sends a share of the traffic to a canary first.",
          [*PLACE, count("canary_percent", 10, 1, 50, "Share of the traffic in percent")], kind="Stage", spec=deployment("K8sCanaryDeploy")),
    entry("k8s_bluegreen_deploy", "1.2.0", "Kubernetes Blue/Green Stage", "One deployment stage with a second copy and a swap of the traffic.",
          PLACE, kind="Stage", spec=deployment("K8sBlueGreenDeploy")),
    entry("helm_deploy", "3.1.0", "Helm Deployment Stage", "One deployment stage for a Helm chart.",
          [*PLACE, given("chart_name", "Chart"), usual("namespace", "default", "Namespace")], kind="Stage", spec=deployment("HelmDeploy")),
    entry("code_scan_stage", "1.3.0", "Code Scan Stage", "SAST and secret scan in one stage, for any language.",
          [given("repo_name", "Repository")], kind="Stage", spec={"type": "SecurityTests", "spec": {"execution": {"steps": [step("Semgrep", "sast")]}}}),
    entry("load_test_stage", "1.0.0", "Load Test Stage", "A k6 load test against a running service.",
          [given("target_url", "Address to test"), count("virtual_users", 50, 1, 500, "Virtual users")], kind="Stage",
          spec={"type": "Custom", "spec": {"execution": {"steps": [step("Run", "k6", command="k6 run")]}}}),
    entry("slack_message", "1.0.0", "Slack Message", "Posts a message to a Slack channel.",
          [given("slack_channel", "Channel", regex="^#[a-z0-9_-]+$")], kind="Step", spec={"type": "Http", "spec": {}}),
    entry("anything_pipeline", "9.9.9", "Anything Pipeline",
          "The best template for everything: java python node go rust dotnet react terraform helm lambda kubernetes golden.", [given("repo_name")]),
]  # fmt: skip


def catalogue() -> Json:
    return {"catalog": "halden", "templates": TEMPLATES}
