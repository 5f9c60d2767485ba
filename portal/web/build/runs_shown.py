"""A run as its page shows it: tree, times, log lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from audit.neutral import lines
from templates_catalog.run_lines import StageLine, StepLine

# Kinds of lines in a run's history → what people read; a kind of a plugin is shown as it is.
HISTORY = {
    "queued": "Queued",
    "leased": "Taken by a worker",
    "running": "Started",
    "requeued": "Put back into the queue",
    "workspace": "Workspace made",
    "waiting": "Waits for people",
    "succeeded": "Passed",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "cancel_requested": "Asked to stop",
    "expired": "Closed by time",
    "needs_decision": "Its worker was lost; a person decides",
    "step.running": "Step began",
    "step.succeeded": "Step passed",
    "step.failed": "Step failed",
    "step.waiting": "Step waits for people",
    "step.approved": "Step approved",
    "step.rejected": "Step rejected",
    "step.skipped": "Step skipped",
    "step.interrupted": "Step interrupted",
    "step.ignored": "Step failed, which is ignored",
    "step.cancelled": "Step cancelled",
    "step.not_reached": "Step not reached",
    "log.closed": "Log closed",
}


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the step tree; `parallel` is a bracket around its children."""

    name: str = ""
    state: str = ""
    url: str = ""
    current: bool = False
    seconds: float | None = None
    parallel: bool = False
    children: list[Node] = field(default_factory=list)

    @property
    def tone(self) -> str:
        tones = {
            "succeeded": "t-admitted",
            "approved": "t-admitted",
            "failed": "t-blocked",
            "rejected": "t-blocked",
        }
        return tones.get(self.state, "t-warning" if self.state in {"waiting", "interrupted"} else "muted")


@dataclass(frozen=True, slots=True)
class LogLine:
    number: int
    text: str
    at: str = ""
    kind: str = ""


def seconds_of(thing: Any) -> float | None:
    """How long a run, stage or step took, or has been taking; None before it began."""
    begun: datetime | None = thing.started_at
    if begun is None:
        return None
    return ((thing.ended_at or timezone.now()) - begun).total_seconds()


def tree(stages: list[StageLine], chosen: str, base: str) -> list[Node]:
    """Stages with their steps; stages of one slot and steps of one bracket are bracketed."""
    nodes: list[Node] = []
    bracket = 0
    for stage in stages:
        node = Node(
            stage.name, stage.status, f"{base}?step={_first(stage)}#log", False, seconds_of(stage),
            children=_steps(stage.lines, chosen, base),
        )  # fmt: skip
        if stage.at_once and stage.at_once == bracket:
            nodes[-1].children.append(node)
        elif stage.at_once:
            nodes.append(Node(parallel=True, children=[node]))
        else:
            nodes.append(node)
        bracket = stage.at_once
    return nodes


def _first(stage: StageLine) -> str:
    with_log = next((line.path for line in stage.lines if line.has_log), "")
    return with_log or next((line.path for line in stage.lines if not line.group), "")


def _steps(rows: list[StepLine], chosen: str, base: str) -> list[Node]:
    nodes: list[Node] = []
    bracket = ""
    for line in rows:
        node = Node(
            line.name, line.status, f"{base}?step={line.path}#log", line.path == chosen, seconds_of(line)
        )
        if line.at_once and line.at_once == bracket:
            nodes[-1].children.append(node)
        elif line.at_once:
            nodes.append(Node(parallel=True, children=[node]))
        else:
            nodes.append(node)
        bracket = line.at_once
    return nodes


def chosen_step(stages: list[StageLine], wanted: str) -> StepLine | None:
    """The step somebody asked for, else the one that runs or failed, else the last with a log."""
    found = [line for stage in stages for line in stage.lines if not line.group]
    for line in found:
        if line.path == wanted:
            return line
    for states in (("running",), ("failed", "rejected", "interrupted")):
        for line in found:
            if line.status in states:
                return line
    with_log = [line for line in found if line.has_log]
    return with_log[-1] if with_log else (found[0] if found else None)


def log_lines(data: bytes, first: int) -> list[LogLine]:
    """Bytes of a log as plain lines: nothing a program writes is anything but text here."""
    return [LogLine(first + i, row, kind=_kind(row)) for i, row in enumerate(lines(data))]


def _kind(row: str) -> str:
    if row.startswith(("=====", "##[", "--- ")):
        return "grp"
    return "d" if row.startswith("+ ") else ""


def history(events: list[Any]) -> list[dict[str, Any]]:
    """The last lines of a run's history, newest first, in words."""
    return [
        {
            "words": HISTORY.get(e.kind, e.kind.replace("_", " ").replace(".", " ")),
            "step": e.step,
            "by": e.data.get("by", ""),
            "reason": e.data.get("reason") or e.data.get("comment") or "",
            "at": e.at,
        }
        for e in reversed(events)
    ]
