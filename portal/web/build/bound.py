"""Which policy sets are asked when an object is saved, and from which scope each comes: a card on its page."""

from __future__ import annotations

from dataclasses import dataclass, field

from governance import gate_query, rbac
from governance.actor import Actor
from governance.models import Scope
from governance.policy_views import AppliesView
from portal.web.shell import address

EVENTS = {"onsave": "on save", "onrun": "on run", "onstep": "at each step"}
MODES = {"shadow": "shadow, nobody is told", "warn": "only warns", "enforce": "enforced"}


@dataclass(frozen=True, slots=True)
class Bound:
    """One set and what it asks."""

    name: str
    url: str
    scope: str
    event: str
    mode: str
    selects: str
    policies: list[AppliesView] = field(default_factory=list)


def sets(actor: Actor, scope: Scope, kind: str) -> list[Bound] | None:
    """Outermost scope first; None for who may see none of those there are."""
    seen = set(
        rbac.visible(actor, "policy_set")
        .filter(scope__in=scope.chain_ids, entity=kind)
        .values_list("scope__path", "identifier")
    )
    rows = gate_query.applies(scope, kind)
    found: dict[tuple[str, str], Bound] = {}
    for row in rows:
        key = (row.set_scope, row.set)
        if key not in seen:
            continue
        if key not in found:
            found[key] = Bound(
                name=row.set_name or row.set,
                url=address("policy_set", row.set_scope.replace("/", "."), row.set),
                scope=row.set_scope,
                event=EVENTS.get(row.event, row.event),
                mode=MODES.get(row.mode, row.mode),
                selects=row.selects,
            )
        found[key].policies.append(row)
    return list(found.values()) if found or not rows else None
