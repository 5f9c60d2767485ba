"""Requests about pipelines that were once read wrongly, on the documents that showed it."""

from __future__ import annotations

from tests.generation.asked.delivery import APPLY, VERIFY, custom
from tests.generation.asked.documents import ci, dep, gate, meta, pipe, prod, st
from tests.governance.authoring.reading.decided import asked, denied


def test_an_approval_behind_the_deployment_is_no_approval_of_it() -> None:
    text = "Pipelines deploying to production without an approval by release managers must be blocked."
    assert denied(text, pipe(prod(), gate("release_managers")))
    assert not denied(text, pipe(gate("release_managers"), prod()))


def test_what_was_said_of_the_pipeline_still_holds_when_its_deployments_are_judged() -> None:
    text = "Pipelines tagged pci that deploy to production need an approval by sre."
    assert denied(text, pipe(prod(), tags={"pci": "yes"}))
    assert not denied(text, pipe(prod(), tags={"team": "a"}))


def test_articles_tell_whether_a_check_is_asked_for_or_only_placed() -> None:
    text = "A Verify step has to come after the K8sRollingDeploy step."
    assert denied(text, pipe(dep("qa")))
    assert not denied(text, pipe(dep("qa", st("K8sRollingDeploy"), VERIFY)))


def test_its_is_about_what_the_condition_named() -> None:
    text = "When a stage deploys to production, its timeout must be at most 1 hour."
    assert denied(text, pipe(prod(timeout="2h"), timeout="10m"))
    assert not denied(text, pipe(prod(timeout="30m"), timeout="5h"))


def test_each_of_two_named_groups_has_to_approve() -> None:
    text = "Deployments to prod require two approvals: one by sre and one by the change board."
    assert denied(text, pipe(gate("sre"), prod()))
    assert not denied(text, pipe(gate("sre"), gate("change_board"), prod()))


def test_who_may_approve_is_not_who_may_run() -> None:
    text = "Only release managers may approve production deployments."
    assert not denied(text, pipe(gate("release_managers"), prod(), m=meta(groups=("qa_guild",))))
    assert denied(text, pipe(gate("sre"), prod(), m=meta(groups=("release_managers",))))


def test_a_correction_replaces_what_looks_like_it() -> None:
    text = "Deployment stages need a timeout, sorry, I meant CI stages."
    assert denied(text, pipe(ci()))
    assert not denied(text, pipe(ci(timeout="1h"), dep("qa")))


def test_an_exception_for_pipelines_or_stages_holds_for_what_is_in_them() -> None:
    stages = "No Run steps. CI stages are exempt."
    assert denied(stages, pipe(custom(st("Run"))))
    assert not denied(stages, pipe(ci()))
    pipelines = "All stages need a description. Pipelines without a production deployment are not affected."
    assert denied(pipelines, pipe(prod()))
    assert not denied(pipelines, pipe(ci()))


def test_a_failure_strategy_of_a_stage_is_none_of_its_steps() -> None:
    text = "Every step of type TerraformApply needs a failure strategy with StageRollback."
    strategies = [{"onFailure": {"errors": ["AllErrors"], "action": {"type": "StageRollback"}}}]
    assert denied(text, pipe(custom(APPLY, failureStrategies=strategies)))


def test_a_reason_demands_nothing_but_a_rule_is_never_taken_for_one() -> None:
    reason = "No Email steps. The reason is that they leak addresses."
    assert denied(reason, pipe(custom(st("Email"))))
    assert asked("No Email steps. They must only be frobnicated by hand.")
    assert asked("No Email steps. It is limited to 3 recipients.")


def test_a_title_in_front_of_a_colon_may_not_narrow_the_rule_unheard() -> None:
    assert denied("Four-eyes principle: approval steps must list user groups.", pipe(gate()))
    assert asked("Windows nonsense: every step must have a timeout.")


def test_the_stages_that_steps_are_said_to_be_in_are_not_lost() -> None:
    text = "Steps in deployment stages must have a timeout of at most 1 hour."
    assert denied(text, pipe(dep("qa", st("K8sRollingDeploy", timeout="2h"))))
    assert not denied(text, pipe(ci(st("Run", timeout="2h"))))


def test_one_of_several_steps_is_asked_for_in_every_stage() -> None:
    text = "At least one of Semgrep, CodeQL or Bandit must be in every CI stage."
    assert denied(text, pipe(ci(), ci(st("Semgrep"))))
    assert not denied(text, pipe(ci(st("Bandit"))))


def test_what_a_rollback_may_not_contain_may_stand_elsewhere() -> None:
    text = "Rollbacks must not contain ShellScript steps."
    assert denied(text, pipe(dep("qa", rollback=(st("ShellScript"),))))
    assert not denied(text, pipe(dep("qa", st("ShellScript"), rollback=(st("K8sRollingRollback"),))))
