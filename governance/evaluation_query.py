"""What doors may read of evaluations: what was asked, what each policy said, and how often lately."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, TextField
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

from governance import keyset, rbac
from governance.actor import Actor
from governance.errors import NotFound
from governance.models import Evaluation, EvaluationInput, Scope

LATELY = timedelta(days=30)
# Counts of what was said lately look at this many evaluations at most.
MOST_COUNTED = 5_000


@dataclass(frozen=True, slots=True)
class EvaluationView:
    """details: [{set, set_scope, policy, policy_scope, digest, severity, mode, status, violations: [{message,
    path, code, fix}]}]; errors, warnings and passed count its rows; shadow rows count nowhere."""

    id: str
    at: datetime
    scope: str
    kind: str
    identifier: str
    event: str
    status: str
    dry_run: bool
    revision: str
    bundle_sha256: str
    input_sha256: str
    engine: str
    duration_us: int
    reason: str
    actor_name: str
    channel: str
    ai_generated: bool
    errors: int
    warnings: int
    passed: int
    details: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EvaluationPage:
    evaluations: list[EvaluationView]
    before: str = ""
    after: str = ""


def evaluations(
    actor: Actor,
    scope: Scope | None = None,
    *,
    status: str = "",
    kind: str = "",
    identifier: str = "",
    event: str = "",
    policy: str = "",
    dry_run: bool | None = False,
    before: str = "",
    after: str = "",
    size: int = 25,
) -> EvaluationPage:
    """Evaluations newest first, in a scope and below it (None: wherever the actor may read them).

    `before` is the cursor of the older page, `after` that of the newer one.
    """
    rows = _readable(actor)
    if scope is not None:
        rows = rows.filter(Q(scope=scope) | Q(scope__organization=scope) | Q(scope__account=scope))
    wanted = {"status": status, "kind": kind, "identifier": identifier, "event": event}
    rows = rows.filter(**{k: v for k, v in wanted.items() if v})
    if dry_run is not None:
        rows = rows.filter(dry_run=dry_run)
    if policy:
        rows = rows.annotate(said=Cast("details", TextField())).filter(
            said__contains=f'"policy": {json.dumps(policy)}'
        )
    page = keyset.page(
        rows.select_related("scope"), _view, by="at", descending=True, after=before, before=after, size=size
    )
    return EvaluationPage(page.rows, before=page.older, after=page.newer)


def evaluation(actor: Actor, key: str) -> EvaluationView:
    """One evaluation. Raises NotFound, also when the actor may not read it."""
    return _view(_find(actor, key))


def evaluation_input(actor: Actor, key: str) -> dict[str, Any]:
    """What the policies saw. Needs `view_audit` beside the right to read the evaluation."""
    row = _find(actor, key)
    rbac.enter(actor, "view_audit", row.scope.path)
    kept = EvaluationInput.objects.filter(sha256=row.input_sha256).first()
    if kept is None:
        raise NotFound(f"the input of evaluation {key} is not kept any more")
    found: dict[str, Any] = json.loads(zlib.decompress(bytes(kept.body)))
    return found


def _readable(actor: Actor) -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(scope__in=rbac.scopes(actor, "view_evaluation").values("id"))


def _find(actor: Actor, key: str) -> Evaluation:
    try:
        wanted = UUID(str(key))
    except ValueError:
        raise NotFound(f"no evaluation {key!r}") from None
    found = _readable(actor).select_related("scope").filter(pk=wanted).first()
    if found is None:
        raise NotFound(f"no evaluation {key!r}")
    return found


def _view(row: Evaluation) -> EvaluationView:
    told = [d for d in row.details if d.get("mode") != "shadow"]
    count = {s: sum(d["status"] == s for d in told) for s in ("error", "warning", "pass")}
    return EvaluationView(
        id=str(row.pk),
        at=row.at,
        scope=row.scope.path,
        kind=row.kind,
        identifier=row.identifier,
        event=row.event,
        status=row.status,
        dry_run=row.dry_run,
        revision=row.revision,
        bundle_sha256=row.bundle_sha256,
        input_sha256=row.input_sha256,
        engine=row.engine,
        duration_us=row.duration_us,
        reason=row.reason,
        actor_name=row.actor_name,
        channel=row.channel,
        ai_generated=row.ai_generated,
        errors=count["error"],
        warnings=count["warning"],
        passed=count["pass"],
        details=row.details,
    )


def said_lately(actor: Actor) -> dict[tuple[str, str], list[int]]:
    """(scope, policy) → [times it blocked, times it warned] in 30 days, where the actor may read it."""
    found: dict[tuple[str, str], list[int]] = {}
    for _, _, scope, policy, blocked in _said(actor):
        found.setdefault((scope, policy), [0, 0])[0 if blocked else 1] += 1
    return found


def said_in_sets(actor: Actor) -> dict[tuple[str, str, str, str], list[int]]:
    """The same by (set's scope, set, policy's scope, policy)."""
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for set_scope, held, scope, policy, blocked in _said(actor):
        found.setdefault((set_scope, held, scope, policy), [0, 0])[0 if blocked else 1] += 1
    return found


def _said(actor: Actor) -> list[tuple[str, str, str, str, bool]]:
    """One row per evaluation and policy that objected. Each policy counts once per evaluation and set."""
    rows = _readable(actor).filter(
        at__gt=timezone.now() - LATELY, status__in=("error", "warning"), dry_run=False
    )
    details = rows.order_by("-at").values_list("details", flat=True)[:MOST_COUNTED]
    return [
        (d["set_scope"], d["set"], d["policy_scope"], d["policy"], d["status"] == "error")
        for rows_of_one in details
        for d in rows_of_one
        if d["status"] != "pass" and d.get("mode") != "shadow"
    ]


@dataclass(frozen=True, slots=True)
class Day:
    """What the gate said on one day: how many changes it let through and how many it stopped."""

    day: date
    passed: int
    blocked: int


def by_day(actor: Actor, scope: Scope, days: int = 7) -> list[Day]:
    """The last days in a scope and below, oldest first, quiet days included, dry runs left out."""
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    rows = _readable(actor).filter(
        Q(scope=scope) | Q(scope__organization=scope) | Q(scope__account=scope),
        dry_run=False,
        at__date__gte=first,
    )
    counted: dict[tuple[date, bool], int] = {}
    grouped = (
        rows.annotate(day=TruncDate("at")).values_list("day", "status").annotate(n=Count("pk")).order_by()
    )
    for day, status, n in grouped:
        key = (day, status in ("error", "unavailable"))
        counted[key] = counted.get(key, 0) + n
    found = [first + timedelta(days=i) for i in range(days)]
    return [Day(d, counted.get((d, False), 0), counted.get((d, True), 0)) for d in found]


def latest_of(
    actor: Actor, kind: str, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], EvaluationView]:
    """The newest real decision about each (scope path, identifier) of a kind that the actor may read."""
    keys = set(wanted)
    if not keys:
        return {}
    rows = _readable(actor).filter(
        kind=kind, dry_run=False, scope__path__in={k[0] for k in keys}, identifier__in={k[1] for k in keys}
    )
    newest = (
        rows.order_by().values("scope", "identifier").annotate(last=Max("at")).values_list("last", flat=True)
    )
    found = {}
    for row in rows.filter(at__in=newest).select_related("scope"):
        if (row.scope.path, row.identifier) in keys:
            found[(row.scope.path, row.identifier)] = _view(row)
    return found
