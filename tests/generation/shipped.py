"""The exam that comes with the product, as readable lists. `python -m tests.generation.shipped` writes its file.

Nothing here was used to tune the planner, and nothing may be: it measures planner and models alike.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.generation.asked.documents import (
    approve,
    at,
    bom,
    ci,
    connector,
    cost,
    dep,
    environment,
    flag,
    gate,
    group,
    infra,
    meta,
    par,
    pipe,
    plan,
    prod,
    scan,
    secret,
    service,
    st,
    stage,
    template,
    token,
    variable,
    workspace,
)
from tests.generation.asked.item import allow, ask, deny, item

FILE = Path(__file__).parents[2] / "governance" / "exam" / "papers" / "policies.jsonl"
DAY_MS = 86_400_000
ROLLOUT = st("K8sRollingDeploy", "rollout")


def script(kind: str = "Run", **spec: Any) -> Any:
    return ci(st(kind, **spec))


ITEMS = [
    item(
        "pipeline",
        1,
        "Shell scripts (the step ShellScript) are not allowed in our pipelines.",
        deny(pipe(prod(st("ShellScript", "migrate"), ROLLOUT))),
        deny(pipe(prod(group(st("ShellScript", "migrate")), ROLLOUT))),
        allow(pipe(ci(), prod())),
    ),
    item(
        "pipeline",
        1,
        "Every production deployment needs an approval by the release managers first.",
        deny(pipe(ci(), prod())),
        deny(pipe(gate("platform_engineering"), prod())),
        deny(pipe(prod(), gate("release_managers"))),
        allow(pipe(gate("release_managers"), prod())),
        allow(pipe(gate("account.release_managers"), prod())),
        allow(pipe(dep("staging", kind="PreProduction"))),
    ),
    item(
        "pipeline",
        2,
        "Before anything is deployed to production, a secret scan with Gitleaks must have run in an earlier stage.",
        deny(pipe(ci(), prod())),
        deny(pipe(prod(), ci(st("Gitleaks")))),
        allow(pipe(ci(st("Gitleaks")), prod())),
        allow(pipe(ci(par(st("Run", command="make"), st("Gitleaks"))), prod())),
        allow(pipe(ci(), dep("qa", kind="PreProduction"))),
    ),
    item(
        "pipeline",
        2,
        "Deployment stages must have a rollback, that is at least one rollback step.",
        deny(pipe(prod())),
        allow(pipe(prod(rollback=(st("K8sRollingRollback"),)))),
        allow(pipe(ci())),
    ),
    item(
        "pipeline",
        1,
        "All pipelines must carry a tag called cost_center.",
        deny(pipe(ci())),
        deny(pipe(ci(), tags={"cost_center": ""})),
        allow(pipe(ci(), tags={"cost_center": "4711"})),
    ),
    item(
        "pipeline",
        2,
        "An approval has to be given by at least two people, and never by whoever started the run.",
        deny(pipe(gate("release_managers"), prod())),
        deny(pipe(gate("release_managers", count=2, block_executor=False), prod())),
        allow(pipe(gate("release_managers", count=2), prod())),
        allow(pipe(prod())),
    ),
    item(
        "pipeline",
        1,
        "No step may take longer than two hours.",
        deny(pipe(ci(st("Run", timeout="3h", command="make")))),
        deny(pipe(ci(st("Run", timeout="121m", command="make")))),
        allow(pipe(ci(st("Run", timeout="2h", command="make")))),
        allow(pipe(ci(st("Run", timeout="90m", command="make")))),
    ),
    item(
        "pipeline",
        2,
        "Http steps must only call addresses that start with https://",
        deny(pipe(ci(st("Http", url="http://status.halden.example", method="GET")))),
        allow(pipe(ci(st("Http", url="https://status.halden.example", method="GET")))),
        allow(pipe(ci())),
    ),
    item(
        "pipeline",
        3,
        "Deployments to production must be preceded by a deployment to staging in an earlier stage of the same pipeline.",
        deny(pipe(ci(), prod())),
        deny(pipe(prod(), dep("staging", kind="PreProduction"))),
        deny(pipe(par(dep("staging", kind="PreProduction"), prod()))),
        allow(pipe(dep("staging", kind="PreProduction"), prod())),
        allow(pipe(ci())),
    ),
    item(
        "entity_service",
        1,
        "A service has to have a description.",
        deny(service()),
        deny(service(description="")),
        allow(service(description="What is in the basket")),
    ),
    item(
        "entity_environment",
        2,
        "Environments of type Production must be called prod or start with prod_ (the identifier).",
        deny(environment(identifier="live", type="Production")),
        allow(environment(identifier="prod", type="Production")),
        allow(environment(identifier="prod_eu", type="Production")),
        allow(environment(identifier="live", type="PreProduction")),
    ),
    item(
        "entity_infrastructure",
        1,
        "Infrastructure definitions may only be of the type KubernetesDirect or ECS.",
        deny(infra(type="KubernetesAzure")),
        allow(infra()),
        allow(infra(type="ECS")),
    ),
    item(
        "connector",
        1,
        "GitHub connectors must log in with SSH.",
        deny(connector("Github", spec={"authentication": {"type": "Http"}})),
        allow(connector("Github", spec={"authentication": {"type": "Ssh"}})),
        allow(connector("Gitlab", spec={"authentication": {"type": "Http"}})),
    ),
    item(
        "connector",
        2,
        "Docker registry connectors must not have docker.io anywhere in their URL.",
        deny(connector("DockerRegistry", spec={"dockerRegistryUrl": "https://index.docker.io/v2/"})),
        allow(connector("DockerRegistry", spec={"dockerRegistryUrl": "https://harbor.halden.example/v2/"})),
        allow(connector("Github", spec={"url": "https://docker.io"})),
    ),
    item(
        "secret",
        1,
        "Secrets must be kept in the vault_main secret manager.",
        deny(secret(spec={"secretManagerIdentifier": "harnessSecretManager"})),
        allow(secret(spec={"secretManagerIdentifier": "vault_main"})),
        allow(secret(spec={"secretManagerIdentifier": "account.vault_main"})),
    ),
    item(
        "variable",
        1,
        "Variables of the type String must not have the word password in their name.",
        deny(variable(name="db_password")),
        allow(variable(name="db_host")),
        allow(variable(name="db_password", type="Secret")),
    ),
    item(
        "template",
        1,
        "Template versions are written as three numbers with dots, like 1.4.0.",
        deny(template(versionLabel="v2")),
        deny(template(versionLabel="1.4")),
        allow(template(versionLabel="1.4.0")),
        allow(template(versionLabel="10.0.12")),
    ),
    item(
        "naming",
        1,
        "Service names: lower case letters, digits and dashes, no more than 20 characters.",
        deny(service(name="Cart")),
        deny(service(name="cart_api")),
        deny(service(name="a-very-long-service-name")),
        allow(service(name="cart-api-2")),
    ),
    item(
        "freeze",
        1,
        "No production deployments on weekends.",
        deny(pipe(prod(), m=meta(ts=at("2025-11-22T10:00:00+00:00"), action="onrun"))),
        deny(pipe(prod(), m=meta(ts=at("2025-11-23T23:30:00+00:00"), action="onrun"))),
        allow(pipe(prod(), m=meta(ts=at("2025-11-24T00:30:00+00:00"), action="onrun"))),
        allow(
            pipe(dep("qa", kind="PreProduction"), m=meta(ts=at("2025-11-22T10:00:00+00:00"), action="onrun"))
        ),
    ),
    item(
        "freeze",
        2,
        "Between 20 December 2025 and 2 January 2026 nothing goes to production, both days included.",
        deny(pipe(prod(), m=meta(ts=at("2025-12-20T08:00:00+00:00"), action="onrun"))),
        deny(pipe(prod(), m=meta(ts=at("2026-01-02T22:00:00+00:00"), action="onrun"))),
        allow(pipe(prod(), m=meta(ts=at("2025-12-19T22:00:00+00:00"), action="onrun"))),
        allow(pipe(prod(), m=meta(ts=at("2026-01-03T08:00:00+00:00"), action="onrun"))),
    ),
    item(
        "users",
        2,
        "Only members of the platform engineering group may save a pipeline that deploys to production.",
        deny(pipe(prod(), m=meta(groups=("qa_guild",)))),
        allow(pipe(prod(), m=meta(groups=("platform_engineering", "qa_guild")))),
        allow(pipe(ci(), m=meta(groups=("qa_guild",)))),
    ),
    item(
        "users",
        1,
        "External contractors must not change connectors.",
        deny(connector("Github", m=meta(groups=("contractors",)))),
        allow(connector("Github", m=meta(groups=("sre",)))),
    ),
    item(
        "security_scan",
        1,
        "Refuse when a scan reports a critical issue or more than five high ones.",
        deny(scan(CRITICAL="1")),
        deny(scan(HIGH="6")),
        deny(scan(HIGH="10")),
        allow(scan(HIGH="5", MEDIUM="40")),
    ),
    item(
        "sbom",
        1,
        "Packages under the SSPL-1.0 or BUSL-1.1 licence must not be in the SBOM.",
        deny(bom(("mongo", "6.0.0", "SSPL-1.0"), ("left", "1.0.0", "MIT"))),
        deny(bom(("terraform", "1.6.0", "BUSL-1.1"))),
        allow(bom(("left", "1.0.0", "MIT"))),
    ),
    item(
        "terraform",
        2,
        "A Terraform plan must not destroy databases (aws_db_instance).",
        deny(plan(("aws_db_instance", "delete", None))),
        deny(plan(("aws_db_instance", "delete+create", {"engine": "postgres"}))),
        allow(plan(("aws_db_instance", "update", {"engine": "postgres"}))),
        allow(plan(("aws_instance", "delete", None))),
    ),
    item(
        "terraform",
        1,
        "Workspaces have to use the main branch of their repository.",
        deny(workspace(repository_branch="develop")),
        allow(workspace(repository_branch="main")),
    ),
    item(
        "cost",
        1,
        "A change may not make the monthly bill more than 500 dollars dearer.",
        deny(cost("1800", "1200", "600", 50)),
        allow(cost("1700", "1200", "500", 41.7)),
        allow(cost("900", "1200", "-300", -25)),
    ),
    item(
        "feature_flag",
        1,
        "Every feature flag needs at least one owner.",
        deny(flag()),
        allow(flag(owners=[{"type": "user", "id": "u1"}])),
    ),
    item(
        "token",
        1,
        "API tokens may be valid for 30 days at most.",
        deny(token(validFrom=1763460900000, validTo=1763460900000 + 31 * DAY_MS)),
        allow(token(validFrom=1763460900000, validTo=1763460900000 + 30 * DAY_MS)),
    ),
    item(
        "pipeline",
        2,
        "Images may be pushed to ECR only; any other push step is forbidden.",
        deny(pipe(ci(st("BuildAndPushDockerRegistry", repo="halden/cart")))),
        deny(pipe(ci(st("BuildAndPushGAR", imageName="cart")))),
        allow(pipe(ci(st("BuildAndPushECR", imageName="cart")))),
        allow(pipe(ci())),
    ),
    item(
        "pipeline",
        2,
        "In custom stages an approval by the change board has to come first, other stages do not matter.",
        deny(pipe(stage("Custom", st("Http", url="https://x.halden.example")))),
        allow(pipe(gate("change_board"), stage("Custom", st("Http", url="https://x.halden.example")))),
        allow(pipe(stage("Custom", approve("change_board"), st("Http", url="https://x.halden.example")))),
        allow(pipe(ci())),
    ),
    item("pipeline", 1, "Only experienced engineers may deploy.", ask()),
    item("pipeline", 1, "Make our pipelines more secure.", ask()),
    item("secret", 2, "Secrets that nobody has used for three months must be removed.", ask()),
    item("pipeline", 2, "Deployments need an approval, and deployments must not have any approval.", ask()),
]


def lines() -> list[str]:
    """The items as lines of the file, numbered within their category."""
    counts: dict[str, int] = {}
    made = []
    for each in ITEMS:
        category = each["category"]
        counts[category] = counts.get(category, 0) + 1
        made.append(json.dumps({"id": f"{category}-{counts[category]:02}", **each}))
    return made


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
