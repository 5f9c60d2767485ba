"""A worker's turn on a run: real sandbox, real database, no queue."""

from __future__ import annotations

import threading
import time

import pytest

from audit import executions
from audit import query as audit_query
from audit.wiring import log_store
from governance.actor import Actor, Channel
from governance.admission import admit
from governance.errors import Conflict, Denied, NotFound
from governance.kinds import Change
from templates_catalog import execution_query
from templates_catalog.runners.demo_repository import make_repository
from templates_catalog.runners.sandbox import Sandbox
from templates_catalog.runners.scripted import ScriptedRunner
from templates_catalog.runners.worker import work
from tests import people
from tests.templates_catalog.runners.documents import approval, on_failure, run, stage, step

TURN = "w1"


def turn(run_id, store, worker=TURN):
    return work(run_id, worker, runner=Sandbox(), store=store)


def test_steps_run_in_order_and_hand_on_what_they_made(queue, store, statuses, said):
    made = queue(
        stage("build", run("compile", "V=1.4.2; echo compiled", "V")),
        stage(
            "check",
            run(
                "show",
                "echo version <+pipeline.stages.build.spec.execution.steps.compile.output.outputVariables.V>",
            ),
        ),
    )
    assert turn(made, store) == "succeeded"
    assert statuses(made) == {"build/compile": "succeeded", "check/show": "succeeded"}
    assert "version 1.4.2" in said(made, "check/show")
    assert executions.get(made).state == "succeeded"


def test_a_failing_step_fails_the_run_and_later_stages_are_not_reached(queue, store, statuses, said):
    made = queue(
        stage("one", run("bad", "echo so far; exit 3"), run("never", "true")), stage("two", run("x", "true"))
    )
    assert turn(made, store) == "failed"
    assert statuses(made) == {"one/bad": "failed"}
    assert executions.get(made).reason == "bad: exit code 3"
    assert said(made, "one/bad").endswith("so far\nfailed: exit code 3\n")


def test_conditions_and_strategies_decide_what_follows_a_failure(queue, store, statuses):
    made = queue(
        stage(
            "one",
            run("flaky", "exit 1", failureStrategies=on_failure("Ignore")),
            run("bad", "exit 1"),
            run("cleanup", "true", when={"stageStatus": "Failure"}),
            run("after", "true"),
        ),
        stage("report", run("tell", "true"), when={"pipelineStatus": "All"}),
    )
    assert turn(made, store) == "failed"
    assert statuses(made) == {
        "one/flaky": "ignored", "one/bad": "failed", "one/cleanup": "succeeded", "report/tell": "succeeded",
    }  # fmt: skip


def test_a_rollback_strategy_runs_the_rollback_steps(queue, store, statuses):
    made = queue(
        stage(
            "deploy",
            step("roll", "K8sRollingDeploy"),
            run("smoke", "exit 1"),
            run("never", "true"),
            rollback=[step("undo", "K8sRollingRollback")],
            failureStrategies=on_failure("StageRollback"),
        )
    )
    assert turn(made, store) == "failed"
    assert statuses(made) == {
        "deploy/roll": "succeeded", "deploy/smoke": "failed", "deploy/rollback/undo": "succeeded",
    }  # fmt: skip


def test_branches_run_at_the_same_time(queue, store, statuses):
    branches = [run(f"b{n}", "sleep 0.7") for n in range(4)]
    made = queue(stage("one", {"parallel": branches}))
    begun = time.monotonic()
    assert turn(made, store) == "succeeded"
    assert time.monotonic() - begun < 2.4
    assert set(statuses(made).values()) == {"succeeded"}


def test_a_type_without_executor_fails_by_name(queue, store, said):
    made = queue(stage("one", step("call", "Http", {"url": "https://x.example"})))
    assert turn(made, store) == "failed"
    assert executions.get(made).reason == "call: no executor for step type Http"
    assert "no executor for step type Http" in said(made, "one/call")


