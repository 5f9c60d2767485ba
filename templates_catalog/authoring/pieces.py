"""The pieces of documents a planner or a fix puts in: links to templates, approvals, scans, deployments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

OPEN_INPUT = "<+input>"
MAX_NAME = 120


def identifier_of(text: str) -> str:
    """Text as an identifier: letters, digits and _ only."""
    cleaned = re.sub(r"[^0-9a-zA-Z_]+", "_", text.strip().lower()).strip("_") or "pipeline"
    return (cleaned if not cleaned[0].isdigit() else f"p_{cleaned}")[:MAX_NAME]


def name_of(text: str) -> str:
    """Text as a name: letters, digits, spaces and _ - . only."""
    cleaned = re.sub(r"[^-0-9a-zA-Z_\s.]+", " ", text)
    return re.sub(r"\s+", " ", cleaned).strip()[:MAX_NAME] or "Pipeline"


def template_link(ref: str, version: str, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    link: dict[str, Any] = {"templateRef": ref, "versionLabel": version}
    if inputs:
        link["templateInputs"] = {"variables": inputs}
    return link


def input_row(name: str, kind: str, value: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "value": value}


def approval_step(
    groups: list[str], message: str, identifier: str = "approve", minimum: int = 1
) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "name": "Approve",
        "type": "HarnessApproval",
        "timeout": "1d",
        "spec": {
            "approvalMessage": message,
            "includePipelineExecutionHistory": True,
            "approvers": {"minimumCount": minimum, "disallowPipelineExecutor": True, "userGroups": groups},
            "approverInputs": [],
        },
    }


def approval_stage(
    identifier: str, name: str, groups: list[str], message: str, minimum: int = 1
) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "name": name,
        "type": "Approval",
        "spec": {"execution": {"steps": [{"step": approval_step(groups, message, minimum=minimum)}]}},
        "failureStrategies": [mark_as_failure()],
    }


def mark_as_failure() -> dict[str, Any]:
    return failure_strategy("MarkAsFailure")


def failure_strategy(action: str) -> dict[str, Any]:
    return {"onFailure": {"errors": ["AllErrors"], "action": {"type": action}}}


def scan_step(kind: str, identifier: str, name: str, target: str = "repository") -> dict[str, Any]:
    return {
        "identifier": identifier,
        "name": name,
        "type": kind,
        "timeout": "20m",
        "spec": {
            "mode": "orchestration",
            "config": "default",
            "target": {"type": target, "detection": "auto"},
            "advanced": {"log": {"level": "info"}},
        },
    }


def scoped_group(identifier: str, scopes: Mapping[str, str]) -> str:
    """The group as a document names it: account.x, org.x, or x in its own project."""
    prefix = {"account": "account.", "org": "org."}.get(scopes.get(identifier, ""), "")
    return prefix + identifier
