"""What a worker does with a run: claim it, keep it, write to it, give it back or finish it.

Times are the database's. Every write names the fence of the lease it is made under; a worker whose
lease was lost gets LeaseLost and has changed nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, Q

from audit.database_clock import DatabaseNow
from audit.models import Execution, LogChunk, StepRun
from audit.runs import (
    SYSTEM,
    ExecutionView,
    Lease,
    LeaseLost,
    NotAllowed,
    StepView,
    append_event,
    held,
    interrupt_steps,
    locked,
    move,
    run_id,
    step_view_of,
    view_of,
)
from audit.states import STEP_ENDED, STEP_STATUSES

LEASE_S: Final = 12
# A run that loses this many workers is not given to another one.
MOST_LOSSES: Final = 5


@dataclass(frozen=True, slots=True)
class Beat:
    """The answer to a heartbeat."""

    cancel_requested: bool


def queued(limit: int = 20) -> list[str]:
    """Ids of runs that wait for a worker, the longest waiting first."""
    rows = Execution.objects.filter(state="queued").order_by("queued_at", "id")
    return [str(key) for key in rows.values_list("id", flat=True)[:limit]]


def claim(execution_id: str, worker: str, *, lease_s: float = LEASE_S) -> Lease | None:
    """Take a queued run; None when somebody was faster or it is no longer queued. queued → leased."""
    if not worker:
        raise ValueError("a worker needs a name")
    with transaction.atomic():
        run = Execution.objects.filter(id=run_id(execution_id), state="queued").first()
        if run is None:
            return None
        try:
            move(
                run,
                "leased",
                by=SYSTEM,
                data={"worker": worker},
                fence=run.fence + 1,
                lease_owner=worker,
                lease_until=DatabaseNow() + timedelta(seconds=lease_s),
            )
        except LeaseLost:
            return None
        return Lease(str(run.id), run.fence, worker)


def start(lease: Lease) -> ExecutionView:
    """leased → running."""
    with transaction.atomic():
        run = held(lease)
        first: dict[str, Any] = {} if run.started_at else {"started_at": DatabaseNow()}
        return view_of(move(run, "running", by=SYSTEM, data={"worker": lease.worker}, **first))


def beat(lease: Lease, *, lease_s: float = LEASE_S) -> Beat:
    """Prolong the lease. Raises LeaseLost; the worker must then stop its step at once."""
    rows = Execution.objects.filter(
        id=run_id(lease.execution_id),
        fence=lease.fence,
        lease_owner=lease.worker,
        state__in=("leased", "running"),
    )
    if not rows.update(lease_until=DatabaseNow() + timedelta(seconds=lease_s)):
        raise LeaseLost(f"run {lease.execution_id} is no longer held by {lease.worker} (fence {lease.fence})")
    asked = rows.values_list("cancel_requested_by", flat=True).first()
    return Beat(cancel_requested=bool(asked))


def step(
    lease: Lease,
    path: str,
    *,
    status: str,
    name: str = "",
    kind: str = "",
    parent: str = "",
    repeatable: str = "no",
    data: Mapping[str, Any] | None = None,
    waits_for: Mapping[str, Any] | None = None,
) -> StepView:
    """Set the status of one step, making its row at first; empty texts leave what was there.

    repeatable: `yes`, `no` or `key`: whether the step may run again after its worker was lost.
    data: merged into what the step already has. Raises LeaseLost.
    """
    if status not in STEP_STATUSES:
        raise ValueError(f"unknown step status {status!r}; known: {', '.join(sorted(STEP_STATUSES))}")
    if repeatable not in ("yes", "no", "key"):
        raise ValueError("repeatable must be yes, no or key")
    with transaction.atomic():
        run = held(lease)
        row = _step_row(run, path)
        row.status, row.fence, row.repeatable = status, lease.fence, repeatable
        row.name, row.kind, row.parent = name or row.name, kind or row.kind, parent or row.parent
        row.data = {**row.data, **(data or {})}
        row.waits_for = dict(waits_for) if waits_for is not None else row.waits_for
        row.save()
        _stamp(row)
        append_event(run, f"step.{status}", step=path, data=data)
        row.refresh_from_db()
        return step_view_of(row)


def event(lease: Lease, kind: str, *, step: str = "", data: Mapping[str, Any] | None = None) -> int:
    """Add a line to the run's history; its number. Raises LeaseLost."""
    with transaction.atomic():
        return append_event(held(lease), kind, step=step, data=data).n


def wait(
    lease: Lease,
    path: str = "",
    *,
    waits_for: Mapping[str, Any] | None = None,
    until: datetime | None = None,
) -> ExecutionView:
    """running → waiting, which holds no worker.

    path and waits_for: the step that waits and what for, e.g. {"groups": […], "minimum": 1}; leave
    out when the steps were already set to `waiting` (parallel branches). Raises NotAllowed when
    nothing waits any more: a person answered a moment ago, go on instead.
    """
    with transaction.atomic():
        run = held(lease)
        if path:
            step(lease, path, status="waiting", waits_for=waits_for or {})
        waiting = StepRun.objects.filter(execution_id=run.id, status="waiting")
        paths = list(waiting.order_by("position").values_list("path", flat=True))
        if not paths:
            raise NotAllowed(f"no step of run {run.pipeline} {run.number} waits for anybody")
        columns: dict[str, Any] = {"lease_owner": "", "lease_until": None, "waiting_until": until}
        return view_of(move(run, "waiting", by=SYSTEM, data={"steps": paths}, **columns))


