"""What the assistant drafted, waiting for a person's click. Storing one changes nothing governed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.record import record
from governance import kinds, rbac
from governance.actor import Actor
from governance.errors import Conflict, NotFound
from governance.kinds import Change
from governance.models import Proposal, Scope

LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ProposalView:
    id: str
    kind: str
    scope: str
    identifier: str
    content: str
    fields: Mapping[str, Any]
    content_sha256: str
    base_sha256: str
    ai: Mapping[str, Any]
    notes: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime
    open: bool


def propose(
    actor: Actor,
    *,
    kind: str,
    scope: str,
    identifier: str,
    content: str,
    request: str,
    mode: str,
    model: str = "",
    conversation: str = "",
    fields: Mapping[str, Any] | None = None,
    notes: Mapping[str, Any] | None = None,
    base: str = "",
) -> ProposalView:
    """Store a draft for the actor. Needs the right to see the kind there; saving it needs more.

    request  what the person typed, verbatim; its digest becomes part of the provenance for ever
    mode     "deterministic" for the planner, "model" with the model's name
    base     source it was drafted from, "" for something new
    """
    found = kinds.get(kind)
    where = rbac.enter(actor, found.view, scope, kind=kind, identifier=identifier)
    ai = {
        "mode": mode,
        "model": model,
        "conversation": conversation,
        "prompt_sha256": hashlib.sha256(request.encode()).hexdigest(),
        "request": request[:4000],
    }
    with transaction.atomic():
        row = Proposal.objects.create(
            user=actor.user,
            scope=where,
            kind=kind,
            identifier=identifier,
            content=content,
            fields=dict(fields or {}),
            content_sha256=found.digest(content),
            base_sha256=found.digest(base) if base else "",
            ai=ai,
            notes={
                **(notes or {}),
                **({"drafted_from": base} if base else {}),
                "stood_since": stands_since(kind, where, identifier),
            },
            expires_at=timezone.now() + LIFETIME,
        )
        _record("proposal.propose", row, actor)
    return _view(row)


def stands_since(kind: str, scope: Scope, identifier: str) -> str:
    """When what is stored under a name was kept; "" when nothing is, or the kind does not say."""
    current = kinds.get(kind).current
    held = current(scope, identifier) if current else None
    return held["at"].isoformat() if held else ""


def get(actor: Actor, proposal: str) -> ProposalView:
    """One of the actor's own proposals. Raises NotFound."""
    return _view(_row(actor, proposal))


def filled(change: Change, actor: Actor) -> Change:
    """A save that names a proposal and brings no text saves what was proposed; fields that it brings go first."""
    if change.verb != "save" or not change.proposal or change.source.strip():
        return change
    kept = _row(actor, change.proposal)
    if (kept.kind, kept.scope.path) != (change.kind, change.scope):
        raise NotFound(f"no proposal {change.proposal!r} of a {change.kind} in {change.scope}")
    return replace(change, source=kept.content, fields={**kept.fields, **change.fields})


def waiting(actor: Actor, size: int = 20) -> list[ProposalView]:
    """What the assistant drafted for the actor and nobody has decided about."""
    rows = Proposal.objects.filter(
        user=actor.user, accepted_at=None, discarded_at=None, expires_at__gt=timezone.now()
    )
    return [_view(row) for row in rows.select_related("scope").order_by("-created_at")[:size]]


def discard(actor: Actor, proposal: str) -> None:
    row = _row(actor, proposal)
    with transaction.atomic():
        open_rows = Proposal.objects.filter(pk=row.pk, accepted_at=None, discarded_at=None)
        if not open_rows.update(discarded_at=timezone.now()):
            raise Conflict("this proposal was accepted or discarded already")
        _record("proposal.discard", row, actor)


def _row(actor: Actor, proposal: str) -> Proposal:
    try:
        key = UUID(proposal)
    except ValueError:
        raise NotFound(f"no proposal {proposal!r}") from None
    row = Proposal.objects.filter(pk=key, user=actor.user).select_related("scope").first()
    if row is None:
        raise NotFound(f"no proposal {proposal!r}")
    return row


def _record(action: str, row: Proposal, actor: Actor) -> None:
    record(
        action=action,
        outcome="admitted",
        resource=f"{row.kind}:{row.scope.path}/{row.identifier}",
        scope=row.scope.path,
        after_digest=row.content_sha256,
        data={"proposal": str(row.pk)},
        **actor.with_ai({k: str(v) for k, v in row.ai.items()}).audit_fields(),
    )


def _view(row: Proposal) -> ProposalView:
    alive = row.accepted_at is None and row.discarded_at is None and row.expires_at > timezone.now()
    return ProposalView(
        id=str(row.pk),
        kind=row.kind,
        scope=row.scope.path,
        identifier=row.identifier,
        content=row.content,
        fields=row.fields,
        content_sha256=row.content_sha256,
        base_sha256=row.base_sha256,
        ai=row.ai,
        notes=row.notes,
        created_at=row.created_at,
        expires_at=row.expires_at,
        open=alive,
    )
