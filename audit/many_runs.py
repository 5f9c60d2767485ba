"""Plans and steps of many runs at once, for lists: two statements, however many runs are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import OuterRef, Subquery

from audit.models import Execution, StepRun
from audit.runs import ExecutionView, StepView, run_id, step_view_of, view_of


def plans_of(execution_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Id → plan, for showing. What is to be run is read with `executions.plan_of`, which checks it."""
    rows = Execution.objects.filter(id__in=[run_id(key) for key in execution_ids])
    return {str(key): plan for key, plan in rows.values_list("id", "plan")}


def steps_of(execution_ids: Sequence[str]) -> dict[str, list[StepView]]:
    """Id → its steps in the order in which they first appeared; every id has a list."""
    found: dict[str, list[StepView]] = {key: [] for key in execution_ids}
    rows = StepRun.objects.filter(execution_id__in=[run_id(key) for key in execution_ids])
    for row in rows.order_by("execution_id", "position"):
        found[str(row.execution_id)].append(step_view_of(row))
    return found


def newest_of(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], ExecutionView]:
    """The newest run of each (scope, pipeline), in one statement; those never run are left out."""
    keys = set(wanted)
    if not keys:
        return {}
    rows = Execution.objects.filter(scope__in={k[0] for k in keys}, pipeline__in={k[1] for k in keys})
    same = Execution.objects.filter(scope=OuterRef("scope"), pipeline=OuterRef("pipeline"))
    newest = rows.filter(number=Subquery(same.order_by("-number").values("number")[:1])).defer("plan")
    return {(r.scope, r.pipeline): view_of(r) for r in newest if (r.scope, r.pipeline) in keys}
