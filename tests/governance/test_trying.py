"""A draft is tried on documents in a limited process, and typing never takes every thread."""

from __future__ import annotations

import threading

import pytest

from governance import trying
from governance.engines import opa_cli
from governance.engines.turns import Busy, Turns

pytestmark = pytest.mark.opa

REGO = """package pipeline

import data.portal.lib

deny contains msg if {
	some stage in input.pipeline.stages
	bad(stage)
	msg := data.pipeline.text(stage)
}

violations contains {"msg": "deep", "path": "pipeline.stages", "fix": "Take it out."} if {
	some _, step in lib.all_steps
	step.type == "Bad"
}

bad(stage) if stage.x == 1

bad(stage) if stage.y > 1 / stage.z

text(stage) := sprintf("no %v", [stage.x])
"""


def of(*stages: object) -> dict[str, object]:
    return {"pipeline": {"stages": list(stages)}}


def test_each_document_has_its_verdict_its_words_and_the_lines_it_reached() -> None:
    denied, allowed = trying.decide(REGO, [of({"x": 1}), of()])
    assert (denied.verdict, [s["msg"] for s in denied.said]) == ("deny", ["no 1"])
    assert {8, 16, 20} <= set(denied.lines)
    assert allowed.verdict == "allow"
    assert 8 not in allowed.lines


def test_the_shared_library_and_structured_refusals_work_as_in_the_gate() -> None:
    step = {"step": {"identifier": "s", "type": "Bad"}}
    stage = {"stage": {"identifier": "a", "spec": {"execution": {"steps": [step]}}}}
    [found] = trying.decide(REGO, [of(stage)])
    assert found.verdict == "deny"
    assert found.said == [{"msg": "deep", "path": "pipeline.stages", "code": "", "fix": "Take it out."}]


def test_a_document_on_which_it_fails_does_not_hide_what_it_says_of_others() -> None:
    documents = [of({"x": 1}), of({"y": 1, "z": 0}), of(), *[of({"x": 1})] * 60]
    found = trying.decide(REGO, documents)
    assert [t.verdict for t in found[:3]] == ["deny", "failed", "allow"]
    assert "divide by zero" in found[1].problem
    assert {t.verdict for t in found[3:]} == {"deny"}


def test_a_hostile_draft_is_stopped_and_says_so() -> None:
    # Small sets and a lot of time: what is built must not reach the limit of memory first.
    loops = " ".join(f"some {x} in numbers.range(1, 5000);" for x in "xyz")
    [found] = trying.decide(f'package p\n\ndeny contains "no" if {{ {loops} x * y * z < 0 }}\n', [of()])
    assert found.verdict == "failed"
    assert "did not finish in 2 s" in found.problem


def test_what_is_no_policy_is_an_error_with_its_line() -> None:
    with pytest.raises(opa_cli.OpaFailed) as failed:
        trying.decide("package p\n\ndeny contains if\n", [of()])
    assert failed.value.problems[0].line == 3


def test_a_person_has_one_turn_at_a_time_and_all_together_a_few() -> None:
    turns = Turns(most=2, patience_s=0.05)
    with turns.turn("ann"):
        with pytest.raises(Busy, match="your last check"), turns.turn("ann"):
            pass
        with turns.turn("bob"), pytest.raises(Busy, match="many drafts"), turns.turn("cid"):
            pass
        with turns.turn("cid"):
            pass
    with turns.turn("ann"):
        pass


def test_a_turn_that_ends_lets_the_next_one_in() -> None:
    turns = Turns(most=1, patience_s=5)
    started, entered = threading.Event(), threading.Event()

    def wait() -> None:
        started.set()
        with turns.turn("bob"):
            entered.set()

    with turns.turn("ann"):
        thread = threading.Thread(target=wait)
        thread.start()
        started.wait(5)
        assert not entered.is_set()
    assert entered.wait(5)
    thread.join(5)
