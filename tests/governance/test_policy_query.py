"""What people see of policies, sets and evaluations, and what waits for them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from governance import policy_query as query
from governance.admission import admit
from governance.errors import Blocked, Denied, NotFound
from governance.kinds import Change
from governance.models import PolicySet, Scope
from tests.governance.test_policies import OTHER, REGO
from tests.people import PROJECT, by_hand

pytestmark = [pytest.mark.usefixtures("stub_gate"), pytest.mark.opa]

SERVICE = "service:\n  name: ship\n  identifier: ship\n"


@pytest.fixture
def seen(cast: SimpleNamespace) -> SimpleNamespace:
    """Two policies at acme, one active and bound, one waiting for review."""
    pat, eli = by_hand(cast.pat), by_hand(cast.eli)
    admit(Change("save", "policy", "acme", "stages", source=REGO, fields={"name": "Has stages"}), actor=pat)
    for verb, actor in (("submit", pat), ("approve", eli), ("activate", eli)):
        admit(Change(verb, "policy", "acme", "stages"), actor=actor)
    admit(Change("save", "policy", "acme", "waiting", source=OTHER, fields={"name": "Waiting"}), actor=pat)
    admit(Change("submit", "policy", "acme", "waiting"), actor=pat)
    members = [{"policy": "stages"}, {"policy": "waiting", "severity": "warning"}]
    fields = {"entity": "pipeline", "event": "onsave", "members": members, "name": "Basics"}
    admit(Change("save", "policy_set", "acme", "basics", fields=fields), actor=pat)
    return cast


def test_a_project_sees_the_policies_above_it_as_inherited(seen: SimpleNamespace) -> None:
    here = Scope.objects.get(path=PROJECT)
    page = query.policies(by_hand(seen.dana), here)
    found = {p.identifier: p for p in page.policies}
    assert found["stages"].inherited
    assert (found["stages"].state, found["stages"].active_version) == ("active", 1)
    assert found["stages"].activating, "no bundle holds it yet"
    assert [(b.set, b.severity, b.mode) for b in found["waiting"].sets] == [("basics", "warning", "enforce")]


def test_lists_filter_by_state_entity_text_and_page_by_cursor(seen: SimpleNamespace) -> None:
    here, eli = Scope.objects.get(path="acme"), by_hand(seen.eli)

    def names(**filters: Any) -> list[str]:
        return [p.identifier for p in query.policies(eli, here, **filters).policies]

    assert names(state="active") == ["stages"]
    assert names(state="in_review") == ["waiting"]
    assert names(entity="service") == []
    assert names(text="has stages") == ["stages"]
    first = query.policies(eli, here, size=1)
    second = query.policies(eli, here, size=1, after=first.after)
    assert [p.identifier for p in first.policies + second.policies] == ["stages", "waiting"]
    assert second.after == ""


def test_a_stranger_sees_nothing(seen: SimpleNamespace) -> None:
    sam, here = by_hand(seen.sam), Scope.objects.get(path="acme")
    assert query.policies(sam, here).policies == []
    assert query.sets(sam, here) == []
    assert query.evaluations(sam).evaluations == []
    with pytest.raises(NotFound):
        query.policy(sam, "acme", "stages")


def test_the_queue_holds_what_a_person_may_decide_and_nobody_their_own(seen: SimpleNamespace) -> None:
    waiting = query.review_queue(by_hand(seen.eli))
    assert [(i.policy.identifier, i.waits_for) for i in waiting] == [("waiting", "approve")]
    assert query.review_queue(by_hand(seen.pat)) == []
    version = query.version(by_hand(seen.pat), "acme", "waiting", 1)
    assert query.why_not(by_hand(seen.pat), version, "approve").startswith("You wrote this version")
    assert query.why_not(by_hand(seen.eli), version, "approve") == ""
    assert "is in review" in query.why_not(by_hand(seen.eli), version, "activate")


def test_a_detail_names_its_approvals_and_what_the_person_may_do(seen: SimpleNamespace) -> None:
    detail = query.policy(by_hand(seen.eli), "acme", "stages")
    assert [(a.user, a.valid) for a in detail.versions[0].approvals] == [("eli", True)]
    assert {"approve", "activate", "save"} <= detail.may
    assert query.policy(by_hand(seen.dana), "acme", "stages").may == frozenset(), "seen from below only"


def test_what_applies_names_sets_and_severities(seen: SimpleNamespace) -> None:
    rows = query.applies(Scope.objects.get(path=PROJECT), "pipeline", "onsave")
    assert [(r.policy, r.set, r.severity, r.loaded) for r in rows] == [
        ("stages", "basics", "error", False),
        ("waiting", "basics", "warning", False),
    ]


@pytest.mark.parametrize(("on", "modes"), [("2020-01-01", {"enforce"}), ("2999-01-01", set())])
def test_what_applies_goes_by_the_mode_of_today(seen: SimpleNamespace, on: str, modes: set[str]) -> None:
    PolicySet.objects.filter(identifier="basics").update(mode="off", ramp=[{"on": on, "mode": "enforce"}])
    assert {r.mode for r in query.applies(Scope.objects.get(path=PROJECT), "pipeline")} == modes


def test_an_evaluation_tells_its_verdicts_and_only_auditors_read_the_input(
    seen: SimpleNamespace, stub_gate: Any
) -> None:
    stub_gate.bind("no_ship", lambda seen: "not this ship", kind="service")
    with pytest.raises(Blocked):
        admit(Change("save", "service", PROJECT, "ship", SERVICE), actor=by_hand(seen.dana))
    page = query.evaluations(by_hand(seen.dana), kind="service", policy="no_ship")
    [view] = page.evaluations
    assert (view.status, view.errors, view.details[0]["violations"][0]["message"]) == (
        "error",
        1,
        "not this ship",
    )
    assert query.evaluation(by_hand(seen.dana), view.id) == view
    with pytest.raises(Denied):
        query.evaluation_input(by_hand(seen.dana), view.id)
    stored = query.evaluation_input(by_hand(seen.cora), view.id)
    assert stored["serviceEntity"]["identifier"] == "ship"
    assert stored["metadata"]["user"]["username"] == "dana"
    with pytest.raises(NotFound):
        query.evaluation(by_hand(seen.sam), view.id)


def test_the_gate_says_what_it_waits_for(seen: SimpleNamespace) -> None:
    status = query.gate_status()
    assert not status.ready
    assert "keeper is not running" in status.problem
