"""Policies decide about what the steps of a run give: scan results by all that binds them, others by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from audit.executions import ExecutionView
from governance import policy_sets
from governance.actor import Actor, Channel
from governance.admission import admit
from governance.errors import Refused as RefusedChange
from governance.kinds import Change
from governance.models import Scope, User
from templates_catalog.documents.problems import Problem
from templates_catalog.documents.walk import StepAt, stages_at, steps_at
from templates_catalog.payloads import CUSTOM, ONSTEP
from templates_catalog.runners.plan import Step
from templates_catalog.runners.steps.job import Decide, Refused, Result
from templates_catalog.runners.steps.policy import FAILED

SCAN_RESULTS = "securityTests"
# The step whose results are those of a scan.
SCANNER = "Bandit"


def decider(run: ExecutionView, step: Step) -> Decide:
    """Asks as the person who started the run. Each answer is an evaluation of its own, on the trail."""

    def decide(kind: str, document: str, references: tuple[str, ...]) -> list[str]:
        scope = Scope.objects.get(path=run.scope)
        sets = [_named(reference, scope, kind) for reference in references]
        change = Change(
            "evaluate_step", kind, run.scope, run.pipeline, source=document,
            fields={"execution": run.id, "step": step.path, "sets": sets},
        )  # fmt: skip
        try:
            done = admit(change, actor=Actor(User.objects.get(pk=run.requested_by), Channel.SYSTEM))
        except RefusedChange as refusal:
            said = "; ".join(v.message for v in refusal.violations) or str(refusal)
            raise Refused(said) from refusal
        return [v.message for v in done.warnings]

    return decide


def judged_by_policies(step: Step, result: Result, decide: Decide) -> Result:
    """The result of a step that went well, or why policies refuse what it gave."""
    if result.failed:
        return result
    try:
        for kind, references in _asked(step, result):
            decide(kind, given(result), references)
    except Refused as refused:
        return Result(FAILED, str(refused), result.outputs, result.issues)
    return result


def _asked(step: Step, result: Result) -> Iterator[tuple[str, tuple[str, ...]]]:
    if result.issues is not None:
        # Every set that binds scan results here is asked; one that the step names is among them.
        yield SCAN_RESULTS, ()
    if step.policy_sets:
        yield CUSTOM if result.issues is None else SCAN_RESULTS, step.policy_sets


def given(result: Result) -> str:
    """What a step gave, as Harness shows it to policies: a list of named outcomes, numbers as text."""
    outcomes: list[dict[str, Any]] = [
        {"name": "output", "outcome": {"outputVariables": dict(result.outputs)}}
    ]
    if result.issues is not None:
        outcomes.append({"name": "securityTestData", "outcome": {"issues": list(result.issues)}})
    return json.dumps(outcomes)


def unknown_sets(body: Mapping[str, Any], scope: Scope) -> Iterator[Problem]:
    """References of a pipeline's steps to policy sets that could not be asked, each with its path."""
    for stage in stages_at(body, "pipeline"):
        for at in steps_at(stage.stage, stage.path):
            for path, reference in _references(at):
                kind = SCAN_RESULTS if at.step.get("type") == SCANNER else CUSTOM
                if why := why_not(reference, scope, kind):
                    yield Problem(why, path)


def _references(at: StepAt) -> Iterator[tuple[str, str]]:
    spec = at.step.get("spec") or {}
    for holder, where in ((at.step.get("enforce"), "enforce"), (spec, "spec")):
        sets = (holder or {}).get("policySets")
        for number, reference in enumerate(sets if isinstance(sets, list) else []):
            if isinstance(reference, str):
                yield f"{at.path}.{where}.policySets[{number}]", reference


def _named(reference: str, scope: Scope, kind: str) -> str:
    if why := why_not(reference, scope, kind):
        raise Refused(why)
    found = policy_sets.named(reference, scope)
    assert found is not None  # noqa: S101  (it may be named)
    return f"{found.scope.path}/{found.identifier}"


def why_not(reference: str, scope: Scope, kind: str) -> str:
    """Why a step may not name this policy set; "" when it may. A set that is not asked guards nothing."""
    found = policy_sets.named(reference, scope)
    if found is None:
        return f"there is no policy set {reference!r} in {scope.path} or above"
    if (found.entity, found.event) != (kind, ONSTEP):
        return f"policy set {reference!r} binds {found.entity} documents {found.event}, not {kind} {ONSTEP}"
    if not found.enabled or found.mode == "off":
        return f"policy set {reference!r} is not in force"
    return ""
