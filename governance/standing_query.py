"""What doors may read of how stored objects stand before the policies in force, as seen by an actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from governance import keyset, kinds, rbac
from governance.actor import Actor
from governance.models import Scope, Standing, Sweep


@dataclass(frozen=True, slots=True)
class StandingView:
    """status: pass, warning or error: what a save of the object as it is would get."""

    scope: str
    kind: str
    identifier: str
    status: str
    violations: list[dict[str, Any]]
    revision: str
    at: datetime
    blocked_since: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """counts: {kind: {status: n}} of what the actor may see; at: when the last sweep ended, None before.

    blocked        a page of what would be blocked; total: how many there are in all
    before, after  cursors of the pages before and after it, "" where there is none
    """

    counts: dict[str, dict[str, int]]
    blocked: list[StandingView]
    total: int
    before: str
    after: str
    by_policy: list[tuple[str, str, int]]
    at: datetime | None
    running: bool
    reason: str = field(default="")


def overview(
    actor: Actor,
    scope: Scope,
    *,
    kind: str = "",
    policy: str = "",
    after: str = "",
    before: str = "",
    size: int = 25,
) -> Overview:
    """How everything in a scope and below stands; what would be blocked, longest first. Raises Invalid."""
    rows = _rows(actor).filter(Q(scope=scope) | Q(scope__organization=scope) | Q(scope__account=scope))
    counts: dict[str, dict[str, int]] = {}
    for name, status, n in rows.values_list("kind", "status").annotate(n=Count("pk")).order_by("kind"):
        counts.setdefault(name, {})[status] = n
    blocked = rows.filter(status="error").select_related("scope")
    if kind:
        blocked = blocked.filter(kind=kind)
    found = [_view(row) for row in blocked]
    by_policy: dict[tuple[str, str], int] = {}
    for one in found:
        for key in {(v["policy_scope"], v["policy"]) for v in one.violations if v["severity"] == "error"}:
            by_policy[key] = by_policy.get(key, 0) + 1
    if policy:
        found = [f for f in found if any(v["policy"] == policy for v in f.violations)]
    page = keyset.of_list(found, _place, after=after, before=before, size=size)
    last = Sweep.objects.order_by("-started_at").first()
    return Overview(
        counts=counts,
        blocked=page.rows,
        total=len(found),
        before=page.newer,
        after=page.older,
        by_policy=sorted(((s, p, n) for (s, p), n in by_policy.items()), key=lambda row: (-row[2], row[1])),
        at=last.touched_at if last else None,
        running=bool(last and last.state == "running"),
        reason=last.reason if last else "",
    )


def _place(view: StandingView) -> tuple[str, str]:
    since = view.blocked_since or view.at
    return since.isoformat(), f"{view.scope} {view.kind} {view.identifier}"


def of_objects(
    actor: Actor, kind: str, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], StandingView]:
    """By (scope path, identifier), of those objects that were swept."""
    wanted = set(keys)
    rows = _rows(actor).filter(
        kind=kind, scope__path__in={s for s, _ in wanted}, identifier__in={i for _, i in wanted}
    )
    found = {(r.scope.path, r.identifier): _view(r) for r in rows.select_related("scope")}
    return {key: view for key, view in found.items() if key in wanted}


def _rows(actor: Actor) -> QuerySet[Standing]:
    """Of the kinds and scopes the actor may look into."""
    where = Q(pk__in=[])
    for kind in kinds.known().values():
        if kind.stored is not None and kind.events:
            where |= Q(kind=kind.name, scope__in=rbac.scopes(actor, kind.view).values("pk"))
    return Standing.objects.filter(where)


def _view(row: Standing) -> StandingView:
    return StandingView(
        scope=row.scope.path,
        kind=row.kind,
        identifier=row.identifier,
        status=row.status,
        violations=row.violations,
        revision=row.revision,
        at=row.at,
        blocked_since=row.blocked_since,
    )
