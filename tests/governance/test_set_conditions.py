"""Selectors and ramps: what they take in, how they can be weakened, and that the gate goes by them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from audit import clock
from governance import set_conditions
from governance.admission import admit
from governance.bundle import ROUTER
from governance.engines import opa_cli
from governance.errors import Blocked, Denied, Invalid
from governance.kinds import Change
from governance.set_conditions import Conditions
from tests.governance.draft_doors import PIPELINE
from tests.governance.drafting import NO_LATEST, bind, put_in_force
from tests.people import PROJECT, by_hand

TODAY = date(2026, 11, 23)
RAMP = [{"on": "2026-12-01", "mode": "warn"}, {"on": "2027-01-01", "mode": "enforce"}]


def test_a_ramp_only_gets_stricter() -> None:
    Conditions.model_validate({"ramp": RAMP})
    with pytest.raises(ValidationError, match="later and stricter"):
        Conditions.model_validate({"ramp": RAMP[::-1]})
    steps = Conditions.model_validate({"ramp": RAMP}).ramp
    assert set_conditions.refuse_softening("shadow", steps) == ""
    assert "not stricter" in set_conditions.refuse_softening("warn", steps)


@pytest.mark.parametrize(
    ("day", "mode"), [("2026-11-30", "off"), ("2026-12-01", "warn"), ("2027-05-01", "enforce")]
)
def test_the_mode_of_a_day(day: str, mode: str) -> None:
    assert set_conditions.mode_on("off", RAMP, date.fromisoformat(day)) == mode


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (("warn", []), ("shadow", []), ["the mode goes from warn to shadow"]),
        (("off", RAMP), ("off", RAMP[:1]), ["from 2027-01-01 the mode is warn instead of enforce"]),
        (("off", RAMP), ("warn", RAMP[1:]), []),
        (("enforce", []), ("off", RAMP), ["the mode goes from enforce to off",
                                          "from 2026-12-01 the mode is warn instead of enforce"]),
    ],
)  # fmt: skip
def test_a_promise_of_later_strictness_counts(before: Any, after: Any, says: list[str]) -> None:
    old, new = ({"mode": mode, "ramp": ramp} for mode, ramp in (before, after))
    assert set_conditions.modes_weakened(old, new, TODAY) == says


@pytest.mark.parametrize(
    ("before", "after", "less"),
    [
        ({}, {"tags": {"team": "x"}}, True),
        ({"tags": {"team": "x"}}, {}, False),
        ({"tags": {"team": "x"}}, {"tags": {"team": "*"}}, False),
        ({"tags": {"team": "*"}}, {"tags": {"team": "x"}}, True),
        ({"templates": ["a"]}, {"templates": ["a", "b"]}, False),
        ({"templates": ["a", "b"]}, {"templates": ["a"]}, True),
    ],
)
def test_what_selects_less_is_known(before: Any, after: Any, less: bool) -> None:
    assert set_conditions.selects_less(before, after) is less


def save(gate: Any, tier: str, team: str = "", identifier: str = "ship") -> None:
    tags = f"tier: {tier}" + (f", team: {team}" if team else "")
    source = f"service:\n  name: {identifier}\n  identifier: {identifier}\n  tags: {{{tags}}}\n"
    admit(Change("save", "service", PROJECT, identifier, source), actor=by_hand(gate.cast.dana))


@pytest.fixture
def ruled(gate: Any) -> Any:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    return gate


@pytest.mark.opa
@pytest.mark.slow
def test_a_set_binds_the_documents_it_selects_and_relabelling_does_not_lead_out(ruled: Any) -> None:
    bind(ruled, "teams", "service", ["no_latest"], selector={"tags": {"team": "payments"}})
    ruled.settle()
    save(ruled, "latest", "search", "other")
    save(ruled, "latest", "", "plain")
    save(ruled, "gold", "payments")
    with pytest.raises(Blocked):
        save(ruled, "latest", "payments")
    with pytest.raises(Blocked):
        save(ruled, "latest", "search")


@pytest.fixture
def labelled(cast: Any, stub_gate: Any) -> Any:
    """A set that goes by the tag of a team, and a pipeline with that tag."""

    def do(who: str, kind: str, identifier: str, source: str = "", **fields: Any) -> None:
        scope = PROJECT if kind == "pipeline" else "acme"
        change = Change("save", kind, scope, identifier, source, fields=fields)
        admit(change, actor=by_hand(getattr(cast, who)))

    rego = 'package pipeline\n\ndeny contains "no" if input.pipeline.name == "no"\n'
    do("pat", "policy", "named", rego)
    members = [{"policy": "named"}]

    def bound(event: str, mode: str) -> None:
        selector = {"tags": {"team": "payments"}}
        do("pat", "policy_set", "teams", entity="pipeline", event=event, mode=mode, members=members,
           selector=selector)  # fmt: skip
        do("dana", "pipeline", "nightly", tagged("{team: payments, tier: gold}"))

    return do, bound


def tagged(tags: str) -> str:
    return PIPELINE.replace("  name: Nightly\n", f"  name: Nightly\n  tags: {tags}\n")


@pytest.mark.opa
@pytest.mark.parametrize(("event", "mode"), [("onsave", "enforce"), ("onsave", "warn"), ("onrun", "enforce")])
@pytest.mark.parametrize("tags", ["{team: search}", "{tier: gold}", "{}"])
def test_a_tag_that_a_set_goes_by_is_not_taken_off_by_whoever_may_not_weaken_it(
    labelled: Any, event: str, mode: str, tags: str
) -> None:
    do, bound = labelled
    bound(event, mode)
    do("dana", "pipeline", "nightly", tagged("{team: payments}"))
    with pytest.raises(
        Denied, match="nightly is tagged team=payments, which is what policy set teams of acme asks"
    ):
        do("dana", "pipeline", "nightly", tagged(tags))
    do("ada", "pipeline", "nightly", tagged(tags))
    do("dana", "pipeline", "nightly", tagged(tags))


@pytest.mark.opa
def test_a_set_that_only_watches_holds_nobody(labelled: Any) -> None:
    do, bound = labelled
    bound("onsave", "shadow")
    do("dana", "pipeline", "nightly", tagged("{team: search}"))


@pytest.mark.opa
@pytest.mark.slow
@pytest.mark.parametrize(("days", "blocks"), [(-1, True), (0, True), (2, False)])
def test_a_ramp_takes_hold_on_its_day(ruled: Any, days: int, blocks: bool) -> None:
    day = clock.now().date() + timedelta(days=days)
    bind(ruled, "soon", "service", ["no_latest"], mode="off", ramp=[{"on": str(day), "mode": "enforce"}])
    ruled.settle()
    if blocks:
        with pytest.raises(Blocked):
            save(ruled, "latest")
    else:
        save(ruled, "latest")


@pytest.mark.usefixtures("stub_gate")
@pytest.mark.django_db
def test_conditions_that_make_no_sense_are_refused(cast: Any) -> None:
    for also, path in (
        ({"ramp": [{"on": "2027-01-01", "mode": "warn"}], "mode": "enforce"}, "ramp"),
        ({"selector": {"colour": "red"}}, "selector.colour"),
        ({"ramp": [{"on": "tomorrow", "mode": "warn"}]}, "ramp.0.on"),
    ):
        fields = {"entity": "service", "event": "onsave", "mode": "off", **also}
        with pytest.raises(Invalid) as refused:
            admit(Change("save", "policy_set", "acme", "x", fields=fields), actor=by_hand(cast.pat))
        assert [p.path for p in refused.value.problems] == [path]


def in_stage(type: str, **spec: Any) -> dict[str, Any]:
    stage = {"stage": {"identifier": "s", "type": type, "spec": spec}}
    return {"pipeline": {"stages": [{"parallel": [stage]}]}}


@pytest.mark.opa
@pytest.mark.parametrize(
    ("document", "types"),
    [
        (in_stage("Deployment", infrastructure={"environment": {"type": "Production"}}), ["Production"]),
        (in_stage("Custom", infrastructure={"environment": {"type": "Production"}},
                  environment={"environmentRef": "live"}), ["Production"]),
        (in_stage("Custom", environment={"environmentRef": "<+input>"}), ["unknown"]),
        (in_stage("Custom", environmentGroup={"envGroupRef": "all"}), ["unknown"]),
        (in_stage("Deployment"), ["unknown"]),
        (in_stage("Deployment", infrastructure={"environment": {"type": "production"}}), ["unknown"]),
        (in_stage("Deployment", infrastructure={"environment": "<+input>"}), ["unknown"]),
        (in_stage("CI", infrastructure={"type": "KubernetesDirect"}), []),
        ({"environmentEntity": {"identifier": "e", "type": "PreProduction"}}, ["PreProduction"]),
        ({"environmentEntity": {"identifier": "e", "type": "<+input>"}}, ["unknown"]),
        ({"environmentEntity": {"identifier": "e"}}, ["unknown"]),
    ],
)  # fmt: skip
def test_what_a_document_deploys_to_is_known_or_counts_as_everything(document: Any, types: list[str]) -> None:
    asked = {"document": document, "question": {}}
    assert opa_cli.evaluate_rule(ROUTER.read_text(), "environment_types", [asked]) == [types]
