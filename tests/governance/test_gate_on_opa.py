"""The gate against a real OPA: what policies see, what blocks, and what happens when it cannot answer."""

from __future__ import annotations

from typing import Any

import pytest

from governance.admission import admit
from governance.errors import Blocked
from governance.kinds import Change
from governance.models import Evaluation
from tests.governance.drafting import NO_LATEST, bind, put_in_force
from tests.people import by_hand

pytestmark = pytest.mark.opa


def test_an_active_policy_in_an_enforced_set_blocks_a_save(gate: Any) -> None:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["no_latest"])
    gate.settle()
    source = "service:\n  name: ship\n  identifier: ship\n  tags: {tier: latest}\n"

    with pytest.raises(Blocked) as refused:
        admit(Change("save", "service", "acme/shop/payments", "ship", source), actor=by_hand(gate.cast.dana))

    assert [(v.policy, v.message, v.line) for v in refused.value.violations] == [
        ("no_latest", "tier may not be latest", 4)
    ]
    assert Evaluation.objects.get(kind="service").status == "error"
