"""What is stored, decided anew; and that a rule which would block much of it is watched first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from audit import clock
from governance import gate as gate_of_admission
from governance import shadow_first, standing_query, sweep
from governance.admission import admit
from governance.errors import Conflict, Invalid
from governance.kinds import Change
from governance.models import Standing, Sweep
from governance.scopes import find
from governance.stored import Asked
from tests.governance.draft_doors import PIPELINE
from tests.governance.drafting import NO_LATEST, approve, bind, put_in_force
from tests.people import PROJECT, by_hand

pytestmark = [pytest.mark.opa, pytest.mark.slow]
FIELDS = {"entity": "service", "event": "onsave", "members": [{"policy": "no_latest"}]}


def keep(gate: Any, identifier: str, tier: str) -> None:
    source = f"service:\n  name: {identifier}\n  identifier: {identifier}\n  tags: {{tier: {tier}}}\n"
    admit(Change("save", "service", PROJECT, identifier, source), actor=by_hand(gate.cast.dana))


def swept(gate: Any, monkeypatch: pytest.MonkeyPatch) -> Sweep:
    gate.settle()
    monkeypatch.setattr(sweep, "SETTLED", sweep.SETTLED * 0)
    assert sweep.due()
    assert sweep.run()
    return Sweep.objects.latest("started_at")


@pytest.fixture
def stored(gate: Any) -> Any:
    for number in range(10):
        keep(gate, f"s{number}", "latest" if number < 3 else "gold")
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    return gate


def test_a_sweep_says_what_would_now_be_blocked_and_since_when(
    stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bind(stored, "services", "service", ["no_latest"])
    first = swept(stored, monkeypatch)
    assert (first.state, first.blocked, first.newly_blocked) == ("done", 3, 3)
    row = Standing.objects.get(identifier="s1")
    assert (row.status, row.violations[0]["message"]) == ("error", "tier may not be latest")
    assert not sweep.due()
    keep(stored, "s1", "gold")
    Sweep.objects.update(revision="older")
    second = swept(stored, monkeypatch)
    assert (second.blocked, second.newly_blocked) == (2, 0)
    assert Standing.objects.get(identifier="s1").blocked_since is None


def test_a_sweep_is_seen_as_far_as_one_may_look(stored: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bind(stored, "services", "service", ["no_latest"], mode="warn")
    swept(stored, monkeypatch)
    seen = standing_query.overview(by_hand(stored.cast.dana), find(PROJECT))
    assert seen.counts["service"] == {"pass": 7, "warning": 3}
    assert standing_query.overview(by_hand(stored.cast.sam), find(PROJECT)).counts == {}


def test_what_would_block_much_starts_in_shadow(stored: Any) -> None:
    def save(**also: Any) -> None:
        change = Change("save", "policy_set", "acme", "services", fields={**FIELDS, **also})
        admit(change, actor=by_hand(stored.cast.pat))

    for also in ({"mode": "enforce"}, {"mode": "off", "ramp": [{"on": "2030-01-01", "mode": "enforce"}]}):
        with pytest.raises(Invalid, match="3 of 10 stored services"):
            save(**also)
    save(mode="shadow")
    save(mode="enforce")


def test_a_ramp_whose_day_has_come_is_no_shadow(stored: Any) -> None:
    today = clock.now().date()

    def save(on: date) -> None:
        ramp = [{"on": on.isoformat(), "mode": "enforce"}]
        fields = {**FIELDS, "mode": "shadow", "ramp": ramp}
        change = Change("save", "policy_set", "acme", "services", fields=fields)
        admit(change, actor=by_hand(stored.cast.pat))

    for days in (0, 400):
        with pytest.raises(Invalid, match="3 of 10 stored services"):
            save(today - timedelta(days))
    save(today + timedelta(1))


def test_neither_adding_later_nor_enabling_later_leads_around_it(stored: Any) -> None:
    def change(verb: str, **fields: Any) -> Change:
        return Change(verb, "policy_set", "acme", "services", fields=fields)

    pat = by_hand(stored.cast.pat)
    admit(change("save", **{**FIELDS, "members": []}), actor=pat)
    with pytest.raises(Invalid, match="shadow first"):
        admit(change("save", **FIELDS), actor=pat)
    admit(change("save", **FIELDS, enabled=False), actor=pat)
    with pytest.raises(Invalid, match="shadow first"):
        admit(change("enable"), actor=pat)


def test_a_policy_does_not_come_into_force_around_it_in_a_set_that_names_it_already(gate: Any) -> None:
    keep(gate, "s0", "latest")
    approve(gate, "no_latest", NO_LATEST, entity="service")
    pat, eli = by_hand(gate.cast.pat), by_hand(gate.cast.eli)

    def save(mode: str) -> Change:
        return Change("save", "policy_set", "acme", "services", fields={**FIELDS, "mode": mode})

    activate = Change("activate", "policy", "acme", "no_latest")
    admit(save("enforce"), actor=pat)
    with pytest.raises(Invalid, match=r"1 of 1 stored services.*policy set services names it"):
        admit(activate, actor=eli)
    keep(gate, "s0", "gold")
    admit(activate, actor=eli)


@pytest.mark.parametrize("first", ["bind", "activate"])
def test_nor_when_both_are_done_at_the_same_moment(
    gate: Any, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(gate, "s0", "latest")
    approve(gate, "no_latest", NO_LATEST, entity="service")
    changes = {
        "bind": (Change("save", "policy_set", "acme", "services", fields=FIELDS), gate.cast.pat),
        "activate": (Change("activate", "policy", "acme", "no_latest"), gate.cast.eli),
    }
    change, who = changes.pop(first)
    (other,) = changes.values()
    decide = gate_of_admission.ask
    waiting = [other]

    def ask(*about: Any, **more: Any) -> Any:
        if waiting:
            late, by = waiting.pop()
            admit(late, actor=by_hand(by))
        return decide(*about, **more)

    monkeypatch.setattr(gate_of_admission, "ask", ask)
    with pytest.raises(Conflict, match="at the same time; try again"):
        admit(change, actor=by_hand(who))


def test_a_scope_chooses_its_share(stored: Any) -> None:
    setting = Change("save", "setting", "acme", "shadow_first_percent", fields={"value": 30})
    admit(setting, actor=by_hand(stored.cast.ada))
    admit(Change("save", "policy_set", "acme", "services", fields=FIELDS), actor=by_hand(stored.cast.pat))


def test_all_of_what_is_stored_is_looked_at_however_much_it_is(
    stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(*about: Any) -> Iterator[Asked]:
        kept = sorted(everything(*about), key=lambda one: "latest" in str(one.input))
        return (one for one in kept for _ in range(120))

    everything = shadow_first.stored
    monkeypatch.setattr(shadow_first, "stored", many)
    change = Change("save", "policy_set", "acme", "services", fields=FIELDS)
    with pytest.raises(Invalid, match="360 of 1200 stored services"):
        admit(change, actor=by_hand(stored.cast.pat))


def test_what_cannot_be_looked_at_in_time_is_watched_first(
    stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadow_first, "WITHIN_S", 0.0)

    def save(mode: str) -> Change:
        return Change("save", "policy_set", "acme", "services", fields={**FIELDS, "mode": mode})

    pat = by_hand(stored.cast.pat)
    with pytest.raises(Invalid, match="not all stored services could be tried within 0 s"):
        admit(save("enforce"), actor=pat)
    admit(save("shadow"), actor=pat)
    admit(save("enforce"), actor=pat)


NO_RUNS = """package pipeline

deny contains "nothing runs tonight" if input.metadata.action == "onrun"
"""


def test_a_rule_about_runs_is_tried_on_what_a_run_of_everything_stored_would_be_asked_with(gate: Any) -> None:
    admit(Change("save", "pipeline", PROJECT, "nightly", PIPELINE), actor=by_hand(gate.cast.dana))
    put_in_force(gate, "no_runs", NO_RUNS)
    members = [{"policy": "no_runs"}]

    def save(event: str) -> Change:
        fields = {"entity": "pipeline", "event": event, "members": members}
        return Change("save", "policy_set", "acme", event, fields=fields)

    with pytest.raises(Invalid, match="1 of 1 stored pipelines as they are when they are run"):
        admit(save("onrun"), actor=by_hand(gate.cast.pat))
    admit(save("onsave"), actor=by_hand(gate.cast.pat))
