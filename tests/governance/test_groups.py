"""Groups approve and hold rights: no group passes for another, and nobody hands out more through one than they hold."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from audit import executions
from governance import groups
from governance.admission import admit
from governance.errors import Denied, Invalid
from governance.kinds import Change
from governance.models import Scope
from templates_catalog.executions import why_not_decide
from tests.people import PROJECT, by_hand

pytestmark = pytest.mark.django_db


@pytest.fixture
def do(cast: SimpleNamespace) -> Any:
    """omar administers the project, and nothing above it."""
    fields = {"role": "project_admin", "principal": "user:omar"}
    admit(Change("grant", "role_binding", PROJECT, "omar_admin", fields=fields), actor=by_hand(cast.ada))

    def _do(who: str, verb: str, kind: str, scope: str, identifier: str, **fields: Any) -> Any:
        change = Change(verb, kind, scope, identifier, fields=fields)
        return admit(change, actor=by_hand(getattr(cast, who)))

    return _do


def group(do: Any, who: str, scope: str, identifier: str, *members: str) -> None:
    do(who, "save", "user_group", scope, identifier, name=identifier, members=list(members))


def test_a_group_of_a_project_does_not_pass_for_one_above_it(do: Any) -> None:
    with pytest.raises(Invalid, match="there is a group security_team in acme"):
        group(do, "omar", PROJECT, "security_team", "dana")


def test_a_group_above_does_not_pass_for_one_of_a_project(do: Any) -> None:
    group(do, "omar", PROJECT, "owners", "dana")
    with pytest.raises(Invalid, match=f"there is a group owners in {PROJECT}"):
        group(do, "ada", "acme", "owners", "pat")
    # Beside each other they never meet.
    group(do, "ada", "acme/shop/search", "owners", "pat")


@pytest.mark.parametrize("identifier", ["account.security_team", "security team", "1st", ""])
def test_a_group_is_not_named_like_a_reference(do: Any, identifier: str) -> None:
    with pytest.raises(Invalid):
        group(do, "omar", PROJECT, identifier, "dana")


def test_a_reference_is_looked_up_where_it_says(do: Any, cast: SimpleNamespace) -> None:
    group(do, "omar", PROJECT, "owners", "dana")
    scope = Scope.objects.get(path=PROJECT)
    found = {r: getattr(groups.named(r, scope), "identifier", None) for r in
             ("owners", "account.owners", "org.owners", "security_team", "account.security_team")}  # fmt: skip
    assert found == {
        "owners": "owners", "account.owners": None, "org.owners": None,
        "security_team": "security_team", "account.security_team": "security_team",
    }  # fmt: skip


def test_a_step_for_a_group_above_is_not_decided_by_a_group_of_that_name_below(do: Any, cast: Any) -> None:
    group(do, "omar", PROJECT, "owners", "dana")
    with transaction.atomic():
        run = executions.create(
            scope=PROJECT, pipeline="ship", version="1", plan={"pipeline": {"stages": []}},
            requested_by=str(cast.omar.pk), requested_name="omar", channel="ui",
        )  # fmt: skip
    lease = executions.claim(run.id, "w1")
    executions.start(lease)
    executions.step(lease, "gate", status="waiting", waits_for={"groups": ["account.owners"]})
    (step,) = executions.steps(run.id)
    scope = Scope.objects.get(path=PROJECT)
    assert "none of these groups" in why_not_decide(by_hand(cast.dana), scope, run, step)


@pytest.mark.parametrize(
    ("giver", "says"),
    [("omar", "let you into the group after starting run"), ("pat", "or let somebody else"), ("ada", "")],
)
def test_who_starts_a_run_and_may_not_decide_about_it_does_not_choose_who_does(
    do: Any, cast: Any, giver: str, says: str
) -> None:
    group(do, "omar", PROJECT, "owners", "tess")
    with transaction.atomic():
        run = executions.create(
            scope=PROJECT, pipeline="ship", version="1", plan={"pipeline": {"stages": []}},
            requested_by=str(cast.omar.pk), requested_name="omar", channel="ui",
        )  # fmt: skip
    lease = executions.claim(run.id, "w1")
    executions.start(lease)
    asks = {"groups": ["owners"], "disallow_requester": True}
    executions.step(lease, "gate", status="waiting", waits_for=asks)
    (step,) = executions.steps(run.id)
    do("omar", "grant", "role_binding", PROJECT, "pats", role="project_admin", principal="user:pat")
    group(do, giver, PROJECT, "owners", "tess", "dana")
    scope = Scope.objects.get(path=PROJECT)
    assert says in why_not_decide(by_hand(cast.dana), scope, run, step)
    assert bool(says) == bool(why_not_decide(by_hand(cast.dana), scope, run, step))
    assert not why_not_decide(by_hand(cast.tess), scope, run, step)


def test_adding_somebody_takes_holding_what_the_group_holds(do: Any) -> None:
    group(do, "ada", PROJECT, "reviewers")
    do("ada", "grant", "role_binding", PROJECT, "reviewers_approve", role="policy_approver",
       principal="user_group:reviewers")  # fmt: skip
    with pytest.raises(Denied, match=r"the group holds .* in acme/shop/payments, and you do not"):
        group(do, "omar", PROJECT, "reviewers", "dana")
    # Taking somebody out, and renaming, hands nothing out.
    group(do, "ada", PROJECT, "reviewers", "dana", "pat")
    group(do, "omar", PROJECT, "reviewers", "dana")
