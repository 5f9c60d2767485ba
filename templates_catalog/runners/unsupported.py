"""What this portal cannot run, found before a run starts and named, so that nothing is silently left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from templates_catalog.documents.problems import Problem
from templates_catalog.documents.walk import StageAt, StepAt, stages_at, steps_at, strings
from templates_catalog.runners import expressions
from templates_catalog.runners.durations import understood

STAGE_TYPES = ("CI", "Deployment", "Approval", "Custom", "SecurityTests")
ACTIONS = ("Ignore", "Abort", "MarkAsFailure", "StageRollback")
STATUSES = ("Success", "Failure", "All")
SHELLS = {"Run": ("Sh", "Bash", "Python"), "ShellScript": ("Bash", "Sh", "Python")}
OUTPUT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
# Steps whose text is worked out for real; the rest is shown as it stands, or fails.
WORKED_OUT = ("Run", "ShellScript", "HarnessApproval", "Bandit", "Policy")

Found = Iterator[Problem]


def unsupported(body: Mapping[str, Any]) -> list[Problem]:
    """Everything in a pipeline's body (expanded, inputs filled) that cannot be run, each with its path."""
    found = list(_pipeline(body))
    secrets = _secrets(body.get("variables"))
    for stage in stages_at(body, "pipeline"):
        found += _stage(stage, secrets | _secrets(stage.stage.get("variables")), body)
    return found


def _pipeline(body: Mapping[str, Any]) -> Found:
    if (body.get("flowControl") or {}).get("barriers"):
        yield Problem("barriers are not supported by runs yet", "pipeline.flowControl.barriers")
    yield from _timeout(body, "pipeline")
    yield from _plain_variables(body.get("variables"), "pipeline")
    if not body.get("stages"):
        yield Problem("there is no stage to run", "pipeline.stages")
    codebase = ((body.get("properties") or {}).get("ci") or {}).get("codebase")
    if codebase:
        yield from _codebase(codebase, "pipeline.properties.ci.codebase")


def _codebase(codebase: Mapping[str, Any], path: str) -> Found:
    build = codebase.get("build")
    if not codebase.get("connectorRef"):
        yield Problem("names no connector; runs take their workspace from a Git connector", path)
    if build is not None and not isinstance(build, Mapping):
        yield Problem("must say which branch, tag or commit to build", f"{path}.build")
    elif build and build.get("type") not in ("branch", "tag", "commitSha"):
        yield Problem(f"build type {build.get('type')!r} is not supported by runs yet", f"{path}.build.type")
    for at, _, text in strings(dict(codebase), path):
        yield from _expressions(text, at, frozenset(), only_variables=True)


def _stage(at: StageAt, secrets: frozenset[str], body: Mapping[str, Any]) -> Found:
    stage, path = at.stage, at.path
    if stage.get("type") not in STAGE_TYPES:
        yield Problem(f"stages of type {stage.get('type')!r} cannot be run yet", f"{path}.type")
        return
    yield from _flow(stage, path, "pipelineStatus")
    yield from _timeout(stage, path)
    yield from _plain_variables(stage.get("variables"), path)
    for step in steps_at(stage, path, groups=True):
        yield from _flow(step.step, step.path, "stageStatus")
        if not step.is_group:
            yield from _step(step, secrets, body)


def _flow(holder: Mapping[str, Any], path: str, status: str) -> Found:
    """`when`, strategies of looping and of failure, and policies of single steps."""
    when = holder.get("when") or {}
    if when.get("condition"):
        yield Problem("conditions are not supported by runs yet", f"{path}.when.condition")
    if when.get(status, "Success") not in STATUSES:
        yield Problem(f"must be one of {', '.join(STATUSES)}", f"{path}.when.{status}")
    if holder.get("strategy"):
        yield Problem("looping is not supported by runs yet", f"{path}.strategy")
    if holder.get("enforce"):
        yield from _named_sets((holder["enforce"] or {}).get("policySets"), f"{path}.enforce.policySets")
    rows = holder.get("failureStrategies")
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        action = ((row.get("onFailure") or {}).get("action") or {}).get("type")
        if action not in ACTIONS:
            where = f"{path}.failureStrategies[{number}].onFailure.action.type"
            known = ", ".join(ACTIONS)
            yield Problem(f"failure strategy {action!r} is not supported by runs yet; known: {known}", where)


def _named_sets(sets: Any, path: str) -> Found:
    if not isinstance(sets, list) or not sets or any(not isinstance(s, str) or "<+" in s for s in sets):
        yield Problem("must be policy sets by name", path)


def _timeout(holder: Mapping[str, Any], path: str) -> Found:
    given = holder.get("timeout")
    if not understood(given):
        yield Problem(f"{given!r} is not a duration; write it like 10m or 1h 30m", f"{path}.timeout")


