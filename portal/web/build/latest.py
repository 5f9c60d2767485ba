"""What the gate last said of each pipeline of a list, and where its last run stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit import executions
from governance.actor import Actor
from templates_catalog.query import PipelineView


@dataclass(frozen=True, slots=True)
class Row:
    pipeline: PipelineView
    run: Any = None
    decision: Any = None

    @property
    def dotted(self) -> str:
        return self.pipeline.scope.replace("/", ".")


def with_latest(actor: Actor, found: list[PipelineView]) -> list[Row]:
    return [Row(p, _last_run(p)) for p in found]


def _last_run(pipeline: PipelineView) -> Any:
    rows = executions.page([pipeline.scope], pipeline=pipeline.identifier, size=1).executions
    return rows[0] if rows else None
