"""What policies see of a fixed reference to an environment."""

from __future__ import annotations

import pytest

from governance.admission import admit
from governance.kinds import Change
from governance.scopes import find
from templates_catalog.resolved import with_environments
from tests.people import PROJECT, by_hand

pytestmark = pytest.mark.django_db

LIVE = "environment:\n  identifier: live\n  name: Live\n  type: {kind}\n"


def seen(reference: str) -> object:
    stage = {"identifier": "d", "type": "Deployment", "spec": {"environment": {"environmentRef": reference}}}
    body = with_environments({"stages": [{"stage": stage}]}, find(PROJECT))
    return body["stages"][0]["stage"]["spec"].get("infrastructure", {}).get("environment", {}).get("type")


def keep(cast, scope: str, kind: str) -> None:
    change = Change("save", "environment", scope, "live", LIVE.format(kind=kind))
    admit(change, actor=by_hand(cast.ada))


def test_a_prefixed_reference_is_resolved_where_it_says(cast, stub_gate):
    keep(cast, "acme", "Production")
    keep(cast, PROJECT, "PreProduction")
    assert seen("account.live") == "Production"


def test_a_bare_reference_means_the_nearest(cast, stub_gate):
    keep(cast, "acme", "Production")
    assert seen("live") == "Production"
    keep(cast, PROJECT, "PreProduction")
    assert seen("live") == "PreProduction"


@pytest.mark.parametrize("reference", ["<+input>", "nowhere", "org.live"])
def test_what_cannot_be_resolved_stays_as_it_is(cast, stub_gate, reference):
    keep(cast, "acme", "Production")
    assert seen(reference) is None
