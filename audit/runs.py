"""One transition of a run: the conditional update, its line in the run's history, its audit event."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Max, Q

from audit.database_clock import DatabaseNow
from audit.models import Execution, ExecutionEvent, StepRun
from audit.record import record
from audit.states import ALLOWED, FINAL, HELD

# The audit action of a transition, where it is not `execution.<state>`.
ACTION: Final = {"running": "execution.started"}


class LeaseLost(RuntimeError):
    """Another worker has the run, or it ended: whatever this worker still writes is refused."""


class NotAllowed(RuntimeError):
    """The run is not in a state in which this can be done."""


class Unknown(LookupError):
    """There is no such run, or no such step in it."""


@dataclass(frozen=True, slots=True)
class By:
    """Who causes a transition."""

    actor_id: str
    actor_name: str
    channel: str
    on_behalf_of: str = ""
    request_id: str = ""
    ip: str = ""


SYSTEM: Final = By(actor_id="system", actor_name="system", channel="system")


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write to a run, until the lease runs out and somebody else takes the next fence."""

    execution_id: str
    fence: int
    worker: str


@dataclass(frozen=True, slots=True)
class ExecutionView:
    """A run as other apps see it. `plan` is left out; ask `plan_of`."""

    id: str
    scope: str
    pipeline: str
    version: str
    number: int
    state: str
    reason: str
    requested_by: str
    requested_name: str
    channel: str
    ai_generated: bool
    ai: Mapping[str, Any]
    evaluation: str
    plan_digest: str
    inputs: Mapping[str, Any]
    fence: int
    lease_owner: str
    lease_until: datetime | None
    waiting_until: datetime | None
    cancel_requested_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    shown_at: datetime
    logs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def resource(self) -> str:
        return f"execution:{self.scope}/{self.pipeline}/{self.number}"

    @property
    def ended(self) -> bool:
        return self.state in FINAL


@dataclass(frozen=True, slots=True)
class StepView:
    """The state of one step of a run, in the order in which steps first appeared."""

    path: str
    position: int
    parent: str
    name: str
    kind: str
    status: str
    repeatable: str
    started_at: datetime | None
    ended_at: datetime | None
    fence: int
    data: Mapping[str, Any]
    waits_for: Mapping[str, Any]
    decisions: list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ExecutionEventView:
    """One line of a run's history."""

    n: int
    at: datetime
    kind: str
    step: str
    data: Mapping[str, Any]


def view_of(run: Execution) -> ExecutionView:
    values = {name: getattr(run, name) for name in ExecutionView.__dataclass_fields__}
    return ExecutionView(**{**values, "id": str(run.id)})


def step_view_of(step: StepRun) -> StepView:
    return StepView(**{name: getattr(step, name) for name in StepView.__dataclass_fields__})


def run_id(execution_id: str | uuid.UUID) -> uuid.UUID:
    """The key of a run; Unknown for anything that is not one."""
    try:
        return execution_id if isinstance(execution_id, uuid.UUID) else uuid.UUID(str(execution_id))
    except ValueError as error:
        raise Unknown(f"{execution_id!r} is not the id of a run") from error


def held(lease: Lease) -> Execution:
    """The run of a lease, locked for this transaction. Raises LeaseLost when it is no longer ours."""
    run = (
        Execution.objects.select_for_update(no_key=True)
        .filter(id=run_id(lease.execution_id), fence=lease.fence, lease_owner=lease.worker, state__in=HELD)
        .first()
    )
    if run is None:
        raise LeaseLost(f"run {lease.execution_id} is no longer held by {lease.worker} (fence {lease.fence})")
    return run


def locked(execution_id: str | uuid.UUID) -> Execution:
    """The run, locked for this transaction, whoever holds it. Raises Unknown."""
    run = Execution.objects.select_for_update(no_key=True).filter(id=run_id(execution_id)).first()
    if run is None:
        raise Unknown(f"there is no run {execution_id}")
    return run


def move(
    run: Execution,
    to: str,
    *,
    by: By,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    where: Q | None = None,
    **columns: Any,
) -> Execution:
    """Take a run from its state to another; must be in a transaction, `run` locked or `where` given.

    Raises NotAllowed when the automaton has no such step, LeaseLost when the row no longer fits.
    """
    if to not in ALLOWED[run.state]:
        raise NotAllowed(
            f"run {run.pipeline} {run.number} is {run.state.replace('_', ' ')}; "
            f"it cannot become {to.replace('_', ' ')}"
        )
    if to in FINAL:
        columns |= {"ended_at": DatabaseNow(), "lease_until": None, "waiting_until": None}
    rows = Execution.objects.filter(Q(id=run.id, state=run.state, fence=run.fence) & (where or Q()))
    if not rows.update(state=to, reason=reason, **columns):
        raise LeaseLost(f"run {run.pipeline} {run.number} changed its state at the same moment")
    before = run.state
    run.refresh_from_db()
    facts = {"from": before, "to": to, "fence": run.fence, **({"reason": reason} if reason else {})}
    append_event(run, to, data={**facts, **(data or {})})
    record(
        action=ACTION.get(to, f"execution.{to}"),
        outcome="admitted",
        resource=f"execution:{run.scope}/{run.pipeline}/{run.number}",
        scope=run.scope,
        actor_id=by.actor_id,
        actor_name=by.actor_name,
        on_behalf_of=by.on_behalf_of or ("" if by.actor_id == run.requested_by else run.requested_name),
        channel=by.channel,
        ai=run.ai,
        ai_generated=run.ai_generated,
        evaluation=run.evaluation,
        request_id=by.request_id,
        ip=by.ip,
        data={"execution": str(run.id), "version": run.version, **facts, **(data or {})},
        after_digest=run.plan_digest,
    )
    return run


def append_event(
    run: Execution, kind: str, *, step: str = "", data: Mapping[str, Any] | None = None
) -> ExecutionEvent:
    """Add a line to the run's history; the run must be locked in this transaction."""
    last = ExecutionEvent.objects.filter(execution_id=run.id).aggregate(n=Max("n"))["n"] or 0
    line = ExecutionEvent(
        execution_id=run.id, n=last + 1, fence=run.fence, kind=kind, step=step, data=dict(data or {})
    )
    line.save(force_insert=True)
    return line


def interrupt_steps(run: Execution, statuses: Iterable[str], to: str) -> list[str]:
    """Set every step of a run that is in one of these statuses to another; their paths."""
    steps = StepRun.objects.filter(execution_id=run.id, status__in=list(statuses))
    paths = list(steps.order_by("position").values_list("path", flat=True))
    steps.update(status=to, ended_at=DatabaseNow())
    return paths