def test_deploy_steps_are_a_named_dry_run(queue, store, said):
    spec = {"service": {"serviceRef": "tracking"}, "environment": {"environmentRef": "prod"}}
    made = queue(stage("deploy", step("roll", "K8sRollingDeploy", {"skipDryRun": False}), spec=spec))
    assert turn(made, store) == "succeeded"
    text = said(made, "deploy/roll")
    assert text.startswith("DRY RUN of K8sRollingDeploy: nothing is deployed")
    assert "service: tracking" in text
    assert "environment: prod" in text


def test_a_step_that_takes_too_long_is_ended(queue, store):
    made = queue(stage("one", run("slow", "sleep 60", timeout="1s")))
    begun = time.monotonic()
    assert turn(made, store) == "failed"
    assert time.monotonic() - begun < 5
    assert executions.get(made).reason == "slow: ended after its time of 1 s was over"


def test_cancelling_ends_a_running_step_within_five_seconds(queue, store, statuses, cast):
    made = queue(stage("one", run("slow", "sleep 60")))
    ended = []
    thread = threading.Thread(target=lambda: ended.append(turn_in_thread(made, store)))
    thread.start()
    wait_until(lambda: statuses(made).get("one/slow") == "running")
    begun = time.monotonic()
    admit(Change("cancel", "execution", people.PROJECT, made), actor=Actor(cast.omar, Channel.UI))
    thread.join(10)
    assert time.monotonic() - begun < 5
    assert ended == ["cancelled"]
    assert statuses(made) == {"one/slow": "cancelled"}
    assert executions.get(made).reason == "cancelled by omar"


def turn_in_thread(made, store):
    from django.db import connection

    try:
        return turn(made, store)
    finally:
        connection.close()


def wait_until(true, seconds=10.0):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_an_approval_holds_no_worker_and_the_run_goes_on_after_the_answer(queue, store, statuses, cast):
    made = queue(
        stage("one", run("build", "true"), approval("gate", "account.security_team"), run("ship", "true"))
    )
    assert turn(made, store) == "waiting"
    assert statuses(made) == {"one/build": "succeeded", "one/gate": "waiting"}
    assert turn(made, store) == "not queued"
    done = admit(Change("approve", "execution", people.PROJECT, made), actor=Actor(cast.eli, Channel.UI))
    assert done.data["state"] == "queued"
    assert turn(made, store) == "succeeded"
    assert statuses(made) == {"one/build": "succeeded", "one/gate": "approved", "one/ship": "succeeded"}
    starts = [
        e for e in executions.events(made, limit=1000) if e.kind == "step.running" and e.step == "one/build"
    ]
    assert len(starts) == 1


def test_a_rejection_fails_the_run_with_the_reason(queue, store, statuses, cast):
    made = queue(stage("one", approval("gate", "security_team"), run("ship", "true")))
    turn(made, store)
    change = Change(
        "reject", "execution", people.PROJECT, made, fields={"step": "one/gate", "comment": "Two findings."}
    )
    admit(change, actor=Actor(cast.eli, Channel.UI))
    assert turn(made, store) == "failed"
    assert executions.get(made).reason == "gate: gate was rejected by eli: Two findings."
    assert statuses(made) == {"one/gate": "rejected"}


def test_only_members_of_the_named_groups_decide_and_never_who_started_it(queue, store, cast):
    made = queue(stage("one", approval("gate", "security_team")))
    turn(made, store)
    with pytest.raises(Denied, match="you are in none of these groups"):
        admit(Change("approve", "execution", people.PROJECT, made), actor=Actor(cast.omar, Channel.UI))
    with pytest.raises(Denied, match="may not be decided by who did"):
        admit(Change("approve", "execution", people.PROJECT, made), actor=Actor(cast.dana, Channel.UI))
    assert executions.get(made).state == "waiting"


