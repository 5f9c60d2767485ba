"""Nobody decides by a right that whoever asks for the decision gave them meanwhile, whichever way it was given."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from governance import policy_query, set_query
from governance.admission import admit
from governance.errors import Denied
from governance.kinds import Change
from governance.models import PolicyVersion
from tests.people import by_hand

pytestmark = [pytest.mark.django_db, pytest.mark.opa, pytest.mark.usefixtures("stub_gate")]

REGO = 'package service\n\ndeny contains "no" if input.serviceEntity.name == "no"\n'
Do = Callable[..., Any]


@pytest.fixture
def do(cast: Any) -> Do:
    """Eli administers the account as ada does; a group of approvers has nobody in it yet."""

    def _do(who: str, verb: str, kind: str, identifier: str, source: str = "", **fields: Any) -> Any:
        change = Change(verb, kind, "acme", identifier, source, fields=fields)
        return admit(change, actor=by_hand(getattr(cast, who)))

    _do("ada", "grant", "role_binding", "eli_admin", role="account_admin", principal="user:eli")
    _do("ada", "save", "user_group", "approvers", name="Approvers", members=[])
    _do("ada", "grant", "role_binding", "ours", role="policy_approver", principal="user_group:approvers")
    return _do


def draft(do: Do, who: str = "ada", text: str = REGO) -> None:
    do(who, "save", "policy", "named", text, entity="service")
    do(who, "submit", "policy", "named")


def appoint(do: Do, who: str, *members: str) -> None:
    do(who, "save", "user_group", "approvers", name="Approvers", members=list(members))


def by_membership(do: Do, who: str) -> None:
    appoint(do, who, "dana")


def by_binding(do: Do, who: str) -> None:
    do(who, "grant", "role_binding", "danas", role="policy_approver", principal="user:dana")


def by_grant_on_the_policy(do: Do, who: str) -> None:
    do(who, "grant", "object_grant", "policy.named", permission="approve_policy", principal="user:dana")


def by_binding_of_their_group(do: Do, who: str) -> None:
    do("eli", "save", "user_group", "friends", name="Friends", members=["dana"])
    do(who, "grant", "role_binding", "friends", role="policy_approver", principal="user_group:friends")


def by_widening_their_role(do: Do, who: str) -> None:
    seeing = ["view_policy"]
    do("eli", "save", "role", "readers", name="Readers", permissions=seeing)
    do("eli", "grant", "role_binding", "reading", role="readers", principal="user:dana")
    do(who, "save", "role", "readers", name="Readers", permissions=[*seeing, "approve_policy"])


WAYS = [
    by_membership, by_binding, by_grant_on_the_policy, by_binding_of_their_group, by_widening_their_role,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_an_author_does_not_choose_who_approves(do: Do, way: Callable[[Do, str], None]) -> None:
    draft(do)
    way(do, "ada")
    with pytest.raises(Denied, match="right that Ada gave you after work on it began"):
        do("dana", "approve", "policy", "named")
    assert PolicyVersion.objects.get().state == "in_review"


@pytest.mark.parametrize("way", WAYS)
def test_somebody_who_had_no_part_in_it_does(do: Do, way: Callable[[Do, str], None]) -> None:
    draft(do)
    way(do, "eli") if way is not by_grant_on_the_policy else by_grant_on_the_policy(do, "eli")
    do("dana", "approve", "policy", "named")


def test_pages_and_queues_say_so_before_anybody_tries(do: Do, cast: Any) -> None:
    draft(do)
    by_binding(do, "ada")
    dana, eli = by_hand(cast.dana), by_hand(cast.eli)
    seen = policy_query.version(dana, "acme", "named", 1)
    assert "right that Ada gave you" in policy_query.why_not(dana, seen, "approve")
    assert policy_query.review_queue(dana) == []
    assert len(policy_query.review_queue(eli)) == 1


def test_what_was_given_before_the_work_began_counts(do: Do) -> None:
    appoint(do, "ada", "dana")
    draft(do)
    for verb in ("approve", "activate"):
        kept = do("dana", verb, "policy", "named")
        assert kept.data["right_given_by"] == ["Ada"], "the trail tells who chose them all the same"


def test_saving_once_more_does_not_begin_anew(do: Do) -> None:
    draft(do)
    appoint(do, "ada", "dana")
    draft(do, text=REGO.replace('"no"', '"never"'))
    with pytest.raises(Denied, match="right that Ada gave you"):
        do("dana", "approve", "policy", "named")


def test_the_right_counts_once_somebody_else_gives_it_again(do: Do) -> None:
    draft(do)
    appoint(do, "ada", "dana")
    appoint(do, "eli")
    appoint(do, "eli", "dana")
    do("dana", "approve", "policy", "named")


@pytest.mark.parametrize("way", WAYS)
def test_nor_does_somebody_whom_the_author_enabled(do: Do, way: Callable[[Do, str], None]) -> None:
    draft(do)
    do("ada", "grant", "role_binding", "omar_admin", role="account_admin", principal="user:omar")
    way(do, "omar")
    said = r"right that Omar \(who could only because of them\) gave you"
    with pytest.raises(Denied, match=said):
        do("dana", "approve", "policy", "named")
    do("ada", "revoke", "role_binding", "omar_admin")
    with pytest.raises(Denied, match=said):
        do("dana", "approve", "policy", "named")


@pytest.mark.parametrize("way", WAYS)
def test_somebody_whom_the_author_enabled_long_before_does(do: Do, way: Callable[[Do, str], None]) -> None:
    do("ada", "grant", "role_binding", "omar_admin", role="account_admin", principal="user:omar")
    draft(do)
    way(do, "omar")
    do("dana", "approve", "policy", "named")


def test_two_who_enable_each_other_are_still_enabled_by_the_author(do: Do) -> None:
    draft(do)
    do("ada", "grant", "role_binding", "omar_admin", role="account_admin", principal="user:omar")
    do("omar", "grant", "role_binding", "tess_admin", role="account_admin", principal="user:tess")
    do("tess", "grant", "role_binding", "omar_too", role="account_admin", principal="user:omar")
    do("ada", "revoke", "role_binding", "omar_admin")
    appoint(do, "omar", "dana")
    with pytest.raises(Denied, match="Omar"):
        do("dana", "approve", "policy", "named")


def test_many_who_enable_each_other_are_told_in_time(do: Do, cast: Any) -> None:
    people = [get_user_model().objects.create(username=f"p{n}") for n in range(12)]
    actors = {p.username: by_hand(p) for p in people}
    draft(do)
    for p in people:
        do("ada", "grant", "role_binding", f"ada_{p}", role="account_admin", principal=f"user:{p}")
    for giver in people:
        for p in people:
            if p != giver:
                held = {"role": "account_admin", "principal": f"user:{p}"}
                change = Change("grant", "role_binding", "acme", f"{giver}_{p}", fields=held)
                admit(change, actor=actors[giver.username])
    for p in people:
        do("ada", "revoke", "role_binding", f"ada_{p}")
    started = time.monotonic()
    with pytest.raises(Denied, match="who could only because of them"):
        admit(Change("approve", "policy", "acme", "named"), actor=actors["p3"])
    assert time.monotonic() - started < 5


def test_another_right_of_the_same_person_is_enough(do: Do) -> None:
    by_binding(do, "eli")
    draft(do)
    appoint(do, "ada", "dana")
    assert "right_given_by" not in do("dana", "approve", "policy", "named").data


def test_who_puts_it_in_force_is_not_chosen_by_its_author_either(do: Do) -> None:
    draft(do)
    do("eli", "approve", "policy", "named")
    by_binding(do, "ada")
    with pytest.raises(Denied, match="right that Ada gave you"):
        do("dana", "activate", "policy", "named")
    do("eli", "activate", "policy", "named")


def test_who_asks_to_weaken_a_set_does_not_choose_who_confirms(do: Do, cast: Any) -> None:
    draft(do)
    do("eli", "approve", "policy", "named")
    do("eli", "activate", "policy", "named")
    members = [{"policy": "named"}]
    do("ada", "save", "policy_set", "services", entity="service", event="onsave", members=members)
    asked = do("ada", "request", "policy_set", "services", do="disable", fields={}).data["request"]
    by_binding(do, "ada")
    dana = by_hand(cast.dana)
    assert set_query.to_confirm(dana) == []
    assert "right that Ada gave you" in set_query.requests(dana, "acme", "services")[0].why_not
    with pytest.raises(Denied, match="what Ada asks of services by a right that Ada gave you"):
        do("dana", "confirm", "policy_set", "services", request=asked)
    do("eli", "confirm", "policy_set", "services", request=asked)
