"""Words that say much must leave a trace in the rule, or be asked about; on the documents that showed it."""

from __future__ import annotations

from typing import Any

import pytest

from governance.authoring.planner import Question, plan
from tests.generation.asked.delivery import custom
from tests.generation.asked.documents import bom, ci, dep, gate, pipe, prod, scan, st
from tests.governance.authoring.reading.decided import FACTS, denied


@pytest.mark.parametrize(
    "text",
    [
        "No timeouts exceeding 45m on Run steps, and each Run step must have one.",
        "Deny packages whose version is a snapshot.",
        "Docker images used in steps must come from artifacts.halden.example or gcr.io.",
        "Templates with the tag deprecated may not be used.",
        "All environments of a pipeline must be pre-production.",
        "A pipeline that deploys to prod needs both a SAST scan and an approval, the scan first.",
        "More than 10 new findings are not OK, but low ones don't matter.",
        "Pipelines may use at most 2 different environments.",
        "On weekdays before 7 am UTC no one but SRE can run anything.",
    ],
)
def test_words_without_a_trace_are_asked_about(text: str) -> None:
    assert isinstance(plan(text, FACTS), Question)


def test_a_registry_by_its_short_name_is_the_step_that_pushes_there() -> None:
    text = "Images may only be pushed to ECR."
    assert denied(text, pipe(ci(st("BuildAndPushGAR"))))
    assert not denied(text, pipe(ci(st("BuildAndPushECR"))))
    assert denied("Images must not be pushed to GAR or GCR.", pipe(ci(st("BuildAndPushGCR"))))


def test_what_that_is_explains_is_said_of_the_same_thing() -> None:
    text = "Deployment stages must have a rollback, that is at least one rollback step."
    assert denied(text, pipe(dep("qa", st("K8sRollingDeploy"))))
    assert not denied(text, pipe(ci(st("Run"))))


def test_under_bounds_a_timeout_instead_of_beginning_it() -> None:
    text = "Approval timeouts must be under 1 day."
    assert denied(text, pipe(custom(st("HarnessApproval", timeout="1d"))))
    assert not denied(text, pipe(custom(st("HarnessApproval", timeout="5h"))))


def test_a_scan_in_an_earlier_stage_stands_before_the_deployment() -> None:
    text = "Pipelines that deploy to production must run a Snyk scan in an earlier stage."
    assert denied(text, pipe(prod(), ci(st("Snyk"))))
    assert not denied(text, pipe(ci(st("Snyk")), prod()))


def test_what_undoes_a_step_stands_in_its_own_stage() -> None:
    text = "Helm deployments must use a rollback step of type HelmRollback."
    undone = dep("qa", st("HelmDeploy"), rollback=[st("HelmRollback")])
    assert denied(text, pipe(dep("qa", st("HelmDeploy")), undone))
    assert not denied(text, pipe(undone))


def test_a_forbidden_template_is_forbidden_in_stages_too() -> None:
    text = "Pipelines must not use the template legacy_deploy."
    assert denied(text, pipe(dep("qa", template={"templateRef": "account.legacy_deploy"})))
    assert not denied(text, pipe(dep("qa", template={"templateRef": "account.deploy"})))


def test_names_are_measured_in_characters() -> None:
    text = "Stage names longer than 30 characters are rejected."
    assert denied(text, pipe(ci(name="a" * 31)))
    assert not denied(text, pipe(ci(name="a" * 30)))


def test_no_critical_and_fewer_than_five_high_are_two_bounds() -> None:
    text = "A scan is acceptable only if it has no critical and fewer than 5 high findings."
    assert denied(text, scan(CRITICAL="0", HIGH="5"))
    assert denied(text, scan(CRITICAL="1", HIGH="0"))
    assert not denied(text, scan(CRITICAL="0", HIGH="4"))
    unknown = scan()
    del unknown[0]["outcome"]["outputVariables"]["HIGH"]
    assert not denied(text, unknown)


def test_the_document_is_no_package() -> None:
    text = "Every package of an SBOM has to have a version and a purl."
    assert denied(text, bom(("left-pad", "", "MIT")))


def test_who_deploys_nothing_may_still_build() -> None:
    text = "On December 24 nobody deploys anything."
    christmas = 1766577600  # 2025-12-24 12:00 UTC
    build, deploy = pipe(ci()), pipe(dep("qa"))
    for document in (build, deploy):
        document["metadata"]["timestamp"] = christmas
    assert denied(text, deploy)
    assert not denied(text, build)


def test_a_check_after_the_deployment_may_stand_in_its_own_stage() -> None:
    text = "After each deployment there has to be a Verify step."
    assert not denied(text, pipe(dep("qa", st("K8sRollingDeploy"), st("Verify"))))
    assert not denied(text, pipe(dep("qa"), custom(st("Verify"))))
    assert denied(text, pipe(dep("qa", st("Verify"), st("K8sRollingDeploy"))))


def test_approvals_are_those_that_have_what_is_asked() -> None:
    text = "Approvals need at least two approvers."
    assert denied(text, pipe(gate("sre", count=1)))
    assert not denied(text, pipe(custom(st("JiraApproval", projectKey="OPS"))))


def test_results_without_a_number_break_no_upper_bound() -> None:
    text = "Medium findings must stay below 50."
    unknown = scan()
    del unknown[0]["outcome"]["outputVariables"]["MEDIUM"]
    assert not denied(text, unknown)
    assert denied(text, scan(MEDIUM="50"))


def test_approvals_by_a_group_are_not_all_approvals() -> None:
    text = "No approvals by SRE."
    assert denied(text, pipe(gate("sre")))
    assert not denied(text, pipe(gate("release_managers")))


def test_a_failure_strategy_with_rollback_takes_that_action() -> None:
    text = "Production deployments need a failure strategy with rollback."

    def failing(action: str) -> Any:
        return pipe(
            prod(failureStrategies=[{"onFailure": {"errors": ["AllErrors"], "action": {"type": action}}}])
        )

    assert not denied(text, failing("PipelineRollback"))
    assert denied(text, failing("Ignore"))


def test_a_group_nobody_knows_is_asked_about_with_those_there_are() -> None:
    found = plan("Only members of the dragons group may deploy to production.", FACTS)
    assert isinstance(found, Question)
    assert "The groups here are " in found.asks
    assert FACTS.groups[0].identifier in found.asks
    other = plan("Pipelines must wobble.", FACTS)
    assert isinstance(other, Question)
    assert "groups here" not in other.asks
