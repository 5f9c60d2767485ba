"""Finds everything that a supervisor started, children of children too, by a mark in the environment."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

VARIABLE = "PORTCULLIS_SUPERVISOR"


def find(tag: str) -> list[int]:
    """Processes other than this one whose environment carries the mark. Empty where there is no /proc."""
    mark = f"{VARIABLE}={tag}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0") and not _is_dead(folder):
                found.append(int(folder.name))
    return [pid for pid in found if pid != os.getpid()]


def _is_dead(folder: Path) -> bool:
    return (folder / "stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")


def end_all(tag: str, *, patience_s: float) -> None:
    """Asks all of them to end and, after the given time, ends what is left."""
    if not find(tag):
        return
    _send(find(tag), signal.SIGTERM)
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if not find(tag):
            return
        time.sleep(0.1)
    # A few rounds: one that is just being started may slip through the first.
    for _ in range(5):
        _send(find(tag), signal.SIGKILL)
        time.sleep(0.05)


def _send(pids: list[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
