"""Plans and steps of many runs at once, for lists: two statements, however many runs are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from audit.models import Execution, StepRun
from audit.runs import StepView, run_id, step_view_of


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