def test_two_people_are_needed_where_the_step_asks_for_two(queue, store, statuses, cast):
    members = {"name": "Security Team", "members": ["eli", "cora"]}
    admit(
        Change("save", "user_group", "acme", "security_team", fields=members),
        actor=Actor(cast.ada, Channel.UI),
    )
    made = queue(stage("one", approval("gate", "security_team", minimum=2)))
    turn(made, store)
    approve = Change("approve", "execution", people.PROJECT, made)
    assert admit(approve, actor=Actor(cast.eli, Channel.UI)).data["decided"] is False
    with pytest.raises(Denied, match="already approved"):
        admit(approve, actor=Actor(cast.eli, Channel.UI))
    assert executions.get(made).state == "waiting"
    assert admit(approve, actor=Actor(cast.cora, Channel.UI)).data["decided"] is True
    with pytest.raises(Conflict, match="does not wait"):
        admit(approve, actor=Actor(cast.cora, Channel.UI))
    assert turn(made, store) == "succeeded"


def test_a_branch_that_waits_does_not_stop_the_others(queue, store, statuses, cast):
    made = queue(
        stage(
            "one", {"parallel": [approval("gate", "security_team"), run("load", "true")]}, run("ship", "true")
        )
    )
    assert turn(made, store) == "waiting"
    assert statuses(made) == {"one/gate": "waiting", "one/load": "succeeded"}
    admit(Change("approve", "execution", people.PROJECT, made), actor=Actor(cast.eli, Channel.UI))
    assert turn(made, store) == "succeeded"


def test_no_step_starts_after_its_starter_lost_the_right(queue, store, statuses, cast):
    made = queue(stage("one", run("first", "true"), approval("gate", "security_team"), run("second", "true")))
    turn(made, store)
    admit(
        Change("revoke", "role_binding", people.PROJECT, "dana_developer"), actor=Actor(cast.ada, Channel.UI)
    )
    admit(Change("approve", "execution", people.PROJECT, made), actor=Actor(cast.eli, Channel.UI))
    assert turn(made, store) == "cancelled"
    assert "one/second" not in statuses(made)
    assert "dana, who started this run, no longer holds execute_pipeline" in executions.get(made).reason


def test_a_run_is_claimed_once(queue, store):
    made = queue(stage("one", run("x", "true")))
    assert executions.claim(made, "somebody else") is not None
    assert turn(made, store) == "not queued"


def test_a_worker_that_lost_its_lease_writes_nothing_more(queue, store, statuses, monkeypatch):
    made = queue(stage("one", run("x", "sleep 3"), run("y", "true")))
    thread = threading.Thread(target=turn_in_thread, args=(made, store))
    thread.start()
    wait_until(lambda: statuses(made).get("one/x") == "running")
    take_away(made)
    thread.join(10)
    assert statuses(made)["one/x"] != "succeeded"
    assert "one/y" not in statuses(made)


