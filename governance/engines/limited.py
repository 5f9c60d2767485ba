"""One short-lived process under limits: processor time, clock, memory, answer, and how many run at a time.

Whoever answers a person opens a `budget` around all processes of the answer: each is cheap by itself, and a
hostile draft that is just cheap enough would otherwise be run ten times over.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

ANSWER_BYTES = 16 * 1024 * 1024
# Of each process that serves pages or works in the background; whoever waits longer is told so.
MOST_AT_A_TIME = 4
PATIENCE_S = 2.0
# Pages and decisions come first: a draft that burns its two seconds takes what they leave.
NICENESS = 5


@dataclass(frozen=True)
class Limits:
    """What one call may use. The runtime reserves far more addresses than it uses, so the limit
    is on data, not on the address space."""

    cpu_s: float = 2
    wall_s: float = 2.6
    memory_mb: int = 512


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


class TooLong(Exception):
    """It used more time or answer than it may, or all of them together did."""


class Busy(Exception):
    """No place came free in time."""


@dataclass
class Budget:
    """Seconds of processor time that are left to all processes of one answer; none once one was stopped."""

    left_s: float


_budget: ContextVar[Budget | None] = ContextVar("budget", default=None)
_places = threading.BoundedSemaphore(MOST_AT_A_TIME)


@contextmanager
def budget(cpu_s: float) -> Iterator[Budget]:
    """All processes run inside share so much processor time; an outer budget stays the one that counts."""
    if (outer := _budget.get()) is not None:
        yield outer
        return
    token = _budget.set(mine := Budget(cpu_s))
    try:
        yield mine
    finally:
        _budget.reset(token)


def run(command: Sequence[str], folder: Path, limits: Limits, environment: dict[str, str]) -> Done:
    """Run a command in a folder. Raises TooLong, Busy."""
    shared = _budget.get() or Budget(limits.cpu_s)
    if shared.left_s <= 0:
        raise TooLong
    if not _places.acquire(timeout=PATIENCE_S):
        shared.left_s = 0
        raise Busy
    try:
        return _run(command, folder, limits, environment, shared)
    finally:
        _places.release()


def _run(
    command: Sequence[str], folder: Path, limits: Limits, environment: dict[str, str], shared: Budget
) -> Done:
    cpu_s = min(limits.cpu_s, shared.left_s)
    fence = (
        f"ulimit -c 0; ulimit -t {int(cpu_s) + 1}; ulimit -d {limits.memory_mb * 1024}; "
        f'ulimit -f {ANSWER_BYTES // 512}; exec "$@"'
    )
    out, err = folder / ".stdout", folder / ".stderr"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            ["/bin/sh", "-c", fence, "sh", *command],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
            start_new_session=True, env=environment,
        )  # fmt: skip
        _step_back(process.pid)
        used_s, finished = _wait(process, cpu_s, limits.wall_s)
    shared.left_s -= used_s
    if not finished or process.returncode < 0 or process.returncode >= 128:
        # Nothing of this answer would fare better.
        shared.left_s = 0
        raise TooLong
    return Done(process.returncode, _text(out), _text(err))


def _step_back(pid: int) -> None:
    if os.getpriority(os.PRIO_PROCESS, 0) < NICENESS:
        with contextlib.suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, pid, NICENESS)


def _wait(process: subprocess.Popen[bytes], cpu_s: float, wall_s: float) -> tuple[float, bool]:
    """Processor time used, and whether it ended by itself; in both cases it has ended."""
    ends, pause_s = time.monotonic() + wall_s, 0.002
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return used.ru_utime + used.ru_stime, True
        if time.monotonic() > ends or _used_s(process.pid) > cpu_s:
            os.killpg(process.pid, signal.SIGKILL)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            return used.ru_utime + used.ru_stime, False
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.3, 0.02)


def _used_s(pid: int) -> float:
    """Processor time of a running process; 0 where the system does not tell, which leaves `ulimit` alone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")
