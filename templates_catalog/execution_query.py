"""Runs as doors read them: lists, one run with its stages and steps, its logs; always as seen by an actor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from audit import executions as facts
from audit import logs
from audit.executions import ExecutionEventView, ExecutionPage, ExecutionView, StepView
from audit.logs import LogPart
from audit.many_runs import plans_of, steps_of
from audit.neutral import neutral_blocks
from audit.record import record
from audit.wiring import log_store
from governance import access_query
from governance.actor import Actor
from governance.errors import NotFound
from governance.models import Scope
from templates_catalog.executions import VIEW, may_stop, why_not_decide
from templates_catalog.run_lines import StageLine, stage_lines
from templates_catalog.runners import plan as plans


@dataclass(frozen=True, slots=True)
class Waits:
    """A step that waits for people. why_not: why the reader may not decide; "" = they may."""

    step: str
    name: str
    message: str
    groups: list[str]
    minimum: int
    decisions: list[dict[str, object]]
    until: str
    why_not: str

    @property
    def may_decide(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class Run:
    """Everything the page of one run shows but its logs."""

    execution: ExecutionView
    stages: list[StageLine]
    waits: list[Waits]
    may_cancel: bool
    workspace: dict[str, str] = field(default_factory=dict)
    outputs: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Download:
    name: str
    chunks: Iterator[bytes]


def executions(
    actor: Actor,
    scope: str = "",
    *,
    state: str = "",
    pipeline: str = "",
    requested_by: str = "",
    ai: bool | None = None,
    before: str = "",
    after: str = "",
    size: int = 25,
) -> ExecutionPage:
    """The runs of a scope ("" = wherever the actor may look) and below, newest first."""
    return facts.page(
        _within(actor, scope), state=state, pipeline=pipeline, requested_by=requested_by, ai=ai,
        before=before, after=after, size=size,
    )  # fmt: skip


page = executions


def execution(actor: Actor, execution_id: str) -> ExecutionView:
    """One run. Raises NotFound, also when there is one that the actor may not see."""
    found = facts.get(execution_id, access_query.reach(actor, VIEW))
    if found is None:
        raise NotFound(f"no run {execution_id!r}")
    return found


def by_number(actor: Actor, scope: str, pipeline: str, number: int) -> ExecutionView:
    """One run by its place and number. Raises NotFound."""
    found = facts.by_number(scope, pipeline, number)
    if found is None:
        raise NotFound(f"no run {number} of {pipeline!r} in {scope}")
    return execution(actor, found.id)


def steps(actor: Actor, execution_id: str) -> list[StepView]:
    """The steps of a run that were reached so far, in the order in which they first appeared."""
    return facts.steps(execution(actor, execution_id).id)


def events(actor: Actor, execution_id: str, after: int = 0) -> list[ExecutionEventView]:
    """The history of a run behind line `after`, at most 200 lines."""
    return facts.events(execution(actor, execution_id).id, after)


def stages(found: Sequence[ExecutionView]) -> dict[str, list[StageLine]]:
    """Id → stages of every run of a list that `executions` gave: two statements for the whole page."""
    ids = [one.id for one in found]
    bodies, rows = plans_of(ids), steps_of(ids)
    return {
        one.id: stage_lines(
            plans.build(bodies[one.id]["pipeline"]), {row.path: row for row in rows[one.id]}, set(), one.ended
        )
        for one in found
    }


def run(actor: Actor, execution_id: str) -> Run:
    """One run with every stage and step of its plan, reached or not."""
    found = execution(actor, execution_id)
    rows = facts.steps(found.id)
    plan = plans.build(facts.plan_of(found.id)["pipeline"])
    scope = Scope.objects.get(path=found.scope)
    with_logs = {log.step for log in logs.streams(found.id)}
    stages = stage_lines(plan, {row.path: row for row in rows}, with_logs, found.ended)
    return Run(
        execution=found,
        stages=stages,
        waits=[_waits(actor, scope, found, row) for row in rows if row.status == "waiting"],
        may_cancel=not found.ended and may_stop(actor, scope),
        workspace=_workspace(found.id),
        outputs=[
            (name, value, line.path)
            for stage in stages for line in stage.lines for name, value in line.outputs.items()
        ],
    )  # fmt: skip


def waiting(actor: Actor) -> list[tuple[ExecutionView, Waits]]:
    """Steps that wait for a person, those the actor may decide first, then the longest waiting."""
    rows = facts.waiting(access_query.reach(actor, VIEW))
    scopes = {scope.path: scope for scope in Scope.objects.filter(path__in={run.scope for run, _ in rows})}
    found = [(run, _waits(actor, scopes[run.scope], run, row)) for run, row in rows]
    return sorted(found, key=lambda pair: bool(pair[1].why_not))


def log(actor: Actor, execution_id: str, step: str, offset: int = 0, limit: int = 65_536) -> LogPart:
    """A piece of a step's log as bytes; a negative offset counts from the end."""
    return logs.read(log_store(), execution(actor, execution_id).id, step, offset, limit)


def download(actor: Actor, execution_id: str, step: str = "", *, raw: bool = False) -> Download:
    """A step's log, or that of the whole run, in blocks. Leaves an event before the first byte.

    raw  byte for byte, also what moves a terminal's cursor or writes to its clipboard
    """
    found = execution(actor, execution_id)
    with transaction.atomic():
        record(
            action="execution.download",
            outcome="admitted",
            resource=found.resource,
            scope=found.scope,
            data={"execution": found.id, "step": step or "all", "raw": raw},
            **actor.audit_fields(),
        )
    name = re.sub(
        r"[^\w.-]", "-", "-".join([found.pipeline, str(found.number), *([step] if step else [])]), flags=re.A
    )
    chunks = logs.download(log_store(), found.id, step or None)
    return Download(f"{name}.log", chunks if raw else neutral_blocks(chunks))


def _within(actor: Actor, scope: str) -> Sequence[str]:
    reach = access_query.reach(actor, VIEW)
    if not scope:
        return reach
    if any(scope == path or scope.startswith(f"{path}/") for path in reach):
        return [scope]
    return [path for path in reach if path.startswith(f"{scope}/")]


def _waits(actor: Actor, scope: Scope, found: ExecutionView, row: StepView) -> Waits:
    asks = row.waits_for
    return Waits(
        step=row.path,
        name=row.name or row.path,
        message=str(asks.get("message", "")),
        groups=[str(group).rpartition(".")[2] for group in asks.get("groups", ())],
        minimum=int(asks.get("minimum", 1)),
        decisions=[dict(decision) for decision in row.decisions],
        until=str(asks.get("until", "")),
        why_not=why_not_decide(actor, scope, found, row),
    )


def _workspace(execution_id: str) -> dict[str, str]:
    for event in facts.events(execution_id):
        if event.kind == "workspace":
            return {key: str(value) for key, value in event.data.items()}
    return {}
