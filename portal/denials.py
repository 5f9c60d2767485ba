"""A look that was denied goes on the trail, whichever door it came through: changes leave their own event."""

from __future__ import annotations

from django.db import transaction

from audit.record import record
from governance.actor import Actor
from governance.errors import Denied


def keep(refusal: Denied, actor: Actor, address: str) -> None:
    """Record a denied look, unless its refusal is on the trail already."""
    if refusal.audit_event:
        return
    with transaction.atomic():
        event = record(
            action="access.denied",
            outcome="denied",
            resource=f"page:{refusal.scope or '/'}",
            scope=refusal.scope,
            data={"why": str(refusal), "permission": refusal.permission, "address": address},
            **actor.audit_fields(),
        )
    refusal.audit_event = str(event.pk)