def requeue(lease: Lease, reason: str) -> ExecutionView:
    """Give a run back: leased or running → queued. Running steps go back to queued."""
    with transaction.atomic():
        return view_of(back_to_queue(held(lease), reason))


def finish(
    lease: Lease, state: str, *, reason: str = "", data: Mapping[str, Any] | None = None
) -> ExecutionView:
    """running → succeeded, failed, cancelled or needs_decision.

    The event holds length and root hash of every step's log.
    """
    if state not in ("succeeded", "failed", "cancelled", "expired", "needs_decision"):
        raise ValueError(f"a run cannot finish as {state!r}")
    with transaction.atomic():
        run = held(lease)
        interrupt_steps(run, ("running",), "interrupted")
        facts = {"logs": run.logs, **(data or {})}
        return view_of(move(run, state, by=SYSTEM, reason=reason, data=facts))


def sweep(limit: int = 100) -> list[tuple[str, str, str]]:
    """Take runs from workers that were lost, end those that waited too long: (id, from, to)."""
    now = DatabaseNow()
    lost = Q(state__in=("leased", "running"), lease_until__lt=now)
    late = Q(state="waiting", waiting_until__lt=now)
    due = Execution.objects.filter(lost | late).values_list("id", flat=True)[:limit]
    return [moved for key in list(due) if (moved := _sweep_one(key, lost | late))]


def _sweep_one(key: uuid.UUID, due: Q) -> tuple[str, str, str] | None:
    with transaction.atomic():
        rows = Execution.objects.select_for_update(no_key=True, skip_locked=_can_skip())
        run = rows.filter(Q(id=key) & due).first()
        if run is None:
            return None  # it beat again, or another keeper was faster
        before = run.state
        if before == "waiting":
            interrupt_steps(run, ("waiting",), "cancelled")
            move(run, "expired", by=SYSTEM, reason="nobody answered in time")
        else:
            _take_back(run)
        return str(key), before, run.state


def _take_back(run: Execution) -> None:
    worker, losses = run.lease_owner, run.losses + 1
    reason = f"worker {worker} was lost"
    _close_logs(run, reason)
    if run.cancel_requested_by:
        interrupt_steps(run, ("running", "queued"), "cancelled")
        move(run, "cancelled", by=SYSTEM, reason=f"cancelled; {reason}", losses=losses)
        return
    once = StepRun.objects.filter(execution_id=run.id, status="running", repeatable="no")
    unsafe = list(once.values_list("path", flat=True))
    if losses >= MOST_LOSSES:
        interrupt_steps(run, ("running",), "interrupted")
        move(run, "failed", by=SYSTEM, reason=f"{losses} workers were lost in this run", losses=losses)
    elif unsafe:
        interrupt_steps(run, ("running",), "interrupted")
        why = f"{reason} in a step that must not run twice: {', '.join(unsafe)}"
        columns: dict[str, Any] = {"lease_owner": "", "lease_until": None, "losses": losses}
        move(run, "needs_decision", by=SYSTEM, reason=why, **columns)
    else:
        back_to_queue(run, reason, losses=losses)


def back_to_queue(run: Execution, reason: str, **columns: Any) -> Execution:
    """Any state that allows it → queued; the run must be locked. The next claim has the next fence."""
    StepRun.objects.filter(execution_id=run.id, status="running").update(status="queued", started_at=None)
    columns |= {"lease_owner": "", "lease_until": None, "waiting_until": None, "queued_at": DatabaseNow()}
    by = columns.pop("by", SYSTEM)
    return move(run, "queued", by=by, reason=reason, **columns)


def _close_logs(run: Execution, reason: str) -> None:
    """State where the logs of a lost worker end, for steps whose log it did not close itself."""
    chunks = LogChunk.objects.filter(execution_id=run.id, fence=run.fence)
    ends = {}
    for row in chunks.order_by("step", "n").values("step", "offset", "length"):
        ends[row["step"]] = row["offset"] + row["length"]
    open_steps = {
        path: {
            "length": end,
            "root": "",
            "complete": False,
            "fence": run.fence,
            "note": f"incomplete: {reason}; the log ends at byte {end}",
        }
        for path, end in ends.items()
        if run.logs.get(path, {}).get("fence") != run.fence
    }
    if open_steps:
        Execution.objects.filter(id=run.id).update(logs={**run.logs, **open_steps})


def _step_row(run: Execution, path: str) -> StepRun:
    row = StepRun.objects.filter(execution_id=run.id, path=path).first()
    if row is not None:
        return row
    last = StepRun.objects.filter(execution_id=run.id).aggregate(n=Max("position"))["n"]
    return StepRun(execution_id=run.id, path=path, position=0 if last is None else last + 1)


def _stamp(row: StepRun) -> None:
    """Start and end of a step by the database's clock."""
    mine = StepRun.objects.filter(id=row.id)
    if row.status == "running":
        mine.update(started_at=DatabaseNow(), ended_at=None)
    elif row.status == "waiting" and row.started_at is None:
        mine.update(started_at=DatabaseNow())
    elif row.status in STEP_ENDED and row.ended_at is None:
        mine.update(ended_at=DatabaseNow())


def _can_skip() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)


__all__ = [
    "LEASE_S", "MOST_LOSSES", "Beat", "beat", "claim", "event", "finish", "locked", "queued", "requeue",
    "start", "step", "sweep", "wait",
]  # fmt: skip
