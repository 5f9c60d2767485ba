"""Short ways to write stages and steps."""

from __future__ import annotations

from typing import Any


def step(
    identifier: str, kind: str = "Run", spec: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    return {"step": {"identifier": identifier, "name": identifier, "type": kind, "spec": spec or {}, **more}}


def run(identifier: str, command: str, *outputs: str, **more: Any) -> dict[str, Any]:
    spec = {"command": command, "shell": "Sh", "outputVariables": [{"name": name} for name in outputs]}
    return step(identifier, "Run", spec, **more)


def approval(identifier: str, *groups: str, minimum: int = 1, **more: Any) -> dict[str, Any]:
    approvers = {"userGroups": list(groups), "minimumCount": minimum, "disallowPipelineExecutor": True}
    return step(
        identifier, "HarnessApproval", {"approvalMessage": "Ship it?", "approvers": approvers}, **more
    )


def stage(identifier: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    rollback = more.pop("rollback", None)
    execution: dict[str, Any] = {"steps": list(steps)}
    if rollback:
        execution["rollbackSteps"] = rollback
    spec = {"execution": execution, **more.pop("spec", {})}
    return {"stage": {"identifier": identifier, "name": identifier, "type": "Custom", "spec": spec, **more}}


def on_failure(action: str, *errors: str) -> list[dict[str, Any]]:
    return [{"onFailure": {"errors": list(errors) or ["AllErrors"], "action": {"type": action}}}]
