"""Runs as doors and rules see them: create, answer, cancel, list. A worker's side is in `leases`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, QuerySet

from audit import clock
from audit.database_clock import DatabaseNow
from audit.ids import new_id
from audit.keyset import below, page_of
from audit.leases import (
    Beat,
    back_to_queue,
    beat,
    claim,
    event,
    finish,
    queued,
    requeue,
    start,
    step,
    sweep,
    wait,
)
from audit.models import Execution, ExecutionEvent, StepRun
from audit.record import digest_of, scope_columns
from audit.runs import (
    SYSTEM,
    By,
    ExecutionEventView,
    ExecutionView,
    Lease,
    LeaseLost,
    NotAllowed,
    StepView,
    Unknown,
    append_event,
    interrupt_steps,
    locked,
    move,
    run_id,
    step_view_of,
    view_of,
)
from audit.states import ALLOWED, FINAL, STATES
from audit.verify import canonical_json


@dataclass(frozen=True, slots=True)
class ExecutionPage:
    """Runs, newest first, with the cursors of the neighbouring pages."""

    executions: list[ExecutionView]
    newer: str
    older: str


def create(
    *,
    scope: str,
    pipeline: str,
    version: str,
    plan: Mapping[str, Any],
    requested_by: str,
    requested_name: str,
    channel: str,
    inputs: Mapping[str, Any] | None = None,
    ai_generated: bool = False,
    ai: Mapping[str, Any] | None = None,
    evaluation: str = "",
) -> ExecutionView:
    """Put a run into the queue, in the transaction that admits it (which records `pipeline.run`).

    plan: the expanded document as it was admitted; the worker runs nothing else.
    """
    with transaction.atomic():
        _lock_numbers(f"{scope}/{pipeline}")
        same = Execution.objects.filter(scope=scope, pipeline=pipeline)
        number = (same.aggregate(n=Max("number"))["n"] or 0) + 1
        account, organization, project = scope_columns(scope)
        run = Execution(
            id=new_id(),
            scope=scope,
            account=account,
            organization=organization,
            project=project,
            pipeline=pipeline,
            version=version,
            number=number,
            plan=dict(plan),
            plan_digest=digest_of(_plan_text(plan)),
            inputs=dict(inputs or {}),
            requested_by=requested_by,
            requested_name=requested_name,
            channel=channel,
            ai_generated=ai_generated,
            ai=dict(ai or {}),
            evaluation=evaluation,
        )
        if clock.is_demo():
            run.shown_at = clock.now()
        run.save(force_insert=True)
        append_event(run, "queued", data={"by": requested_name})
        run.refresh_from_db()
        return view_of(run)


def plan_of(execution_id: str) -> dict[str, Any]:
    """The admitted document of a run. Raises Unknown; NotAllowed when it is not the admitted one."""
    run = Execution.objects.filter(id=run_id(execution_id)).only("plan", "plan_digest").first()
    if run is None:
        raise Unknown(f"there is no run {execution_id}")
    if digest_of(_plan_text(run.plan)) != run.plan_digest:
        raise NotAllowed(
            f"the plan of run {execution_id} is not the one that was admitted; it will not be run"
        )
    plan: dict[str, Any] = run.plan
    return plan


def answer(
    execution_id: str, path: str, *, status: str, by: By, comment: str = "", done: bool = True
) -> StepView:
    """Add a person's decision to a waiting step.

    status: `approved` or `rejected`; done: the step is decided by it (enough people have said so),
    and a waiting run is queued again. Raises Unknown or NotAllowed.
    """
    if status not in ("approved", "rejected"):
        raise ValueError("an answer is approved or rejected")
    with transaction.atomic():
        run = locked(execution_id)
        row = StepRun.objects.filter(execution_id=run.id, path=path).first()
        if row is None:
            raise Unknown(f"run {run.pipeline} {run.number} has no step {path}")
        if row.status != "waiting" or run.state not in ("waiting", "running"):
            raise NotAllowed(
                f"{row.name or path} of run {run.pipeline} {run.number} does not wait for an answer "
                f"(it is {row.status})"
            )
        row.decisions = [
            *row.decisions,
            {
                "actor_id": by.actor_id,
                "actor_name": by.actor_name,
                "status": status,
                "comment": comment,
                "at": clock.now().astimezone(UTC).isoformat(timespec="milliseconds"),
            },
        ]
        row.status = status if done else row.status
        row.save(update_fields=["decisions", "status"])
        append_event(run, f"step.{status}", step=path, data={"by": by.actor_name, "comment": comment})
        if done:
            StepRun.objects.filter(id=row.id).update(ended_at=DatabaseNow())
            if run.state == "waiting":
                back_to_queue(run, f"{row.name or path} was {status} by {by.actor_name}", by=by)
        row.refresh_from_db()
        return step_view_of(row)


def request_cancel(execution_id: str, by: By) -> ExecutionView:
    """Cancel a run: at once where no worker holds it, else the worker sees it at its next beat."""
    with transaction.atomic():
        run = locked(execution_id)
        if run.state in FINAL:
            raise NotAllowed(f"run {run.pipeline} {run.number} has already ended ({run.state})")
        if run.state in ("leased", "running"):
            Execution.objects.filter(id=run.id).update(cancel_requested_by=by.actor_name)
            append_event(run, "cancel_requested", data={"by": by.actor_name})
            run.refresh_from_db()
            return view_of(run)
        interrupt_steps(run, ("queued", "waiting"), "cancelled")
        reason = f"cancelled by {by.actor_name}"
        return view_of(move(run, "cancelled", by=by, reason=reason, cancel_requested_by=by.actor_name))


def resolve(execution_id: str, state: str, by: By) -> ExecutionView:
    """needs_decision → queued (run the interrupted step again), failed or cancelled."""
    with transaction.atomic():
        run = locked(execution_id)
        if run.state != "needs_decision":
            raise NotAllowed(f"run {run.pipeline} {run.number} is {run.state}; nothing is to be decided")
        reason = f"decided by {by.actor_name}"
        if state == "queued":
            interrupted = StepRun.objects.filter(execution_id=run.id, status="interrupted")
            interrupted.update(status="queued", started_at=None, ended_at=None)
            return view_of(back_to_queue(run, reason, by=by))
        return view_of(move(run, state, by=by, reason=reason))


def get(execution_id: str, scopes: Sequence[str] | None = None) -> ExecutionView | None:
    """One run; None when there is none in these scopes or below. `scopes=None`: any (workers)."""
    try:
        rows = _light().filter(id=run_id(execution_id))
    except Unknown:
        return None
    run = (rows if scopes is None else rows.filter(below(list(scopes)))).first()
    return view_of(run) if run else None


def by_number(scope: str, pipeline: str, number: int) -> ExecutionView | None:
    run = _light().filter(scope=scope, pipeline=pipeline, number=number).first()
    return view_of(run) if run else None


def page(
    scopes: Sequence[str],
    *,
    state: str = "",
    pipeline: str = "",
    requested_by: str = "",
    ai: bool | None = None,
    before: str = "",
    after: str = "",
    size: int = 25,
) -> ExecutionPage:
    """Runs in these scopes and below, newest first. state: one or several, separated by commas."""
    rows = _light().filter(below(list(scopes)))
    if state:
        rows = rows.filter(state__in=state.split(","))
    if pipeline:
        rows = rows.filter(pipeline=pipeline)
    if requested_by:
        rows = rows.filter(requested_by=requested_by)
    if ai is not None:
        rows = rows.filter(ai_generated=ai)
    found = page_of(rows, before=before, after=after, size=size)
    return ExecutionPage([view_of(run) for run in found.rows], found.newer, found.older)


def waiting(scopes: Sequence[str], limit: int = 200) -> list[tuple[ExecutionView, StepView]]:
    """Steps that wait for a person, in these scopes and below; the longest waiting first."""
    runs = {
        run.id: view_of(run) for run in _light().filter(below(list(scopes)), state__in=("waiting", "running"))
    }
    steps = StepRun.objects.filter(status="waiting", execution_id__in=list(runs)).order_by("started_at", "id")
    return [(runs[row.execution_id], step_view_of(row)) for row in steps[:limit]]


def steps(execution_id: str) -> list[StepView]:
    rows = StepRun.objects.filter(execution_id=run_id(execution_id)).order_by("position")
    return [step_view_of(row) for row in rows]


def events(execution_id: str, after: int = 0, limit: int = 200) -> list[ExecutionEventView]:
    """The history of a run behind line `after`."""
    rows = ExecutionEvent.objects.filter(execution_id=run_id(execution_id), n__gt=after).order_by("n")[:limit]
    return [ExecutionEventView(row.n, row.at, row.kind, row.step, row.data) for row in rows]


def oldest_queued_s() -> float:
    """How long the first run in the queue has waited for a worker, in seconds; 0.0 with none."""
    from audit.seal import database_now

    since: datetime | None = (
        Execution.objects.filter(state="queued")
        .order_by("queued_at")
        .values_list("queued_at", flat=True)
        .first()
    )
    return max((database_now() - since).total_seconds(), 0.0) if since else 0.0


def unfinished() -> dict[str, int]:
    """How many runs there are in each state that is not an end."""
    counted = dict.fromkeys(sorted(STATES - FINAL), 0)
    rows = Execution.objects.filter(state__in=counted).values_list("state")
    return counted | dict(rows.annotate(n=Count("pk")).order_by())


def _light() -> QuerySet[Execution]:
    """Runs without their plan, which may be large."""
    return Execution.objects.defer("plan")


def _plan_text(plan: Mapping[str, Any]) -> str:
    return canonical_json(_exact(plan))


def _exact(value: Any) -> Any:
    """Numbers as a JSON column gives them back: 1.0 and 1 are the same plan on every database."""
    if isinstance(value, Mapping):
        return {str(key): _exact(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _lock_numbers(name: str) -> None:
    """Two runs of one pipeline get their numbers one after the other."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"run-number:{name}"])


__all__ = [
    "ALLOWED", "FINAL", "STATES", "SYSTEM", "Beat", "By", "ExecutionEventView", "ExecutionPage",
    "ExecutionView", "Lease", "LeaseLost", "NotAllowed", "StepView", "Unknown", "answer", "beat",
    "by_number", "claim", "create", "event", "events", "finish", "get", "oldest_queued_s", "page",
    "plan_of", "queued", "request_cancel", "requeue", "resolve", "start", "step", "steps", "sweep",
    "wait", "waiting",
]  # fmt: skip
