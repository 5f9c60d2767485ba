"""What the keeper does for the rules beside publishing: forget what has expired, and say that it is alive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Now

from governance.models import Heartbeat, Idempotency, Proposal

ALIVE_WITHIN = timedelta(seconds=10)
# An expired draft is of no use, but its digest tells whose words a pasted copy holds.
DRAFTS_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Alive:
    """name of the process; trouble: what it cannot do at present, one line each."""

    name: str
    alive: bool
    trouble: str
    at: datetime | None


def forget_expired() -> None:
    """Delete answers that nobody may ask for again; proposals stay as long as their text may be pasted."""
    Idempotency.objects.filter(expires_at__lt=Now()).delete()
    Proposal.objects.filter(expires_at__lt=Now() - DRAFTS_KEPT, accepted_at__isnull=True).delete()


def beat(name: str, trouble: str = "") -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": Now(), "trouble": trouble[:4000]})


def heartbeat(name: str) -> Alive:
    """Whether a process was alive within the last ten seconds."""
    row = Heartbeat.objects.filter(name=name).first()
    fresh = Heartbeat.objects.filter(name=name, at__gt=Now() - ALIVE_WITHIN).exists()
    return Alive(name, fresh, row.trouble if row else "", row.at if row else None)
