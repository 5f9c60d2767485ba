"""One executor per family of steps; `find` says which one runs a type."""

from __future__ import annotations

from templates_catalog.runners.steps import bandit, dry_run, policy, script
from templates_catalog.runners.steps.job import Executor

EXECUTORS: dict[str, Executor] = {
    "Run": script.run,
    "ShellScript": script.shell_script,
    "Bandit": bandit.scan,
    "Policy": policy.decide,
}


def find(kind: str) -> Executor | None:
    """The executor of a step type; None when there is none."""
    if kind in EXECUTORS:
        return EXECUTORS[kind]
    return dry_run.show if dry_run.covers(kind) else None
