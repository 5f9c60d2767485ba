"""Policies decide about what steps give: the step Policy, sets that a step names, and every scan by itself."""

from __future__ import annotations

import json

import pytest

from audit import executions
from audit.models import AuditEvent
from governance.admission import admit
from governance.engines.stub import StubEngine
from governance.errors import Invalid
from governance.kinds import Change
from governance.models import Evaluation
from templates_catalog.runners.demo_repository import make_repository
from templates_catalog.runners.sandbox import Sandbox
from templates_catalog.runners.worker import work
from tests import people
from tests.stubs import stub_gate
from tests.templates_catalog.runners.documents import run, stage, step
from tests.templates_catalog.runners.test_worker import keep_connector

__all__ = ["stub_gate"]


@pytest.fixture
def turn(queue, store, stub_gate: StubEngine):
    """A worker's turn on a run of these stages; the run's id."""

    def _turn(*stages, **body):
        made = queue(*stages, **body)
        work(made, "w1", runner=Sandbox(), store=store)
        return made

    return _turn


@pytest.fixture
def sets(cast, stub_gate: StubEngine) -> None:
    """The set `totals`, for what steps bring."""
    fields = {"entity": "custom", "event": "onstep", "members": []}
    admit(Change("save", "policy_set", "acme", "totals", fields=fields), actor=people.by_hand(cast.pat))


def policy(payload: str, **more):
    spec = {"policySets": ["account.totals"], "type": "Custom", "policySpec": {"payload": payload}}
    return step("decide", "Policy", spec, **more)


def no_total(document):
    return "no total" if "total" not in document else False


def test_a_policy_step_asks_the_sets_it_names_about_the_document_it_brings(
    turn, sets, stub_gate, statuses, said
):
    stub_gate.bind("total", no_total, kind="custom", event="onstep")
    count = run("count", "N=3", "N")
    found = "<+pipeline.stages.one.spec.execution.steps.count.output.outputVariables.N>"
    good = turn(stage("one", count, policy(f'{{"total": {found}}}')))
    assert statuses(good)["one/decide"] == "succeeded"
    question, document = stub_gate.asked[-1]
    assert question.sets == ("acme/totals",)
    assert document == {"total": 3}
    bad = turn(stage("one", policy("{}")))
    assert executions.get(bad).reason == "decide: no total"
    assert "failed: no total" in said(bad, "one/decide")


def test_each_decision_is_kept_and_names_the_run(turn, sets, stub_gate):
    made = turn(stage("one", policy("{}")))
    event = AuditEvent.objects.get(action="custom.evaluate_step")
    said = json.loads(event.data)
    assert (event.outcome, said["execution"], said["step"]) == ("admitted", made, "one/decide")
    assert Evaluation.objects.get(pk=event.evaluation).event == "onstep"


def test_what_a_step_gave_is_decided_by_the_sets_it_names(turn, sets, stub_gate, statuses):
    stub_gate.bind(
        "few", lambda d: "too many" if int(d[0]["outcome"]["outputVariables"]["N"]) > 5 else False,
        kind="custom", event="onstep",
    )  # fmt: skip
    named = {"enforce": {"policySets": ["account.totals"]}}
    assert statuses(turn(stage("one", run("count", "N=3", "N", **named))))["one/count"] == "succeeded"
    bad = turn(stage("one", run("count", "N=9", "N", **named)))
    assert statuses(bad)["one/count"] == "failed"
    assert executions.get(bad).reason == "count: too many"


def test_every_scan_is_decided_by_the_sets_that_bind_scan_results(
    turn, cast, stub_gate, repositories, statuses, said
):
    make_repository(repositories)
    keep_connector(cast, repositories)
    stub_gate.bind("nothing_found", lambda d: d[1]["outcome"]["issues"] != [] and "it found something",
                   kind="securityTests", event="onstep")  # fmt: skip
    codebase = {
        "connectorRef": "account.repos", "repoName": "tracking_eta",
        "build": {"type": "branch", "spec": {"branch": "main"}},
    }  # fmt: skip
    made = turn(
        stage("scan", step("sast", "Bandit", {"mode": "orchestration"})),
        properties={"ci": {"codebase": codebase}},
    )
    assert executions.get(made).reason == "sast: it found something", said(made, "scan/sast")
    question, document = stub_gate.asked[-1]
    assert (question.kind, question.sets) == ("securityTests", ())
    assert document[0]["outcome"]["outputVariables"]["TOTAL"] == str(len(document[1]["outcome"]["issues"]))


def test_a_gate_that_gives_no_answer_fails_the_step(turn, sets, stub_gate):
    stub_gate.down = "stopped"
    made = turn(stage("one", policy("{}")))
    assert "gave no usable answer" in executions.get(made).reason


def test_a_run_that_names_a_set_nobody_asks_does_not_start(cast, sets, stub_gate):
    document = {"pipeline": {"identifier": "ship", "name": "ship", "stages": [stage("one", policy("{}"))]}}
    saved = Change(
        "save", "pipeline", people.PROJECT, "ship", json.dumps(document).replace("totals", "nowhere")
    )
    admit(saved, actor=people.by_hand(cast.dana))
    with pytest.raises(Invalid, match="no policy set"):
        admit(Change("run", "pipeline", people.PROJECT, "ship"), actor=people.by_hand(cast.dana))
