"""One short-lived process under limits: processor time, clock, memory, answer, and how many run at a time.

Whoever answers a person opens an `answering` around the whole answer, which then ends in time however many
processes it takes, and a `budget` around processes that belong together: each is cheap by itself, and a hostile
draft that is just cheap enough would otherwise be run ten times over.
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
from dataclasses import dataclass, field
from pathlib import Path

from governance.engines import places
from governance.engines.turns import ANSWERS, TURNS
from governance.errors import Busy

ANSWER_BYTES = 16 * 1024 * 1024
# All processes of one answer, waiting for a place included; a third of three seconds is left for our own work.
ANSWER_S = 2.0
# For a place, where nobody waits for the answer.
PATIENCE_S = 60.0
# Whose processes the clock stopped after less than this had too little of a busy machine, and is not told off for it.
LEAST_TRIED_S = 1.0
# Pages and decisions come first. Most drafts are done before the second step, which leaves them only what
# nobody else wants.
NICENESS = 10
LONG_S = 0.2
TICK_S = 0.05
# Between two looks at how much a process used.
LONGEST_PAUSE_S = 0.04


@dataclass(frozen=True)
class Limits:
    """What one call may use. The runtime reserves far more addresses than it uses, so the limit
    is on data, not on the address space.

    wall_s  for what sleeps, or gets next to nothing of a busy machine; where somebody waits, `answering` ends it
    bulk     work of our own over many documents: it has places of its own, and does not end with an answer
    patience_s  for a place, where nobody's `answering` says when the wait is over
    """

    cpu_s: float = 2
    wall_s: float = 30
    memory_mb: int = 512
    bulk: bool = False
    patience_s: float = PATIENCE_S


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


class TooLong(Exception):
    """It used more time or answer than it may, or all of them together did."""


@dataclass
class Budget:
    """Seconds of processor time that are left to all processes of one answer; none once one was stopped."""

    left_s: float
    spent_s: float = 0.0

    def late(self) -> Exception:
        """Why nothing came of it in time. What was tried for long enough would not fare better."""
        if self.spent_s < LEAST_TRIED_S:
            return Busy()
        self.left_s = 0
        return TooLong()


@dataclass
class _Answer:
    """What somebody waits for. Its turn begins with its first process, its time then or with the wait for it."""

    person: str
    wall_s: float
    held: contextlib.ExitStack
    ends: float = 0.0
    has_turn: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start_clock(self) -> float:
        self.ends = self.ends or time.monotonic() + self.wall_s
        return self.ends

    def begin(self) -> None:
        with self.lock:
            until = self.start_clock()
            if not self.has_turn:
                self.held.enter_context(ANSWERS.turn(self.person, until=until))
                self.has_turn = True


_budget: ContextVar[Budget | None] = ContextVar("budget", default=None)
_answer: ContextVar[_Answer | None] = ContextVar("answer", default=None)


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


@contextmanager
def answering(person: str, wall_s: float | None = None) -> Iterator[None]:
    """A person waits: all processes run inside end within so many seconds of the first (ANSWER_S), or Busy is raised.

    Costs nothing where none is run; with the first, the answer takes one of the few turns of this process.
    """
    if _answer.get() is not None:
        yield
        return
    with contextlib.ExitStack() as held:
        token = _answer.set(_Answer(person, ANSWER_S if wall_s is None else wall_s, held))
        try:
            yield
        finally:
            _answer.reset(token)


@contextmanager
def trying(person: str) -> Iterator[None]:
    """A person tries a draft, one at a time and a few people at once. What they wait for that is time of the answer."""
    answer = _answer.get()
    with TURNS.turn(person, until=answer.start_clock() if answer else None):
        yield


def run(command: Sequence[str], folder: Path, limits: Limits, environment: dict[str, str]) -> Done:
    """Run a command in a folder. Raises TooLong, Busy."""
    shared = _budget.get() or Budget(limits.cpu_s)
    if shared.left_s <= 0:
        raise TooLong
    answer = None if limits.bulk else _answer.get()
    if answer is not None:
        answer.begin()
        if time.monotonic() > answer.ends:
            raise shared.late()
    until = answer.ends if answer else time.monotonic() + limits.patience_s
    with places.place(bulk=limits.bulk, until=until):
        ends = time.monotonic() + limits.wall_s
        return _run(command, folder, limits, environment, shared, min(ends, answer.ends) if answer else ends)


def _run(
    command: Sequence[str],
    folder: Path,
    limits: Limits,
    environment: dict[str, str],
    shared: Budget,
    ends: float,
) -> Done:
    cpu_s = min(limits.cpu_s, shared.left_s)
    fence = (
        f"ulimit -c 0; ulimit -t {int(cpu_s) + 1}; ulimit -d {limits.memory_mb * 1024}; "
        f'ulimit -f {ANSWER_BYTES // 512}; exec "$@"'
    )
    out, err = folder / ".stdout", folder / ".stderr"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        # A group of its own, to be stopped as one, and no session: the kernel shares time out between sessions
        # first, and stepping back would count for nothing against the one that serves pages.
        process = subprocess.Popen(
            ["/bin/sh", "-c", fence, "sh", *command],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
            process_group=0, env=environment,
        )  # fmt: skip
        _step_back(process.pid)
        used_s, finished = _wait(process, cpu_s, ends)
    shared.left_s -= used_s
    shared.spent_s += used_s
    if not finished and used_s < cpu_s - TICK_S:
        raise shared.late()
    if not finished or process.returncode < 0 or process.returncode >= 128:
        # Nothing of this answer would fare better.
        shared.left_s = 0
        raise TooLong
    return Done(process.returncode, _text(out), _text(err))


def _step_back(pid: int) -> None:
    if os.getpriority(os.PRIO_PROCESS, 0) < NICENESS:
        with contextlib.suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, pid, NICENESS)


def _step_aside(pid: int) -> None:
    """Run only when nothing else wants to. Each thread has a priority of its own."""
    if not hasattr(os, "SCHED_IDLE"):
        return
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            os.sched_setscheduler(int(thread), os.SCHED_IDLE, os.sched_param(0))


def _wait(process: subprocess.Popen[bytes], cpu_s: float, ends: float) -> tuple[float, bool]:
    """Processor time used, and whether it ended by itself; in both cases it has ended."""
    pause_s = 0.002
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return used.ru_utime + used.ru_stime, True
        used_s = _used_s(process.pid)
        if time.monotonic() > ends or used_s > cpu_s:
            os.killpg(process.pid, signal.SIGKILL)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            return used.ru_utime + used.ru_stime, False
        if used_s > LONG_S:
            _step_aside(process.pid)
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.3, LONGEST_PAUSE_S)


def _used_s(pid: int) -> float:
    """Processor time of a running process; 0 where the system does not tell, which leaves `ulimit` alone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")
