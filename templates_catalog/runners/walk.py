"""Goes through a plan: stages and steps in order, branches at once, failures as their strategies say.

It knows no database. What is asked of it again after an interruption is answered by the desk, which remembers
how each step ended: a plan is always walked from its start, and steps that have ended are not run twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import partial
from typing import Any, Protocol

from templates_catalog.runners.expressions import Unresolved, Values
from templates_catalog.runners.plan import APPROVAL, Group, Node, Parallel, Plan, Stage, Step, Strategy
from templates_catalog.runners.steps.job import Result

MOST_BRANCHES = 8


class Fate(IntEnum):
    """What became of a part of the plan; of several branches the greatest counts."""

    OK = 0
    FAILED = 1
    ROLLBACK = 2
    WAITS = 3
    ABORT = 4


@dataclass(frozen=True, slots=True)
class Known:
    """How a step stands from an earlier walk. status: as stored, "" = never begun."""

    status: str = ""
    result: Result = field(default_factory=Result)


class Desk(Protocol):
    """Where a walk keeps what it does. Any method may raise to end the walk at once."""

    def known(self, step: Step) -> Known: ...

    def may_go_on(self) -> None:
        """Raises when no further step may start: cancelled, rights revoked, lease lost."""

    def leave(self) -> None:
        """Called at the end of each thread that ran a branch."""

    def skip(self, step: Step) -> None: ...

    def ask(self, step: Step, spec: Mapping[str, Any]) -> None:
        """Make the step wait for a person."""

    def execute(self, step: Step, stage: Stage, spec: Mapping[str, Any], timeout_s: float) -> Result:
        """Run the step and keep how it went, all but its end."""
        ...

    def end(self, step: Step, status: str, result: Result) -> None: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """state: succeeded, failed or waiting; reason: why it failed, for the run's page."""

    state: str
    reason: str = ""


