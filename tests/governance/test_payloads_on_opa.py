"""Policies about what is kept elsewhere decide on demand: every kind of the library, on the real engine."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audit.models import AuditEvent
from governance import starters
from governance.admission import admit
from governance.engines import opa_cli
from governance.errors import Blocked, Denied, Invalid, NotFound
from governance.kinds import Change
from governance.models import Evaluation
from templates_catalog.payloads import EVENTS
from tests.governance.drafting import bind, put_in_force
from tests.people import PROJECT, by_hand

pytestmark = [pytest.mark.opa, pytest.mark.slow]


def evaluate(gate: Any, kind: str, document: Any, *, who: str = "dana", **fields: Any) -> Any:
    change = Change("evaluate", kind, PROJECT, "one", json.dumps(document), fields=fields)
    return admit(change, actor=by_hand(getattr(gate.cast, who)))


def test_every_starter_about_such_a_kind_can_be_put_in_force_and_decides_its_own_examples(gate: Any) -> None:
    chosen = [s for s in starters.starters() if s.rule.entity in EVENTS]
    assert {s.rule.entity for s in chosen} > {
        "sbom",
        "securityTests",
        "terraformPlan",
        "repository",
        "secret",
    }
    for starter in chosen:
        rule, event = starter.rule.model_dump(mode="json"), starter.rule.event
        rego = opa_cli.fmt(starter.rego)
        put_in_force(gate, starter.identifier, rego, entity=starter.rule.entity, rule=rule)
        bind(gate, f"set_{starter.identifier}", starter.rule.entity, [starter.identifier], event=event)
    gate.settle()
    for starter in chosen:
        event = starter.rule.event
        for case in starter.cases():
            if "metadata" in case.document:  # who asks and when is told by the portal alone
                continue
            said = decided(gate, starter.rule.entity, case.document, event)
            assert (starter.identifier in said) == (case.expect == "deny"), (starter.identifier, case.name)


def decided(gate: Any, kind: str, document: Any, event: str) -> set[str]:
    try:
        evaluate(gate, kind, document, event=event)
    except Blocked as blocked:
        return {v.policy for v in blocked.violations}
    return set()


NO_TOTAL = """package custom

deny contains "no total" if not input.total
"""


def test_a_decision_about_it_is_kept_and_on_the_trail_whatever_it_says(gate: Any) -> None:
    put_in_force(gate, "no_total", NO_TOTAL, entity="custom")
    bind(gate, "totals", "custom", ["no_total"], event="onstep")
    gate.settle()
    passed = evaluate(gate, "custom", {"total": 1})
    assert Evaluation.objects.get(pk=passed.evaluation).status == "pass"
    with pytest.raises(Blocked, match="no total"):
        evaluate(gate, "custom", {"metadata": {"theirs": True}})
    outcomes = AuditEvent.objects.filter(action="custom.evaluate").order_by("recorded_at")
    assert [e.outcome for e in outcomes] == ["admitted", "blocked"]


@pytest.mark.parametrize(
    ("kind", "document", "says"),
    [
        ("sbom", {"packages": []}, "is a list"),
        ("terraformPlan", [], "is a mapping"),
        ("secret", {"secretEntity": {}}, "must start with the key 'secret'"),
    ],
)
def test_another_shape_is_refused_because_nothing_in_it_would_be_looked_at(
    gate: Any, kind: str, document: Any, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        evaluate(gate, kind, document)


def test_who_may_not_ask_is_refused_and_nobody_plays_a_run(gate: Any) -> None:
    with pytest.raises(Denied):
        evaluate(gate, "custom", {}, who="cora")
    with pytest.raises(NotFound):
        evaluate(gate, "custom", {}, who="sam")
    fields = {"execution": "1", "step": "build/scan"}
    change = Change("evaluate_step", "custom", PROJECT, "one", "{}", fields=fields)
    with pytest.raises(Denied, match="Only a run"):
        admit(change, actor=by_hand(gate.cast.dana))


def test_a_ramp_of_a_set_about_lists_binds_as_its_last_step_says(gate: Any) -> None:
    rego = "package sbom\n\ndeny contains p.packageName if some p in input\n"
    put_in_force(gate, "nothing", rego, entity="sbom")
    bind(gate, "lists", "sbom", ["nothing"], event="onstep", mode="shadow",
         ramp=[{"on": "2020-01-01", "mode": "enforce"}])  # fmt: skip
    gate.settle()
    with pytest.raises(Blocked, match="left-pad"):
        evaluate(gate, "sbom", [{"packageName": "left-pad"}])
