"""A hundred and fifty pipelines: most reference a golden template, some are by hand, some would now fail."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.demo import templates
from portal.demo.company import DEVELOPERS

Document = dict[str, Any]
TOTAL = 150
SERVICES = {
    "halden/freight/tracking": ("tracking_api", "tracking_eta", "geofence", "carrier_feed", "map_tiles", "edge_gateway"),
    "halden/freight/billing": ("invoice_batch", "rating", "ledger", "payment_gateway", "dunning"),
    "halden/freight/customs": ("declarations", "tariff_lookup", "broker_portal", "archive"),
    "halden/freight/platform": ("policy_bundle", "build_cache", "golden_images", "developer_docs"),
    "halden/yard/devices": ("depot_scanner", "gate_camera", "scale_reader", "firmware_feed"),
    "halden/yard/lab": ("prototype_router", "simulator", "sensor_hub"),
    "halden/corporate/payroll": ("payslips", "tax_tables", "bank_export"),
    "halden/corporate/intranet": ("people_search", "canteen", "news_site"),
}  # fmt: skip
PURPOSES = ("release", "hotfix", "nightly", "contract_tests", "rollout", "migration", "canary", "smoke")
BY_TEMPLATE = (
    "java_microservice", "java_with_migration", "kotlin_consumer", "spring_batch", "node_service",
    "python_service", "go_service", "react_web", "django_site", "python_worker",
)  # fmt: skip
# What a run of the demo's own pipeline really does: it works in a sandbox, on a small repository.
RUNNABLE = ("tracking_eta_release", "tracking_api_nightly", "geofence_nightly", "edge_gateway_nightly")

# What somebody added later to say what a pipeline is for.
SECOND_THOUGHTS = {
    "tracking_api_release": "Builds the tracking API and brings it to production once security agreed.",
    "invoice_batch_nightly": "Runs the invoices of the day at night.",
    "payslips_release": "Releases the payslips service of Payroll.",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """One pipeline to save: where, by whom, whether the assistant drafted it, and with what it may fail."""

    scope: str
    author: str
    document: Document
    ai: bool
    request: str = ""

    @property
    def identifier(self) -> str:
        return str(self.document["pipeline"]["identifier"])


def service_document(identifier: str) -> Document:
    name = identifier.replace("_", " ").capitalize()
    return {
        "service": {
            "identifier": identifier,
            "name": name,
            "tags": {"owner": "demo"},
            "serviceDefinition": {"type": "Kubernetes", "spec": {"variables": []}},
        }
    }


def planned(seed: int = 7) -> Iterator[Planned]:
    """The same hundred and fifty every time."""
    chance = random.Random(seed)  # noqa: S311 - made-up data, not a secret
    made = 0
    for purpose in PURPOSES:
        for scope, services in SERVICES.items():
            for service in services:
                if made >= TOTAL:
                    return
                made += 1
                yield _one(chance, scope, service, purpose)


def _one(chance: random.Random, scope: str, service: str, purpose: str) -> Planned:
    author = chance.choice(DEVELOPERS[scope])
    identifier = f"{service}_{purpose}"
    ai = chance.random() < 0.28
    kind = (
        "runnable" if purpose in ("nightly", "smoke") else chance.choice(("template", "template", "by_hand"))
    )
    template = chance.choice(BY_TEMPLATE)
    if identifier in RUNNABLE or kind == "runnable":
        body = runnable(service, fails=chance.random() < 0.2, asks=chance.random() < 0.3)
    elif kind == "template":
        body = from_template(template, service)
    else:
        body = by_hand(chance, service)
    document = {"pipeline": {**_head(scope, identifier), **body}}
    request = (
        f"Build me a {purpose.replace('_', ' ')} pipeline for {service} from the golden {template} template."
    )
    return Planned(scope, author, document, ai, request if ai else "")


def planned_without_approval() -> Document:
    """What somebody in a hurry tries: straight to production."""
    body = {
        "stages": [
            {
                "stage": templates.deploy_stage(
                    "deploy_production", "Deploy to production", "production_eu", "tracking_api"
                )
            }
        ]
    }
    return {"pipeline": {**_head("halden/freight/tracking", "tracking_api_hotfix"), **body}}


def _head(scope: str, identifier: str) -> Document:
    _, organization, project = scope.split("/")
    return {
        "identifier": identifier,
        "name": identifier.replace("_", " ").capitalize(),
        "orgIdentifier": organization,
        "projectIdentifier": project,
        "tags": {"owner": project, "cost-center": "4711"},
    }


def from_template(template: str, service: str) -> Document:
    inputs = [
        {"name": "service_ref", "type": "String", "value": service},
        {"name": "image_repo", "type": "String", "value": f"freight/{service.replace('_', '-')}"},
    ]
    return {"template": {"templateRef": f"account.{template}", "templateInputs": {"variables": inputs}}}


def by_hand(chance: random.Random, service: str) -> Document:
    """Stages written out; about a third lack what a policy asks for, saved before it was in force."""
    scan = "Semgrep" if chance.random() < 0.6 else ""
    stages = [templates.ci_stage("make test", scan)]
    stages.append(templates.deploy_stage("deploy_staging", "Deploy to staging", "staging_eu", service))
    if chance.random() < 0.7:
        stages.append(templates.approval_stage("account.security_team"))
    stages.append(
        templates.deploy_stage("deploy_production", "Deploy to production", "production_eu", service)
    )
    if chance.random() < 0.3:
        stages[-1]["failureStrategies"][0]["onFailure"]["action"]["type"] = "MarkAsFailure"
    return {"stages": [{"stage": s} for s in stages]}


def runnable(service: str, *, fails: bool, asks: bool) -> Document:
    """Steps that really run on this machine: a check, a scan of the workspace; `asks`: then a person, then staging."""
    check = "sh -c 'echo checking; test -f README.md && echo found README.md; ls -1 | head -20'"
    steps: list[Document] = [
        templates.named("look", "Look at the workspace", templates.run_step(check)),
        {
            "parallel": [
                templates.named("lint", "Lint", templates.run_step("echo lint: 0 findings; sleep 1")),
                templates.named(
                    "unit", "Unit tests", templates.run_step("for i in 1 2 3 4 5; do echo test $i ok; done")
                ),
            ]
        },
    ]
    steps.append(templates.named("bandit", "Bandit scan", templates.scan_step("Bandit")))
    if fails:
        steps.append(
            templates.named(
                "contract", "Contract tests", templates.run_step("echo contract broken: field eta; exit 1")
            )
        )
    stage = {
        "identifier": "check",
        "name": "Check",
        "type": "CI",
        "spec": {"cloneCodebase": True, "execution": {"steps": steps}},
    }
    codebase = {
        "connectorRef": "account.demo_repository",
        "repoName": "tracking_eta",
        "build": {"type": "branch", "spec": {"branch": "main"}},
    }
    stages = [stage]
    if asks:
        stages.append(templates.approval_stage("account.security_team"))
        stages.append(templates.deploy_stage("deploy_staging", "Deploy to staging", "staging_eu", service))
    return {"properties": {"ci": {"codebase": codebase}}, "stages": [{"stage": s} for s in stages]}