def _secrets(rows: Any) -> frozenset[str]:
    return frozenset(str(r.get("name")) for r in rows or [] if r.get("type") == "Secret")


def _plain_variables(rows: Any, path: str) -> Found:
    for number, row in enumerate(rows or []):
        if row.get("type") != "Secret" and isinstance(row.get("value"), str):
            at = f"{path}.variables[{number}].value"
            yield from _expressions(row["value"], at, frozenset())


def _step(at: StepAt, secrets: frozenset[str], body: Mapping[str, Any]) -> Found:
    kind, spec = str(at.step.get("type", "")), at.step.get("spec") or {}
    yield from _timeout(at.step, at.path)
    if kind in WORKED_OUT:
        for path, _, text in strings(spec, f"{at.path}.spec"):
            yield from _expressions(text, path, secrets)
    if check := CHECKS.get(kind):
        yield from check(spec, f"{at.path}.spec", kind)
    if kind == "Bandit" and not ((body.get("properties") or {}).get("ci") or {}).get("codebase"):
        yield Problem("Bandit scans the run's workspace, and the pipeline names no codebase", at.path)


def _expressions(text: str, path: str, secrets: frozenset[str], only_variables: bool = False) -> Found:
    for expression in expressions.in_text(text):
        name = expression.rpartition(".")[2]
        if ".variables." in expression and name in secrets:
            yield Problem(f"<+{expression}> is a secret; runs have no secret manager yet", path)
        elif not expressions.is_known(expression):
            yield Problem(f"the expression <+{expression}> is not supported by runs yet", path)
        elif only_variables and not expressions.PIPELINE_VARIABLE.fullmatch(expression):
            yield Problem(f"the expression <+{expression}> has no value before the first step", path)


def _script(spec: Mapping[str, Any], path: str, kind: str) -> Found:
    shell = spec.get("shell", SHELLS[kind][0])
    if shell not in SHELLS[kind]:
        known = ", ".join(SHELLS[kind])
        yield Problem(f"shell {shell!r} is not in the sandbox; known: {known}", f"{path}.shell")
    if spec.get("privileged") is True:
        yield Problem("the sandbox gives no step more rights than another", f"{path}.privileged")
    if kind == "ShellScript" and (spec.get("source") or {}).get("type", "Inline") != "Inline":
        yield Problem("only scripts written in the pipeline can be run", f"{path}.source.type")
    if (spec.get("executionTarget") or {}).get("host"):
        yield Problem("steps run in the portal's sandbox, not on other hosts", f"{path}.executionTarget.host")
    for number, row in enumerate(spec.get("outputVariables") or []):
        name = row.get("name") if isinstance(row, Mapping) else row
        wanted = row.get("value") or name if isinstance(row, Mapping) else name
        if not all(isinstance(n, str) and OUTPUT_NAME.fullmatch(n) for n in (name, wanted)):
            yield Problem("must be the name of a variable", f"{path}.outputVariables[{number}]")


def _approval(spec: Mapping[str, Any], path: str, kind: str) -> Found:
    approvers = spec.get("approvers") or {}
    groups = approvers.get("userGroups")
    if not isinstance(groups, list) or not groups:
        yield Problem("names no user group, so nobody could approve", f"{path}.approvers.userGroups")
    elif any(not isinstance(g, str) or "<+" in g for g in groups):
        yield Problem("must be user groups by name", f"{path}.approvers.userGroups")
    minimum = approvers.get("minimumCount", 1)
    if not str(minimum).isdigit() or int(minimum) < 1:
        yield Problem("must be a whole number from 1", f"{path}.approvers.minimumCount")
    for name in ("approverInputs", "autoApproval"):
        if spec.get(name):
            yield Problem(f"{name} is not supported by runs yet", f"{path}.{name}")


def _scan(spec: Mapping[str, Any], path: str, kind: str) -> Found:
    if spec.get("mode", "orchestration") != "orchestration":
        yield Problem(f"mode {spec['mode']!r} is not supported yet; use orchestration", f"{path}.mode")


def _policy(spec: Mapping[str, Any], path: str, kind: str) -> Found:
    yield from _named_sets(spec.get("policySets"), f"{path}.policySets")
    if not isinstance((spec.get("policySpec") or {}).get("payload"), str):
        yield Problem("needs the document to decide about, as text", f"{path}.policySpec.payload")


CHECKS: dict[str, Callable[[Mapping[str, Any], str, str], Found]] = {
    "Run": _script,
    "ShellScript": _script,
    "HarnessApproval": _approval,
    "Bandit": _scan,
    "Policy": _policy,
}
