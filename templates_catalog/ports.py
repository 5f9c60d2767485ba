"""What the worker needs of whatever executes a step's program: one port, two methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

# Called with the name of the stream ("stdout", or "portal" for our own words) and the bytes as they came.
Write = Callable[[str, bytes], None]
# Asked several times a second; a non-empty answer says why the program must stop now.
Stop = Callable[[], str]


class RunnerUnavailable(Exception):
    """The program was not started: nothing that could run it safely is there. The message says why."""


@dataclass(frozen=True, slots=True)
class Command:
    """One program to run, with everything it may know.

    program      argument list, started in the workspace
    files        name under /job → content; read-only for the program
    environment  the whole environment; nothing else is inherited
    workspace    a tar archive, unpacked fresh for this program; None = an empty folder
    marker       "<execution>/<fence>", so that what an older attempt left behind can be found and ended
    """

    program: tuple[str, ...]
    timeout_s: float
    files: Mapping[str, bytes] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    workspace: Path | None = None
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended.

    code     its exit code, negative for a signal
    cause    "" = by itself; "timeout", "memory", or what `stop` answered
    outputs  what it wrote to its output descriptor, at most 256 kB
    """

    code: int
    cause: str = ""
    outputs: bytes = b""
    seconds: float = 0.0


class Runner(Protocol):
    def why_not(self) -> str:
        """Why programs cannot be run here, with the way to repair it; "" = they can."""
        ...

    def start(self, command: Command, *, write: Write, stop: Stop) -> Ended:
        """Run to the end, the timeout or `stop`. Raises RunnerUnavailable, and what `write` raises."""
        ...
