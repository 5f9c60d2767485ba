"""Kinds policy_set and setting: what may bind what, what weakens, and what holds below."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from audit.models import AuditEvent
from governance.admission import admit
from governance.errors import Blocked, Conflict, Denied, Invalid, NotFound
from governance.kinds import Change
from governance.models import GateState, PolicySet, Scope
from governance.settings_kind import setting_for
from tests.governance.test_policies import OTHER, REGO
from tests.people import PROJECT, by_hand

pytestmark = [pytest.mark.usefixtures("stub_gate"), pytest.mark.opa]


@pytest.fixture
def do(cast: SimpleNamespace) -> Any:
    """do("pat", "save", members=…): one change to the set `basics` at acme; two policies are there."""

    def _do(who: str, verb: str, *, scope: str = "acme", identifier: str = "basics", **fields: Any) -> Any:
        if verb == "save":
            fields = {"entity": "pipeline", "event": "onsave", "members": [{"policy": "one"}], **fields}
        actor = by_hand(getattr(cast, who))
        return admit(Change(verb, "policy_set", scope, identifier, fields=fields), actor=actor)

    for name, rego, scope in (("one", REGO, "acme"), ("two", OTHER, "acme"), ("deep", REGO, "acme/shop")):
        change = Change("save", "policy", scope, name, rego)
        admit(change, actor=by_hand(cast.pat))
    return _do


@pytest.fixture
def two(do: Any, cast: SimpleNamespace) -> Any:
    """two("disable"): pat asks, eli confirms."""

    def _two(verb: str, *, asks: str = "pat", confirms: str = "eli", **fields: Any) -> Any:
        if verb == "save":
            fields = {"entity": "pipeline", "event": "onsave", "members": [{"policy": "one"}], **fields}
        asked = do(asks, "request", do=verb, fields=fields)
        return do(confirms, "confirm", request=asked.data["request"])

    return _two


def test_a_set_binds_policies_of_its_scope_and_those_above(do: Any) -> None:
    members = [{"policy": "deep"}, {"policy": "acme/one", "severity": "warning"}, {"policy": "account.two"}]
    do("pat", "save", scope="acme/shop", members=members)
    row = PolicySet.objects.get()
    assert {(m.policy.identifier, m.severity) for m in row.members.all()} == {
        ("deep", "error"), ("one", "warning"), ("two", "error"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"members": [{"policy": "nowhere"}]}, "no policy 'nowhere'"),
        ({"members": [{"policy": "acme/shop/deep"}]}, "no policy 'acme/shop/deep'"),
        ({"members": [{"policy": "one"}, {"policy": "acme/one"}]}, "named twice"),
        ({"entity": "service"}, "speaks about pipeline"),
        ({"entity": "spaceship"}, "no documents of kind"),
        ({"event": "onfriday"}, "has no event"),
        ({"mode": "maybe"}, "mode"),
        ({"colour": "red"}, "unknown field"),
    ],
)
def test_what_a_set_may_not_hold_is_refused_with_its_reason(do: Any, fields: Any, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        do("pat", "save", **fields)
    assert says in str(refused.value)
    assert not PolicySet.objects.exists()


def test_every_change_of_a_set_makes_a_new_bundle_due(do: Any, two: Any) -> None:
    do("pat", "save")
    two("disable")
    do("pat", "enable")
    two("delete", asks="eli", confirms="ada")
    assert GateState.objects.get(name="unbuilt").dirty == 4


@pytest.mark.parametrize(
    ("fields", "weakens"),
    [
        ({"members": []}, ["one is taken out"]),
        ({"members": [{"policy": "one", "severity": "warning"}]}, ["one only warns"]),
        ({"mode": "warn"}, ["the mode goes from enforce to warn"]),
        ({"enabled": False}, ["the set is disabled"]),
        ({"event": "onrun"}, ["the event it binds change from onsave to onrun"]),
    ],
)
def test_a_set_is_weakened_by_two_and_the_trail_says_how(
    do: Any, two: Any, fields: Any, weakens: list[str]
) -> None:
    do("pat", "save")
    before = PolicySet.objects.get().number
    for who in ("pat", "eli", "ada"):
        with pytest.raises(Denied, match="One person may not weaken"):
            do(who, "save", **fields)
    with pytest.raises(Denied, match="You asked for it"):
        two("save", asks="eli", confirms="eli", **fields)
    assert PolicySet.objects.get().number == before
    two("save", **fields)
    event = AuditEvent.objects.filter(action="policy_set.confirm", outcome="admitted").get()
    said = json.loads(event.data)
    assert (said["weakens"], said["asked_by"]) == (weakens, "pat")


def test_adding_a_member_or_weakening_a_set_nobody_hears_of_takes_one(do: Any) -> None:
    do("pat", "save", members=[{"policy": "one"}, {"policy": "two"}], mode="shadow")
    do("pat", "save", mode="shadow")
    do("pat", "save", members=[{"policy": "one"}, {"policy": "two"}])
    with pytest.raises(Conflict, match="weakens nothing"):
        do("pat", "request", do="save", fields={"entity": "pipeline", "event": "onsave", "members": [
            {"policy": "one"}, {"policy": "two"}]})  # fmt: skip


def test_a_confirmed_request_is_for_the_set_as_it_was(do: Any) -> None:
    do("pat", "save")
    asked = do("pat", "request", do="disable")
    do("pat", "save", description="other words")
    with pytest.raises(Conflict, match="ask again"):
        do("eli", "confirm", request=asked.data["request"])
    fresh = do("pat", "request", do="disable")
    with pytest.raises(Conflict, match="declined already"):
        do("eli", "confirm", request=asked.data["request"])
    do("pat", "decline", request=fresh.data["request"])
    with pytest.raises(Conflict, match="declined already"):
        do("eli", "confirm", request=fresh.data["request"])
    assert PolicySet.objects.get().enabled


def test_a_policy_can_forbid_that_sets_are_weakened(do: Any, stub_gate: Any) -> None:
    do("pat", "save")
    stub_gate.bind("keep", lambda seen: seen["policySet"]["weakens"], kind="policy_set")
    with pytest.raises(Blocked, match="the set is disabled"):
        do("pat", "request", do="disable")
    assert PolicySet.objects.get().enabled


def test_developers_may_not_switch_sets_and_authors_may_not_delete_them(do: Any) -> None:
    do("pat", "save")
    with pytest.raises((Denied, NotFound)):
        do("dana", "disable")
    with pytest.raises((Denied, NotFound)):
        do("dana", "request", do="disable")
    with pytest.raises(Denied):
        do("pat", "delete")


def test_switching_twice_and_saving_over_an_unseen_version_conflict(do: Any, cast: SimpleNamespace) -> None:
    do("pat", "save")
    with pytest.raises(Conflict, match="enabled already"):
        do("pat", "enable")
    fields = {"entity": "pipeline", "event": "onsave", "members": [{"policy": "one"}]}
    change = Change("save", "policy_set", "acme", "basics", fields=fields, expected_version="0")
    with pytest.raises(Conflict, match="is at version 1"):
        admit(change, actor=by_hand(cast.pat))


# --- settings ---------------------------------------------------------------------------------


@pytest.fixture
def switch(cast: SimpleNamespace) -> Any:
    def _switch(verb: str, scope: str, identifier: str = "ai_enabled", **fields: Any) -> Any:
        return admit(Change(verb, "setting", scope, identifier, fields=fields), actor=by_hand(cast.ada))

    return _switch


def holds(scope: str) -> tuple[bool, str]:
    found = setting_for(Scope.objects.get(path=scope), "ai_enabled")
    return found.value, found.scope_path


def test_a_setting_is_inherited_and_can_be_decided_anew_below(switch: Any) -> None:
    assert holds(PROJECT) == (True, "")
    switch("save", "acme", value=False)
    assert holds(PROJECT) == (False, "acme")
    switch("save", PROJECT, value=True)
    assert holds(PROJECT) == (True, PROJECT)
    assert holds("acme/shop/search") == (False, "acme")


def test_a_locked_setting_holds_below_whatever_was_decided_there(switch: Any) -> None:
    switch("save", PROJECT, value=True)
    switch("save", "acme", value=False, locked=True)
    assert holds(PROJECT) == (False, "acme")
    with pytest.raises(Denied, match="is locked in acme"):
        switch("save", PROJECT, value=True)
    switch("unlock", "acme")
    assert holds(PROJECT) == (True, PROJECT)


def test_unknown_settings_and_other_types_are_refused(switch: Any) -> None:
    with pytest.raises(Invalid, match="known: ai_enabled"):
        switch("save", "acme", identifier="colour", value=1)
    with pytest.raises(Invalid, match="must be bool"):
        switch("save", "acme", value="no")
    with pytest.raises(NotFound):
        switch("lock", "acme")
