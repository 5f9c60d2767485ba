"""The table: the same changes through every door, the same outcome, the same event."""

from __future__ import annotations

import pytest

from audit import query as audit_query
from governance.admission import admit
from governance.kinds import Change
from templates_catalog import query
from tests.doors import DOORS, send
from tests.people import PROJECT, by_hand

pytestmark = pytest.mark.django_db

SHIP = """pipeline:
  identifier: ship
  name: Ship
  tags:
    team: payments
  stages:
    - stage:
        identifier: build
        name: Build
        type: CI
        spec:
          execution:
            steps:
              - step:
                  identifier: test
                  name: Test
                  type: Run
                  spec:
                    shell: Sh
                    command: make test
"""
STATUS = {"admitted": (200, 302), "denied": (403,), "not_found": (404,), "conflict": (409,), "invalid": (422,), "blocked": (422,), "gate_unavailable": (503,)}  # fmt: skip


def ship(**more) -> Change:
    return Change("save", "pipeline", PROJECT, "ship", **{"source": SHIP, **more})


def saved_once(cast) -> None:
    admit(ship(), actor=by_hand(cast.dana))


def nothing_first(cast) -> None:
    return None


def needs_an_owner(document):
    tags = document["pipeline"].get("tags") or {}
    return [] if "owner" in tags else ["every pipeline names its owner"]


# name → (who, the change, what stood before, what is bound, outcome, versions kept afterwards)
CASES = {
    "allowed": ("dana", ship(), nothing_first, None, "admitted", 1),
    "denied": ("cora", ship(), nothing_first, None, "denied", 0),
    "unknown scope": ("sam", ship(), nothing_first, None, "not_found", 0),
    "invalid": ("dana", ship(source="pipeline:\n  identifier: ship\n  name: Ship\n  name: Twice\n"), nothing_first, None, "invalid", 0),
    "blocked": ("dana", ship(), nothing_first, needs_an_owner, "blocked", 0),
    "stale": ("dana", ship(expected_version="7"), saved_once, None, "conflict", 1),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", CASES)
def test_every_door_gives_the_same_answer_and_the_same_event(door, case, cast, stub_gate):
    who, change, before, rule, outcome, kept = CASES[case]
    before(cast)
    if rule is not None:
        stub_gate.bind("owner", rule, kind="pipeline")
    said = send(door, change, getattr(cast, who))
    assert said.outcome == outcome, said.text[:500]
    if door != "cli":
        assert said.status in STATUS[outcome]
    assert versions(cast) == kept
    event = newest(change)
    assert (event.outcome, event.channel, event.actor_name) == (outcome, door, who)


@pytest.mark.parametrize("door", DOORS)
def test_an_unreachable_gate_refuses_at_every_door(door, cast, stub_gate):
    stub_gate.down = "stopped"
    said = send(door, ship(), cast.dana)
    assert said.outcome == "gate_unavailable"
    assert versions(cast) == 0
    assert newest(ship()).outcome == "gate_unavailable"


@pytest.mark.parametrize("door", DOORS)
def test_a_repeated_key_is_one_change_at_every_door(door, cast, stub_gate):
    change = ship(idempotency_key=f"key-{door}")
    assert send(door, change, cast.dana).outcome == "admitted"
    assert send(door, change, cast.dana).outcome == "admitted"
    assert versions(cast) == 1


@pytest.mark.parametrize("door", DOORS)
def test_a_violation_says_what_where_and_which_policy_at_every_door(door, cast, stub_gate):
    stub_gate.bind("owner", needs_an_owner, kind="pipeline")
    said = send(door, ship(), cast.dana)
    assert "every pipeline names its owner" in (said.text + str(said.data))
    assert "owner" in str(newest(ship()).data["violations"])


def versions(cast) -> int:
    page = query.pipelines(by_hand(cast.dana), PROJECT)
    return sum(p.latest for p in page.rows)


def newest(change: Change):
    filters = audit_query.parse({"action": change.action})
    return audit_query.page(filters, ["acme"], size=1).events[0]
