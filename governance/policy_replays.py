"""Impacts that are asked for: one version of a policy replayed over what is stored and was decided."""

from __future__ import annotations

from django.db.models import QuerySet
from pydantic import Field

from governance import wiring
from governance.actor import Actor
from governance.errors import Conflict
from governance.fields import Fields, read
from governance.kinds import Applied, Change, Prepared
from governance.models import PolicyVersion, Replay, Scope
from governance.policy_versions import lock, version_of

# Impacts somebody may have under way: each decides thousands of documents again.
MOST_REPLAYS_OF_ONE = 3


class ReplayFields(Fields):
    """days: how far back past decisions are looked at, beside everything that is stored."""

    version: int | None = None
    days: int = Field(default=30, ge=0, le=90)


def prepare_replay(change: Change, scope: Scope, actor: Actor) -> Prepared:
    return Prepared(extra=read(ReplayFields, change))


def replay(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    """Queues an impact of one version; one at a time for each."""
    wanted: ReplayFields = prepared.extra
    version = version_of(lock(scope, change.identifier), wanted.version)
    if _unfinished(version).exists():
        raise Conflict(
            f"an impact of version {version.number} is being made already; wait for it or cancel it"
        )
    mine = Replay.objects.filter(requested_by=actor.user, state__in=("queued", "running")).count()
    if mine >= MOST_REPLAYS_OF_ONE:
        raise Conflict(
            f"{mine} impacts that you asked for are not finished; wait for one of them or cancel it"
        )
    made = Replay.objects.create(
        version=version,
        content_sha256=version.content_sha256,
        window_days=wanted.days,
        requested_by=actor.user,
    )
    return Applied(version=str(version.number), data={"replay": str(made.pk), "days": wanted.days})


def _unfinished(version: PolicyVersion) -> QuerySet[Replay]:
    return Replay.objects.filter(version=version, state__in=("queued", "running"))


def wake_replay(change: Change, applied: Applied) -> None:
    wiring.wake_replay(str(applied.data["replay"]))


def cancel_replay(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    version = version_of(lock(scope, change.identifier), prepared.extra.version)
    if not _unfinished(version).update(state="cancelled"):
        raise Conflict(f"no impact of version {version.number} is being made")
    return Applied(version=str(version.number))
