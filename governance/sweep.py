"""Decide everything stored anew when policies or sets changed, and say what would now be blocked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.record import record
from governance import kinds, publishing, what_if
from governance.bundle import unpack
from governance.engines.opa_cli import OpaFailed
from governance.models import Bundle, Scope, Standing, Sweep
from governance.ports import BadDecision
from governance.stored import Asked, stored
from governance.verdicts import Verdict

# A pin is left alone for so long: many activations in a row are swept once.
SETTLED = timedelta(seconds=5)
# Exemptions end and ramps step by date, so a day later everything may stand otherwise.
AGAIN_AFTER = timedelta(hours=24)
SILENT_AFTER = timedelta(minutes=5)
MOST_VIOLATIONS = 5
BATCH = 500
Key = tuple[UUID, str, str]


def due() -> bool:
    """Whether what is in force was not swept yet, or a day ago."""
    state = publishing.gate_state()
    pinned = Bundle.objects.filter(revision=state.pinned).values_list("pinned_at", flat=True).first()
    now = timezone.now()
    if not state.pinned or state.pending or pinned is None or now - pinned < SETTLED:
        return False
    last = Sweep.objects.order_by("-started_at").first()
    if last is None:
        return True
    if last.state == "running":
        return now - last.touched_at > SILENT_AFTER
    return last.revision != state.pinned or now - last.started_at > AGAIN_AFTER


def run() -> str:
    """Sweep once, if it is due; the revision that was swept, "" when nothing was. Safe to call twice."""
    with transaction.atomic():
        publishing.lock_gate()
        if not due():
            return ""
        Sweep.objects.filter(state="running").update(state="failed", reason="its worker fell silent")
        made = Sweep.objects.create(revision=publishing.gate_state().pinned)
    started = time.monotonic()
    try:
        _work(made)
        made.state = "done"
    except (OpaFailed, BadDecision) as error:
        made.state, made.reason = "failed", str(error)[:2000]
    made.took_ms = int((time.monotonic() - started) * 1000)
    made.save()
    return made.revision


def _work(made: Sweep) -> None:
    archive = Bundle.objects.values_list("archive", flat=True).get(revision=made.revision)
    files = {name: content.decode() for name, content in unpack(bytes(archive)).items()}
    seen: set[Key] = set()
    for batch in _batches():
        found = list(what_if.verdicts(files, batch))
        _keep(made, found)
        seen |= {(one.scope.pk, one.kind, one.identifier) for one in batch}
    _forget(seen)
    if made.newly_blocked:
        _record(made)


def _batches() -> Iterator[list[Asked]]:
    """Every gated document of every account, some hundred at a time."""
    batch: list[Asked] = []
    for account in Scope.objects.filter(level=Scope.Level.ACCOUNT):
        for kind in kinds.known().values():
            if kind.stored is None or "onsave" not in kind.events:
                continue
            for one in stored(kind, account):
                batch.append(one)
                if len(batch) == BATCH:
                    yield batch
                    batch = []
    if batch:
        yield batch


def _keep(made: Sweep, found: list[tuple[Asked, Verdict]]) -> None:
    now = timezone.now()
    known = _known(found)
    rows = []
    for one, verdict in found:
        before = known.get((one.scope.pk, one.kind, one.identifier))
        blocked = verdict.status == "error"
        since = (before.blocked_since if before is not None else None) or now
        made.newly_blocked += blocked and (before is None or before.status != "error")
        made.blocked += blocked
        rows.append(
            Standing(
                pk=before.pk if before else None, scope=one.scope, kind=one.kind, identifier=one.identifier,
                status=verdict.status, violations=_said(verdict), revision=made.revision, at=now,
                blocked_since=since if blocked else None,
            )
        )  # fmt: skip
    made.total += len(found)
    with transaction.atomic():
        Standing.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["scope", "kind", "identifier"],
            update_fields=["status", "violations", "revision", "at", "blocked_since"],
        )  # fmt: skip
        made.save()


def _known(found: list[tuple[Asked, Verdict]]) -> dict[Key, Standing]:
    scopes = {one.scope.pk for one, _ in found}
    rows = Standing.objects.filter(scope__in=scopes)
    return {(row.scope_id, row.kind, row.identifier): row for row in rows}


def _said(verdict: Verdict) -> list[dict[str, Any]]:
    kept = ("policy", "policy_scope", "policy_set", "severity", "message", "path", "fix")
    return [{k: asdict(v)[k] for k in kept} for v in (*verdict.errors, *verdict.warnings)][:MOST_VIOLATIONS]


def _forget(seen: set[Key]) -> None:
    """What is not stored any more stands nowhere."""
    gone = [
        pk
        for pk, *key in Standing.objects.values_list("pk", "scope", "kind", "identifier")
        if tuple(key) not in seen
    ]
    Standing.objects.filter(pk__in=gone).delete()


def _record(made: Sweep) -> None:
    account = Scope.objects.filter(level=Scope.Level.ACCOUNT).order_by("path").first()
    path = account.path if account else "portal"
    facts = {"total": made.total, "blocked": made.blocked, "newly_blocked": made.newly_blocked}
    with transaction.atomic():
        record(
            action="bundle.sweep",
            outcome="admitted",
            resource=f"bundle:{path}/{made.revision[:12]}",
            scope=path,
            actor_id="keeper",
            actor_name="keeper",
            channel="system",
            data={"revision": made.revision, **facts},
        )
