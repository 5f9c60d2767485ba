"""The plan of a run and the state of its steps as the lines a page shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from audit.executions import StepView
from templates_catalog.runners.plan import Group, Node, Parallel, Plan, Stage, Step


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of the step tree.

    depth    0 = directly in the stage; group: the heading of a step group
    at_once  lines with the same non-empty text stand in branches that run at the same time
    status   as stored, "queued" = may still come, "not_reached" = never came
    """

    path: str
    name: str
    kind: str
    status: str
    depth: int = 0
    group: bool = False
    at_once: str = ""
    rollback: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    has_log: bool = False
    decisions: list[Mapping[str, object]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage; those with the same `at_once` above 0 run at the same time."""

    path: str
    name: str
    kind: str
    status: str
    at_once: int
    lines: list[StepLine]
    started_at: datetime | None = None
    ended_at: datetime | None = None


Rows = Mapping[str, StepView]


def stage_lines(plan: Plan, rows: Rows, with_logs: set[str], ended: bool) -> list[StageLine]:
    """Every stage of the plan; ended: the run is over, so what has no row was never reached."""
    return [
        _stage(stage, number if len(slot) > 1 else 0, _Lines(rows, with_logs, ended))
        for number, slot in enumerate(plan.slots, start=1)
        for stage in slot
    ]


def _stage(stage: Stage, at_once: int, lines: _Lines) -> StageLine:
    found = list(lines.of(stage.nodes, 0, ""))
    # Rollback steps are shown only once they matter.
    found += [line for line in lines.of(stage.rollback, 0, "") if line.path in lines.rows]
    steps = [line for line in found if not line.group]
    begun = [line.started_at for line in steps if line.started_at]
    over = [line.ended_at for line in steps if line.ended_at]
    status = stage_status([line.status for line in steps], lines.ended)
    return StageLine(
        path=stage.path,
        name=stage.name,
        kind=stage.type,
        status=status,
        at_once=at_once,
        lines=found,
        started_at=min(begun, default=None),
        ended_at=max(over, default=None) if status not in ("running", "waiting", "queued") else None,
    )


def stage_status(statuses: list[str], ended: bool) -> str:
    """What a stage is, by the states of its steps."""
    for status in ("running", "waiting"):
        if status in statuses:
            return status
    if any(s in ("failed", "rejected") for s in statuses):
        return "failed"
    if "cancelled" in statuses:
        return "cancelled"
    if all(s == "skipped" for s in statuses) and statuses:
        return "skipped"
    untouched = all(s in ("queued", "not_reached") for s in statuses)
    if untouched:
        return "not_reached" if ended else "queued"
    if "queued" in statuses:
        return "running"
    return "succeeded"


@dataclass(frozen=True, slots=True)
class _Lines:
    rows: Rows
    with_logs: set[str]
    ended: bool

    def of(self, nodes: tuple[Node, ...], depth: int, at_once: str) -> Iterator[StepLine]:
        for node in nodes:
            if isinstance(node, Parallel):
                yield from self.of(node.nodes, depth, node.path)
            elif isinstance(node, Group):
                inner = list(self.of(node.nodes, depth + 1, at_once))
                status = stage_status([line.status for line in inner if not line.group], self.ended)
                yield StepLine(node.path, node.name, "StepGroup", status, depth, True, at_once)
                yield from inner
            else:
                yield self.step(node, depth, at_once)

    def step(self, step: Step, depth: int, at_once: str) -> StepLine:
        row = self.rows.get(step.path)
        status = row.status if row else ("not_reached" if self.ended else "queued")
        data = row.data if row else {}
        return StepLine(
            path=step.path,
            name=step.name,
            kind=step.type,
            status="succeeded" if status == "approved" else status,
            depth=depth,
            at_once=at_once,
            rollback=step.rollback,
            started_at=row.started_at if row else None,
            ended_at=row.ended_at if row else None,
            outputs=data.get("outputs") or {},
            reason=str(data.get("reason", "")),
            has_log=step.path in self.with_logs,
            decisions=list(row.decisions) if row else [],
        )
