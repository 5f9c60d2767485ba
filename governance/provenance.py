"""Where a change came from: the stored Proposal it accepts, or the one its bytes were copied from.

Provenance is never taken from a request. A pasted copy of what the assistant drafted is found by its
digest, so that leaving the proposal's id out does not make the work a person's.
"""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from governance.actor import Actor
from governance.errors import Conflict, NotFound
from governance.kinds import Change, Prepared
from governance.models import Proposal, Scope
from governance.proposals import stands_since


def of(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> dict[str, str]:
    """The AI provenance of a change, {} when a person made it by hand.

    Raises NotFound for a proposal that is not the actor's, Conflict for one that no longer stands.
    """
    if change.proposal:
        return dict(_accepted(change, scope, actor).ai)
    if not prepared.content_sha256:
        return {}
    copied = (
        Proposal.objects.filter(kind=change.kind, content_sha256=prepared.content_sha256)
        .order_by("-created_at")
        .first()
    )
    return dict(copied.ai) if copied else {}


def accept(change: Change) -> None:
    """Mark the proposal as accepted; part of the change's transaction."""
    if not change.proposal:
        return
    taken = Proposal.objects.filter(pk=change.proposal, accepted_at__isnull=True)
    if not taken.update(accepted_at=timezone.now()):
        raise Conflict("this proposal was accepted already")


def _accepted(change: Change, scope: Scope, actor: Actor) -> Proposal:
    try:
        key = UUID(change.proposal)
    except ValueError:
        raise NotFound(f"no proposal {change.proposal!r}") from None
    found = Proposal.objects.filter(pk=key, user=actor.user, kind=change.kind, scope=scope).first()
    if found is None:
        raise NotFound(f"no proposal {change.proposal!r}")
    if found.discarded_at or found.accepted_at:
        raise Conflict("this proposal was already accepted or discarded; ask for a new one")
    if found.expires_at <= timezone.now():
        raise Conflict("this proposal has expired after 24 hours; ask for a new one")
    _refuse_moved(found, change, scope)
    return found


def _refuse_moved(found: Proposal, change: Change, scope: Scope) -> None:
    """A proposal stands on what was stored when it was made; somebody else's newer work is not overwritten."""
    if change.identifier != found.identifier or "stood_since" not in found.notes:
        return
    if stands_since(change.kind, scope, change.identifier) != found.notes["stood_since"]:
        raise Conflict(
            f"{change.resource} was changed since this proposal was made; look at the newer version, then ask again"
        )
