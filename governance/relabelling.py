"""Tags decide which policy sets are asked about a document, so taking one off may lead out of a set: that takes two saves.

The first keeps what it says and drops the tag, the second says what the set would refuse. The router asks about what a
save replaces as well, and so holds the first; here it is refused to whoever may not weaken the set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance import kinds, rbac, set_conditions
from governance.actor import Actor
from governance.errors import Denied
from governance.kinds import Change, Prepared
from governance.models import PolicySet, Scope

PERMISSION = "edit_policy_set"


def refuse(change: Change, scope: Scope, prepared: Prepared, actor: Actor, event: str) -> None:
    """Raises Denied for a save that leads a document out of a set, by somebody who may not change that set."""
    current = kinds.get(change.kind).current
    sets = _by_tags(scope, change.kind) if event == "onsave" and current is not None else []
    if not sets or current is None or (held := current(scope, change.identifier)) is None:
        return
    before, after = _tags(held.get("document")), _tags(prepared.document)
    for row in sets:
        wanted = row.selector["tags"]
        left = _tagged(before, wanted) and not _tagged(after, wanted)
        if left and not rbac.holds(actor, PERMISSION, row.scope):
            words = set_conditions.in_words({"tags": wanted})
            raise Denied(
                f"{change.identifier} is {words}, which is what policy set {row.identifier} of {row.scope.path} asks"
                f" about; saved like this, it would leave the set. Keep the tag, or ask somebody who holds"
                f" {PERMISSION} in {row.scope.path} to take it off.",
                permission=PERMISSION,
                scope=row.scope.path,
            )


def _by_tags(scope: Scope, kind: str) -> list[PolicySet]:
    """Sets that tell or stop people, now or from a day on, and go by tags."""
    rows = PolicySet.objects.filter(
        scope_id__in=scope.chain_ids, entity=kind, enabled=True, members__isnull=False
    )
    found = rows.select_related("scope").order_by("scope__path", "identifier").distinct()
    return [row for row in found if row.selector.get("tags") and set_conditions.tells(row.mode, row.ramp)]


def _tags(document: Any) -> Mapping[str, Any]:
    found = document.get("tags") if isinstance(document, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _tagged(tags: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """As the router has it: each name there, with its value, "*" for any."""
    return all(name in tags and value in ("*", tags[name]) for name, value in wanted.items())
