"""API tokens of our own: shown once, kept as HMAC(pepper, secret), expiring, revocable at once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.record import record
from governance import access_query
from governance.actor import Actor, Channel
from governance.errors import Invalid, NotFound
from portal.models import ApiToken

# Scanners find leaked tokens by the prefix; the checksum tells a token from a string that looks like one.
PREFIX = "pcl_"
LONGEST_DAYS = 365
# Writing the time of each use would make every read a write.
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TokenView:
    id: str
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def create(actor: Actor, name: str, days: int) -> tuple[TokenView, str]:
    """Make a token for the actor. Returns it and its secret, which is never shown again."""
    if not name.strip():
        raise Invalid(["name: say what the token is for"])
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid([f"days: a token lives between 1 and {LONGEST_DAYS} days"])
    body = secrets.token_urlsafe(32)
    secret = f"{PREFIX}{body}{_checksum(body)}"
    with transaction.atomic(durable=True):
        row = ApiToken.objects.create(
            user=actor.user,
            name=name.strip()[:128],
            prefix=secret[:10],
            digest=_digest(secret),
            expires_at=timezone.now() + timedelta(days=days),
        )
        _record("token.create", row, actor)
    return _view(row), secret


def revoke(actor: Actor, token_id: str) -> None:
    """End one of the actor's own tokens; the next request with it is refused."""
    with transaction.atomic(durable=True):
        row = ApiToken.objects.filter(user=actor.user, revoked_at__isnull=True, pk=_uuid(token_id)).first()
        if row is None:
            raise NotFound("no such token")
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        _record("token.revoke", row, actor)


def mine(actor: Actor) -> list[TokenView]:
    return [_view(row) for row in ApiToken.objects.filter(user=actor.user).order_by("-created_at")]


def holder_of(secret: str) -> ApiToken | None:
    """The live token with this secret, its person loaded; None for anything else."""
    body = secret.removeprefix(PREFIX)
    if not secret.startswith(PREFIX) or body[-8:] != _checksum(body[:-8]):
        return None
    row = ApiToken.objects.select_related("user").filter(digest=_digest(secret)).first()
    now = timezone.now()
    if row is None or row.revoked_at or row.expires_at <= now or not row.user.is_active:
        return None
    if row.last_used_at is None or now - row.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


def note_refused(secret: str, *, ip: str) -> None:
    """Put on the trail that a token of ours was used although it no longer opens anything.

    Only one that was ours: whoever guesses at tokens must not be able to fill the trail.
    """
    row = ApiToken.objects.select_related("user").filter(digest=_digest(secret)).first()
    if row is None:
        return
    why = (
        "revoked"
        if row.revoked_at
        else "expired"
        if row.expires_at <= timezone.now()
        else "its holder is inactive"
    )
    with transaction.atomic():
        record(
            action="token.refused",
            outcome="denied",
            resource=f"token:{row.prefix}",
            scope=access_query.account_path(),
            data={"name": row.name, "why": why},
            **Actor(row.user, Channel.API, ip=ip, session=f"token:{row.pk}").audit_fields(),
        )


def _digest(secret: str) -> str:
    return hmac.new(settings.TOKEN_PEPPER.encode(), secret.encode(), hashlib.sha256).hexdigest()


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def _uuid(text: str) -> Any:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("no such token") from None


def _record(action: str, row: ApiToken, actor: Actor) -> None:
    record(
        action=action,
        outcome="admitted",
        resource=f"token:{row.prefix}",
        scope=access_query.account_path(),
        data={"name": row.name, "expires_at": row.expires_at.isoformat()},
        **actor.audit_fields(),
    )


def _view(row: ApiToken) -> TokenView:
    return TokenView(
        str(row.pk), row.name, row.prefix, row.created_at, row.expires_at, row.last_used_at, row.revoked_at
    )
