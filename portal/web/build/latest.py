"""What the gate last said of each pipeline of a list, where its last run stands, what it stands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from audit import many_runs
from governance import evaluation_query, standing_query
from governance.actor import Actor
from governance.evaluation_query import EvaluationView
from governance.standing_query import StandingView
from templates_catalog import query
from templates_catalog.query import PipelineView

CODES = {"pass": "admitted", "warning": "warning", "error": "blocked", "unavailable": "unavailable"}
EVENTS = {"onsave": "on save", "onrun": "on run"}


@dataclass(frozen=True, slots=True)
class Decision:
    """The newest real answer of the gate about a pipeline."""

    status: str
    words: str
    event_words: str
    at: Any
    id: str


@dataclass(frozen=True, slots=True)
class Row:
    pipeline: PipelineView
    run: Any = None
    decision: Decision | None = None
    templates: list[dict[str, Any]] = field(default_factory=list)
    # It is stored, and would not be let in today.
    would_be_blocked: bool = False

    @property
    def dotted(self) -> str:
        return self.pipeline.scope.replace("/", ".")


def with_latest(actor: Actor, found: list[PipelineView]) -> list[Row]:
    keys = [(p.scope, p.identifier) for p in found]
    said = evaluation_query.latest_of(actor, "pipeline", keys)
    runs = many_runs.newest_of(keys)
    used = query.templates_used(p.id for p in found)
    today = _standings(actor, found)
    return [
        Row(
            p,
            runs.get((p.scope, p.identifier)),
            decision_of(said.get((p.scope, p.identifier))),
            used.get(p.id, []),
            getattr(today.get((p.scope, p.identifier)), "status", "") == "error",
        )
        for p in found
    ]


def _standings(actor: Actor, found: list[PipelineView]) -> dict[tuple[str, str], StandingView]:
    """What the gate would say today, of those of which a sweep saw the version there is and not the one before."""
    changed = {(p.scope, p.identifier): p.updated_at for p in found}
    seen = standing_query.of_objects(actor, "pipeline", changed)
    return {key: view for key, view in seen.items() if view.at >= changed[key]}


def decision_of(said: EvaluationView | None) -> Decision | None:
    if said is None:
        return None
    words = {
        "pass": "Admitted",
        "warning": _warned(said.warnings),
        "error": "Blocked",
        "unavailable": "Gate unavailable",
    }
    return Decision(
        CODES.get(said.status, said.status),
        words.get(said.status, said.status),
        EVENTS.get(said.event, said.event),
        said.at,
        said.id,
    )


def _warned(warnings: int) -> str:
    """What an exemption lets through warns nobody, and is no plain admission either."""
    if not warnings:
        return "Admitted by exemption"
    return f"Admitted, {warnings} {'warning' if warnings == 1 else 'warnings'}"


def stands(actor: Actor, pipeline: PipelineView) -> StandingView | None:
    """What the gate would say of it today; None until a sweep has seen this version."""
    return _standings(actor, [pipeline]).get((pipeline.scope, pipeline.identifier))


def of_one(actor: Actor, scope: str, identifier: str) -> Decision | None:
    return decision_of(
        evaluation_query.latest_of(actor, "pipeline", [(scope, identifier)]).get((scope, identifier))
    )
