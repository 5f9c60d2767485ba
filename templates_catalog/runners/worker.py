"""One turn of a worker on one run: claim it, walk its plan, and finish it or leave it waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import DatabaseError

from audit import executions
from audit.executions import ExecutionView, Lease, LeaseLost, NotAllowed
from audit.ports import LogStore
from governance import rbac
from governance.actor import Actor, Channel
from governance.errors import Denied, NotFound
from governance.models import Scope, User
from templates_catalog.ports import Runner
from templates_catalog.runners import plan as plans
from templates_catalog.runners import sandbox
from templates_catalog.runners.codebase import workspace_of
from templates_catalog.runners.deciding import decider
from templates_catalog.runners.desk import RunDesk
from templates_catalog.runners.heart import Heart
from templates_catalog.runners.plan import Plan
from templates_catalog.runners.steps.job import Stopped
from templates_catalog.runners.walk import Walk
from templates_catalog.runners.workspace import Workspace, WorkspaceError

log = logging.getLogger(__name__)

PERMISSION = "execute_pipeline"


class NoRight(Exception):
    """Whoever started the run may no longer run this pipeline. The message says who and what."""


class CannotStart(Exception):
    """The run cannot begin on this machine or with this codebase. The message says why."""


def work(execution_id: str, worker: str, *, runner: Runner, store: LogStore) -> str:
    """Work on a queued run until it ends, waits or is taken away; says in a word what became of it.

    Safe to call twice, or for a run that is already taken: whoever claims it runs it.
    """
    lease = executions.claim(execution_id, worker)
    if lease is None:
        return "not queued"
    sandbox.end_strays(lease.execution_id, lease.fence)
    try:
        with Heart(lease) as heart:
            return _Turn(lease, heart, runner, store).take()
    except LeaseLost as error:
        log.warning("%s", error)
        return "lost"


class _Turn:
    def __init__(self, lease: Lease, heart: Heart, runner: Runner, store: LogStore) -> None:
        self.lease, self.heart, self.runner, self.store = lease, heart, runner, store
        self.run = executions.start(lease)

    def take(self) -> str:
        try:
            return self._walk()
        except Stopped as stopped:
            if self.heart.cancelled_by and not self.heart.lost:
                return self._finish("cancelled", str(stopped))
            raise LeaseLost(str(stopped)) from stopped
        except NoRight as error:
            return self._finish("cancelled", str(error))
        except (CannotStart, NotAllowed) as error:
            return self._finish("failed", str(error))
        except (LeaseLost, DatabaseError):
            # Nothing can be said about the run from here; the sweep gives it to another worker.
            raise
        except Exception as error:
            log.exception("run %s ended by a fault of our own", self.run.id)
            return self._finish("failed", f"a fault of the portal, not of the pipeline: {error!r}")

    def _walk(self) -> str:
        rights = rights_of(self.run)
        rights()
        if why := self.runner.why_not():
            raise CannotStart(f"steps cannot run on this machine: {why}")
        plan = plans.build(executions.plan_of(self.run.id)["pipeline"])
        workspace = self._workspace(plan)
        try:
            ask = partial(decider, self.run)
            desk = RunDesk(self.lease, self.heart, self.runner, self.store, workspace, rights, ask)
            while True:
                outcome = Walk(plan, desk, self._facts(workspace), self._seconds_ago()).run()
                if outcome.state != "waiting":
                    return self._finish(outcome.state, outcome.reason)
                if self._wait():
                    return "waiting"
                desk.reload()
        finally:
            if workspace is not None:
                workspace.tar.close()

    def _workspace(self, plan: Plan) -> Workspace | None:
        """The same commit for the whole run, however often it is interrupted."""
        known: Mapping[str, Any] = {}
        for event in executions.events(self.run.id):
            if event.kind == "workspace":
                known = event.data
        scope = Scope.objects.get(path=self.run.scope)
        try:
            found = workspace_of(
                plan, scope, commit=str(known.get("commit", "")), branch=str(known.get("branch", ""))
            )
        except WorkspaceError as error:
            raise CannotStart(f"the workspace cannot be made: {error}") from error
        if found is not None and not known:
            facts = {"name": found.name, "commit": found.commit, "branch": found.branch}
            executions.event(self.lease, "workspace", data=facts)
        return found

    def _facts(self, workspace: Workspace | None) -> dict[str, str]:
        facts = {
            "pipeline.sequenceId": str(self.run.number),
            "pipeline.executionId": self.run.id,
            "pipeline.triggeredBy.name": self.run.requested_name,
        }
        if workspace is not None:
            facts |= {"codebase.commitSha": workspace.commit, "codebase.branch": workspace.branch}
        return facts

    def _seconds_ago(self) -> float:
        started = self.run.started_at
        return max((datetime.now(UTC) - started).total_seconds(), 0.0) if started else 0.0

    def _wait(self) -> bool:
        """Give the run to the people it waits for; False when they answered a moment ago."""
        ends = [
            datetime.fromisoformat(str(row.waits_for["until"]))
            for row in executions.steps(self.run.id)
            if row.status == "waiting" and row.waits_for.get("until")
        ]
        try:
            executions.wait(self.lease, until=min(ends, default=None))
        except NotAllowed:
            return False
        return True

    def _finish(self, state: str, reason: str) -> str:
        for row in executions.steps(self.run.id):
            if row.status in ("waiting", "queued"):
                executions.step(
                    self.lease, row.path, status="cancelled" if row.status == "waiting" else "not_reached"
                )
        executions.finish(self.lease, state, reason=reason)
        return state


def rights_of(run: ExecutionView) -> Callable[[], None]:
    """A check to make before each step: may the person who started this run still run this pipeline?"""

    def check() -> None:
        user = User.objects.filter(pk=run.requested_by).first()
        if user is None or not user.is_active:
            raise NoRight(f"{run.requested_name}, who started this run, is no longer active")
        try:
            rbac.enter(
                Actor(user, Channel.SYSTEM), PERMISSION, run.scope, kind="pipeline", identifier=run.pipeline
            )
        except (Denied, NotFound) as error:
            raise NoRight(
                f"{run.requested_name}, who started this run, no longer holds {PERMISSION} in {run.scope}"
            ) from error

    return check
