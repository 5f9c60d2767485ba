"""Policies for tests, and the steps by which people put them in force."""

from __future__ import annotations

from typing import Any

from governance.admission import admit
from governance.errors import Invalid
from governance.kinds import Change
from tests.people import by_hand

NO_LATEST = """package service

deny contains msg if {
	some violation in violations
	msg := violation.msg
}

violations contains {"msg": "tier may not be latest", "path": path, "fix": "name a tier"} if {
	path := "serviceEntity.tags.tier"
	input.serviceEntity.tags.tier == "latest"
}
"""


def approve(
    gate: Any, name: str, rego: str, *, entity: str = "pipeline", scope: str = "acme", **also: Any
) -> None:
    """pat drafts and submits, eli approves."""
    pat, eli = by_hand(gate.cast.pat), by_hand(gate.cast.eli)
    admit(Change("save", "policy", scope, name, rego, fields={"entity": entity, **also}), actor=pat)
    admit(Change("submit", "policy", scope, name), actor=pat)
    admit(Change("approve", "policy", scope, name), actor=eli)


def put_in_force(
    gate: Any, name: str, rego: str, *, entity: str = "pipeline", scope: str = "acme", **also: Any
) -> None:
    """The same, and eli activates."""
    approve(gate, name, rego, entity=entity, scope=scope, **also)
    admit(Change("activate", "policy", scope, name), actor=by_hand(gate.cast.eli))


def bind(
    gate: Any,
    name: str,
    entity: str,
    policies: list[str],
    *,
    event: str = "onsave",
    scope: str = "acme",
    **also: Any,
) -> None:
    """Put policies into a set; a pair names a severity."""
    members = [{"policy": p} if isinstance(p, str) else {"policy": p[0], "severity": p[1]} for p in policies]
    fields = {"entity": entity, "event": event, "members": members, **also}
    try:
        admit(Change("save", "policy_set", scope, name, fields=fields), actor=by_hand(gate.cast.pat))
    except Invalid as refused:
        # What would block much of what is stored goes through shadow mode, as people do it.
        if "in mode shadow first" not in str(refused):
            raise
        for mode in ("shadow", also.get("mode", "enforce")):
            change = Change("save", "policy_set", scope, name, fields={**fields, "mode": mode})
            admit(change, actor=by_hand(gate.cast.pat))
