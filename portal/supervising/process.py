"""One supervised process: started, watched, started again after a growing pause, stopped."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 15.0
# Who lived this long was well; its next death starts with the short pause again.
WELL_AFTER_S = 30.0
LARGEST_LOG_BYTES = 10 * 1024 * 1024

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Asks the kernel to end this process when its parent ends, however that happens (Linux only)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Process:
    """What to run and how it is doing. `waits_for` keeps it from starting before something else is there."""

    name: str
    command: list[str]
    log: Path
    env: Mapping[str, str]
    waits_for: Callable[[], bool] = lambda: True
    restarts: bool = True
    on_exit: Callable[[int], None] = lambda code: None
    # Said when a process that is not started again has ended well.
    finished: str = ""
    child: subprocess.Popen[bytes] | None = None
    starts: int = 0
    _began: float = 0.0
    _pause_s: float = FIRST_PAUSE_S
    _not_before: float = 0.0
    _deaths: list[str] = field(default_factory=list)

    def tick(self, say: Callable[[str], None]) -> None:
        """Called again and again: starts what is due, notices what has ended."""
        if self.child is not None:
            code = self.child.poll()
            if code is not None:
                self._ended(self.child.pid, code, say)
            return
        if self.starts and not self.restarts:
            return
        if time.monotonic() >= self._not_before and self.waits_for():
            self._start(say)

    def _start(self, say: Callable[[str], None]) -> None:
        _rotate(self.log)
        self.starts += 1
        self._began = time.monotonic()
        with self.log.open("ab") as log:
            try:
                # A session of its own: Ctrl-C reaches only the supervisor, which stops all in order.
                self.child = subprocess.Popen(
                    self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(self.env),
                    start_new_session=True, preexec_fn=die_with_parent,
                )  # fmt: skip
            except OSError as error:
                say(f"{self.name} could not be started: {error}")
                self._pause()

    def _ended(self, pid: int, code: int, say: Callable[[str], None]) -> None:
        kill_group(pid, signal.SIGKILL)
        self.child = None
        self.on_exit(code)
        if not self.restarts:
            if code:
                say(f"{self.name} was not finished (code {code}). Log: {self.log}")
            elif self.finished:
                say(self.finished)
            return
        if time.monotonic() - self._began > WELL_AFTER_S:
            self._pause_s = FIRST_PAUSE_S
        reason = f"signal {-code}" if code < 0 else f"code {code}"
        say(f"{self.name} ended ({reason}), starting it again in {self._pause_s:.1f} s. Log: {self.log}")
        for line in self.last_lines(3):
            say(f"    {line}")
        self._pause()

    def _pause(self) -> None:
        self._not_before = time.monotonic() + self._pause_s
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)

    def last_lines(self, count: int) -> list[str]:
        with contextlib.suppress(OSError):
            return self.log.read_text(errors="replace").rstrip().splitlines()[-count:]
        return []

    def ask_to_stop(self) -> None:
        if self.child is not None and self.child.poll() is None:
            # Only the process itself: it knows in which order its own children have to end.
            with contextlib.suppress(ProcessLookupError):
                self.child.terminate()

    @property
    def is_running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def kill(self) -> None:
        if self.child is not None:
            kill_group(self.child.pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(2)


def kill_group(leader: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _rotate(log: Path) -> None:
    """Two files of ten megabytes at most; the older one is dropped."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LARGEST_LOG_BYTES:
            log.replace(log.with_name(log.name + ".1"))
