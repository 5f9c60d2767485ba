"""What an executor of steps is given, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from templates_catalog.ports import Ended, Runner, Stop, Write
from templates_catalog.runners.plan import Stage, Step
from templates_catalog.runners.workspace import Workspace


class Refused(Exception):
    """Policies refuse what the step gave, or could not be asked. The message says which and why."""


# kind of document, the document as JSON text, references of policy sets → what only warns.
Decide = Callable[[str, str, tuple[str, ...]], list[str]]


class Stopped(Exception):
    """The step was ended from outside: cancelled, or its worker no longer holds the run."""


@dataclass(frozen=True, slots=True)
class Result:
    """error: the name failure strategies know it by ("Timeout", "Unknown" …); "" = it went well.

    issues  what a scan found, as policies see it; None for what is no scan
    """

    error: str = ""
    reason: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    issues: Sequence[Mapping[str, Any]] | None = None

    @property
    def failed(self) -> bool:
        return bool(self.error)


@dataclass(frozen=True, slots=True)
class Job:
    """One step to execute.

    spec   of the step, its expressions worked out
    write  the step's log; stop: why it must end now, "" = go on
    decide asks policy sets about a document; raises Refused
    """

    step: Step
    stage: Stage
    spec: Mapping[str, Any]
    workspace: Workspace | None
    runner: Runner
    write: Write
    stop: Stop
    timeout_s: float
    decide: Decide
    marker: str = ""

    def say(self, line: str) -> None:
        """A line of the portal's own in the step's log."""
        self.write("portal", f"{line}\n".encode())


Executor = Callable[[Job], Result]


def judged(ended: Ended, timeout_s: float, memory_mb: int) -> Result:
    """How a program ended, as the result of its step. Raises Stopped when it was ended from outside."""
    if ended.cause == "timeout":
        return Result("Timeout", f"ended after its time of {timeout_s:.0f} s was over")
    if ended.cause == "memory":
        return Result("ResourceLimitsFailure", f"ended because it used more than {memory_mb} MB of memory")
    if ended.cause:
        raise Stopped(ended.cause)
    if ended.code < 0:
        return Result("Unknown", f"ended by signal {-ended.code}")
    if ended.code:
        return Result("Unknown", f"exit code {ended.code}")
    return Result()