def take_away(made):
    """What the sweep does once a lease ran out, without waiting for it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_execution SET lease_until = '2020-01-01 00:00:00+00:00'")
    assert [(i, b, a) for i, b, a in executions.sweep()] == [(made, "running", "queued")]


def test_bandit_scans_the_workspace_and_fails_by_severity(queue, store, said, cast, repositories):
    make_repository(repositories)
    keep_connector(cast, repositories)
    scan = step(
        "sast",
        "Bandit",
        {"mode": "orchestration", "config": "default", "advanced": {"fail_on_severity": "high"}},
    )
    codebase = {
        "connectorRef": "account.repos",
        "repoName": "tracking_eta",
        "build": {"type": "branch", "spec": {"branch": "main"}},
    }
    made = queue(stage("scan", scan), properties={"ci": {"codebase": codebase}})
    assert turn(made, store) == "failed"
    assert executions.get(made).reason == "sast: 2 findings of severity high or worse"
    text = said(made, "scan/sast")
    assert "at commit" in text.splitlines()[0]
    assert "HIGH   B602 tracking/labels.py:12" in text


def keep_connector(cast, folder):
    from governance.models import Scope
    from templates_catalog.models import Entity, EntityVersion

    scope = Scope.objects.get(path="acme")
    body = {
        "identifier": "repos",
        "name": "repos",
        "type": "Git",
        "spec": {"url": f"file://{folder}", "connectionType": "Account"},
    }
    row = Entity.objects.create(
        scope=scope, kind="connector", identifier="repos", name="repos", type="Git", latest=1
    )
    EntityVersion.objects.create(
        entity=row,
        number=1,
        source="",
        document={"connector": body},
        content_sha256="0" * 64,
        author=cast.ada,
    )


def test_a_run_without_a_sandbox_fails_saying_why(queue, store, monkeypatch):
    made = queue(stage("one", run("x", "true")))
    runner = Sandbox()
    monkeypatch.setattr(Sandbox, "why_not", lambda self: "bwrap is not installed")
    assert work(made, TURN, runner=runner, store=store) == "failed"
    assert executions.get(made).reason == "steps cannot run on this machine: bwrap is not installed"


def test_an_approval_nobody_answers_expires(queue, store, statuses):
    made = queue(stage("one", approval("gate", "security_team", timeout="4s"), run("ship", "true")))
    assert turn(made, store) == "waiting"
    assert executions.sweep() == []
    time.sleep(4.5)
    assert executions.sweep() == [(made, "waiting", "expired")]
    assert executions.get(made).reason == "nobody answered in time"
    assert turn(made, store) == "not queued"


def test_a_fault_of_our_own_ends_the_run_and_says_so(queue, store):
    def broken(command, write, stop):
        raise KeyError("surprise")

    made = queue(stage("one", run("x", "true")))
    assert work(made, TURN, runner=ScriptedRunner(broken), store=store) == "failed"
    assert executions.get(made).reason == "a fault of the portal, not of the pipeline: KeyError('surprise')"


def test_a_log_that_cannot_be_kept_fails_its_step(queue, store, monkeypatch):
    made = queue(stage("one", run("x", "echo hello")))

    def full(key, offset, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "append", full)
    assert turn(made, store) == "failed"
    assert "its log could not be kept" in executions.get(made).reason


def test_a_page_of_runs_costs_the_same_however_many_it_shows(queue, cast, django_assert_num_queries):
    actor = Actor(cast.dana, Channel.UI)
    for _ in range(6):
        queue(stage("one", run("x", "true")), {"parallel": [stage("two", run("y", "true"))]})
    found = execution_query.executions(actor, people.PROJECT).executions
    with django_assert_num_queries(2):
        shown = execution_query.stages(found)
    assert [[line.status for line in shown[one.id]] for one in found] == [["queued", "queued"]] * 6


def test_the_page_of_a_run_shows_every_step_reached_or_not(queue, store, cast):
    made = queue(
        stage(
            "one",
            run("a", "V=1", "V"),
            {"parallel": [run("b", "true"), run("c", "exit 1")]},
            run("d", "true"),
        ),
        stage("two", approval("gate", "security_team")),
    )
    turn(made, store)
    shown = execution_query.run(Actor(cast.dana, Channel.UI), made)
    lines = [(line.path, line.status, bool(line.at_once)) for one in shown.stages for line in one.lines]
    assert lines == [
        ("one/a", "succeeded", False), ("one/b", "succeeded", True), ("one/c", "failed", True),
        ("one/d", "not_reached", False), ("two/gate", "not_reached", False),
    ]  # fmt: skip
    assert [one.status for one in shown.stages] == ["failed", "not_reached"]
    assert shown.outputs == [("V", "1", "one/a")]
    with pytest.raises(NotFound):
        execution_query.run(Actor(cast.sam, Channel.UI), made)


def test_a_download_leaves_an_event(queue, store, cast, settings, tmp_path):
    settings.LOG_STORE_DIR = tmp_path
    made = queue(stage("one", run("a", "echo hello")))
    work(made, TURN, runner=Sandbox(), store=log_store())
    file = execution_query.download(Actor(cast.dana, Channel.UI), made, "one/a")
    assert b"".join(file.chunks).endswith(b"hello\n")
    assert file.name == "ship-1-one-a.log"
    newest = audit_query.page(audit_query.parse({"action": "execution.download"}), ["acme"]).events
    assert [(event.actor_name, event.data["step"]) for event in newest] == [("dana", "one/a")]