class Walk:
    def __init__(self, plan: Plan, desk: Desk, facts: Mapping[str, str], started_s_ago: float = 0.0) -> None:
        self.plan, self.desk, self.facts = plan, desk, facts
        self.deadline = time.monotonic() + plan.timeout_s - started_s_ago if plan.timeout_s else None
        self.outputs: dict[tuple[str, str], Mapping[str, str]] = {}
        self.reasons: list[str] = []
        self.variables = {stage.identifier: stage.variables for stage in plan.stages}

    def run(self) -> Outcome:
        failed = False
        for slot in self.plan.slots:
            wanted = [stage for stage in slot if _applies(stage.when, failed)]
            for stage in slot:
                if stage not in wanted:
                    self._skip(stage.nodes, cut_off=failed and stage.when == "Success")
            fate = self._together([partial(self._stage, stage) for stage in wanted])
            if fate == Fate.WAITS:
                return Outcome("waiting")
            failed = failed or fate != Fate.OK
            if fate == Fate.ABORT:
                break
        return Outcome("failed", "; ".join(self.reasons[:3])) if failed else Outcome("succeeded")

    def _stage(self, stage: Stage) -> Fate:
        until = time.monotonic() + stage.timeout_s if stage.timeout_s else None
        here = _Here(stage, _earlier(until, self.deadline), stage.strategies)
        fate = self._series(stage.nodes, here)
        if fate == Fate.ROLLBACK:
            back = self._series(stage.rollback, replace(here, strategies=(), rolling_back=True))
            return Fate.FAILED if back < Fate.WAITS else back
        return fate

    def _series(self, nodes: Sequence[Node], here: _Here) -> Fate:
        fate = Fate.OK
        for node in nodes:
            failed = here.failed or fate != Fate.OK
            when = "All" if isinstance(node, Parallel) or here.rolling_back else node.when
            if not _applies(when, failed):
                self._skip((node,), cut_off=failed and when == "Success")
                continue
            fate = max(fate, self._node(node, replace(here, failed=failed)))
            if fate > Fate.FAILED:
                return fate
        return fate

    def _node(self, node: Node, here: _Here) -> Fate:
        if isinstance(node, Step):
            return self._step(node, here)
        if isinstance(node, Group):
            strategies = (*node.strategies, *here.strategies)
            return self._series(node.nodes, replace(here, strategies=strategies, failed=False))
        branches = [n for n in node.nodes if isinstance(n, Parallel) or _applies(n.when, here.failed)]
        self._skip([n for n in node.nodes if n not in branches], cut_off=here.failed)
        return self._together([partial(self._node, n, here) for n in branches])

    def _skip(self, nodes: Sequence[Node], cut_off: bool) -> None:
        """Note the steps a condition leaves out. Those a failure cut off are simply never reached."""
        if cut_off:
            return
        for node in nodes:
            if not isinstance(node, Step):
                self._skip(node.nodes, cut_off=False)
            elif not self.desk.known(node).status:
                self.desk.skip(node)

    def _step(self, step: Step, here: _Here) -> Fate:
        known = self.desk.known(step)
        if known.status in ("succeeded", "failed", "ignored", "skipped", "rejected", "approved"):
            result = known.result
            if known.status == "rejected" and not result.failed:
                result = Result("ApprovalRejection", f"{step.name} was rejected")
        else:
            self.desk.may_go_on()
            try:
                spec = self._values(step, here).resolve(step.spec)
            except Unresolved as error:
                result = Result("Unknown", str(error))
            else:
                if step.type == APPROVAL:
                    self.desk.ask(step, spec)
                    return Fate.WAITS
                result = self._execute(step, here, spec)
            action = _action(step, here, result)
            self.desk.end(step, _status(result, action), result)
        self.outputs[here.stage.identifier, step.identifier] = result.outputs
        if not result.failed:
            return Fate.OK
        return self._failed(step, here, result)

    def _execute(self, step: Step, here: _Here, spec: Mapping[str, Any]) -> Result:
        left = min(step.timeout_s, here.until - time.monotonic() if here.until else step.timeout_s)
        if left <= 0:
            return Result("Timeout", "the time of its stage or pipeline was over before it started")
        return self.desk.execute(step, here.stage, spec, left)

    def _failed(self, step: Step, here: _Here, result: Result) -> Fate:
        action = _action(step, here, result)
        if action == "Ignore":
            return Fate.OK
        self.reasons.append(f"{step.name}: {result.reason or result.error}")
        if action == "Abort":
            return Fate.ABORT
        return Fate.ROLLBACK if action == "StageRollback" and not here.rolling_back else Fate.FAILED

    def _together(self, branches: Sequence[Callable[[], Fate]]) -> Fate:
        """Run branches at the same time; all of them end before anything goes on or an error is raised."""
        if len(branches) < 2:
            return branches[0]() if branches else Fate.OK

        def in_thread(branch: Callable[[], Fate]) -> Fate:
            try:
                return branch()
            finally:
                self.desk.leave()

        with ThreadPoolExecutor(max_workers=min(len(branches), MOST_BRANCHES)) as pool:
            futures = [pool.submit(in_thread, branch) for branch in branches]
        return max(future.result() for future in futures)

    def _values(self, step: Step, here: _Here) -> Values:
        stage = here.stage
        place = (stage.spec.get("infrastructure") or {}).get("environment") or {}
        reference = (stage.spec.get("environment") or {}).get("environmentRef", "")
        facts = {
            **self.facts,
            "pipeline.identifier": self.plan.identifier, "pipeline.name": self.plan.name,
            "stage.identifier": stage.identifier, "stage.name": stage.name, "stage.type": stage.type,
            "step.identifier": step.identifier, "step.name": step.name,
            "service.identifier": str((stage.spec.get("service") or {}).get("serviceRef", "")),
            "env.identifier": str(place.get("identifier") or reference),
            "env.name": str(place.get("name") or reference), "env.type": str(place.get("type", "")),
        }  # fmt: skip
        return Values(stage.identifier, self.plan.variables, self.variables, dict(self.outputs), facts)


@dataclass(frozen=True, slots=True)
class _Here:
    """Where the walk stands. until: monotonic time at which the stage ends; failed: something before did."""

    stage: Stage
    until: float | None
    strategies: tuple[Strategy, ...]
    failed: bool = False
    rolling_back: bool = False


def _applies(when: str, failed: bool) -> bool:
    return when == "All" or (when == "Failure") == failed


def _action(step: Step, here: _Here, result: Result) -> str:
    """Of the strategies that cover the error the nearest one's action."""
    for strategy in (*step.strategies, *here.strategies):
        if result.failed and strategy.covers(result.error):
            return strategy.action
    return "MarkAsFailure"


def _status(result: Result, action: str) -> str:
    if not result.failed:
        return "succeeded"
    return "ignored" if action == "Ignore" else "failed"


def _earlier(one: float | None, other: float | None) -> float | None:
    return min(t for t in (one, other) if t is not None) if one is not None or other is not None else None
