"""Where a walk through a plan keeps what it does: steps, logs and questions, under the lease's fence."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from audit import executions
from audit.executions import Lease, StepView
from audit.logs import LogWriter
from audit.ports import LogStore
from templates_catalog.ports import Runner, RunnerUnavailable
from templates_catalog.runners import steps
from templates_catalog.runners.deciding import judged_by_policies
from templates_catalog.runners.heart import Heart
from templates_catalog.runners.plan import Stage, Step
from templates_catalog.runners.steps.job import Decide, Job, Result, Stopped
from templates_catalog.runners.walk import Known
from templates_catalog.runners.workspace import Workspace

KEEP_EVERY_S = 0.25


class RunDesk:
    """One walk's desk. `rights` raises when the person who started the run may no longer run it."""

    def __init__(
        self, lease: Lease, heart: Heart, runner: Runner, store: LogStore,
        workspace: Workspace | None, rights: Callable[[], None], decider: Callable[[Step], Decide],
    ) -> None:  # fmt: skip
        self.lease, self.heart, self.runner, self.store = lease, heart, runner, store
        self.workspace, self.rights, self.decider = workspace, rights, decider
        self.rows: dict[str, StepView] = {}
        self.reload()

    def reload(self) -> None:
        self.rows = {row.path: row for row in executions.steps(self.lease.execution_id)}

    def known(self, step: Step) -> Known:
        row = self.rows.get(step.path)
        if row is None:
            return Known()
        kept = row.data
        outputs = kept.get("outputs") or {}
        result = Result(str(kept.get("error", "")), str(kept.get("reason", "")), outputs)
        if row.status == "rejected":
            result = Result("ApprovalRejection", f"{step.name} was rejected{_by(row)}")
        return Known(row.status, result)

    def may_go_on(self) -> None:
        if why := self.heart.why_stop():
            raise Stopped(why)
        self.rights()

    def leave(self) -> None:
        connection.close()

    def skip(self, step: Step) -> None:
        self._keep(step, "skipped")

    def ask(self, step: Step, spec: Mapping[str, Any]) -> None:
        row = self.rows.get(step.path)
        if row is None or row.status != "waiting":
            self._keep(step, "waiting", waits_for=question(step, spec))

    def execute(self, step: Step, stage: Stage, spec: Mapping[str, Any], timeout_s: float) -> Result:
        self._keep(step, "running")
        writer = LogWriter(self.store, self.lease, step.path)
        said = StepLog(writer)
        job = Job(
            step=step, stage=stage, spec=spec, workspace=self.workspace, runner=self.runner,
            write=said.write, stop=self._stop(said), timeout_s=timeout_s, decide=self.decider(step),
            marker=f"{self.lease.execution_id}/{self.lease.fence}",
        )  # fmt: skip
        try:
            result = self._run(job)
        except Stopped as stopped:
            self._stopped(step, writer, str(stopped))
            raise
        return self._close(writer, job, result)

    def _run(self, job: Job) -> Result:
        executor = steps.find(job.step.type)
        if executor is None:
            return Result("Unknown", f"no executor for step type {job.step.type}")
        try:
            result = executor(job)
        except RunnerUnavailable as error:
            return Result("ConfigurationFailure", str(error))
        return judged_by_policies(job.step, result, job.decide)

    def _stop(self, said: StepLog) -> Callable[[], str]:
        def stop() -> str:
            said.tick()
            return self.heart.why_stop()

        return stop

    def _close(self, writer: LogWriter, job: Job, result: Result) -> Result:
        """A step whose log could not be kept has not succeeded: nobody could say what it did."""
        if result.failed:
            job.say(f"failed: {result.reason or result.error}")
        end = writer.close()
        if not end.complete and not result.failed:
            return Result("Unknown", f"its log could not be kept: {end.note}", result.outputs)
        return result

    def _stopped(self, step: Step, writer: LogWriter, why: str) -> None:
        """Say in log and row that the step was ended, while the lease is still ours."""
        if self.heart.cancelled_by and not self.heart.lost:
            writer.write("portal", f"ended: {why}\n".encode())
            writer.close(note=why)
            self._keep(step, "cancelled", data={"reason": why})

    def end(self, step: Step, status: str, result: Result) -> None:
        data = {"error": result.error, "reason": result.reason, "outputs": dict(result.outputs)}
        self._keep(step, status, data={key: value for key, value in data.items() if value})

    def _keep(self, step: Step, status: str, **more: Any) -> None:
        # Nothing a step does outlives its sandbox but its log and outputs, and those carry the fence:
        # after a lost worker it may simply run again.
        executions.step(
            self.lease, step.path, status=status, name=step.name, kind=step.type,
            parent=step.path.rpartition("/")[0], repeatable="yes", **more,
        )  # fmt: skip


class StepLog:
    """One step's log: streams in the order in which they spoke, and kept soon enough to be watched.

    The first words after a silence are kept at once, a steady flow four times a second.
    """

    def __init__(self, writer: LogWriter) -> None:
        self.writer = writer
        self._last, self._kept, self._waits = "", 0.0, False

    def write(self, stream: str, data: bytes) -> None:
        if self._last and stream != self._last:
            self.writer.flush()
        self._last, self._waits = stream, True
        self.writer.write(stream, data)
        self.tick()

    def tick(self) -> None:
        """Call several times a second, also in silence."""
        if self._waits and time.monotonic() - self._kept >= KEEP_EVERY_S:
            self.writer.flush()
            self._kept, self._waits = time.monotonic(), False
        self.writer.tick()


def question(step: Step, spec: Mapping[str, Any]) -> dict[str, Any]:
    """What a waiting step waits for: who may decide, how many must agree, until when."""
    approvers = spec.get("approvers") or {}
    until = datetime.now(UTC) + timedelta(seconds=step.timeout_s)
    return {
        "groups": [str(group) for group in approvers.get("userGroups") or []],
        "minimum": int(approvers.get("minimumCount") or 1),
        "disallow_requester": approvers.get("disallowPipelineExecutor") in (True, "true"),
        "disallowed_emails": [str(email) for email in approvers.get("disallowedUserEmails") or []],
        "message": str(spec.get("approvalMessage") or ""),
        "until": until.isoformat(timespec="seconds"),
    }


def _by(row: StepView) -> str:
    said = [d for d in row.decisions if d.get("status") == "rejected"]
    if not said:
        return ""
    comment = f": {said[-1]['comment']}" if said[-1].get("comment") else ""
    return f" by {said[-1]['actor_name']}{comment}"
