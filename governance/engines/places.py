"""Places for limited processes: one fewer at a time than the machine has processors, counted over the whole portal.

A place is a locked file, so whoever dies gives it back. Drafts and bulk work have places of their own: an impact
over ten thousand documents does not keep people from trying a draft, and the other way round.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from governance.errors import Busy

ASK_AGAIN_S = 0.02


def processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def for_drafts() -> int:
    """One processor stays with those who look at pages and save."""
    return max(1, processors() - 1)


@dataclass
class _Kind:
    """The places of one kind: those of this process, and the files that all processes of a portal share."""

    name: str
    number: int
    here: threading.BoundedSemaphore = field(init=False)

    def __post_init__(self) -> None:
        self.here = threading.BoundedSemaphore(self.number)


_DRAFTS = _Kind("drafts", for_drafts())
_BULK = _Kind("bulk", processors())
_folder: list[Path] = []


def share(folder: Path) -> None:
    """From now on count together with all processes that share the same folder; it is made when it is needed."""
    _folder[:] = [folder]


@contextmanager
def place(*, bulk: bool = False, until: float) -> Iterator[None]:
    """Hold a place; raises Busy when none came free before `until` (of time.monotonic)."""
    kind = _BULK if bulk else _DRAFTS
    if not kind.here.acquire(timeout=max(0.0, until - time.monotonic())):
        raise Busy
    try:
        with ExitStack() as held:
            if _folder:
                held.enter_context(_file(kind, _folder[0], until))
            yield
    finally:
        kind.here.release()


@contextmanager
def _file(kind: _Kind, folder: Path, until: float) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        for number in range(kind.number):
            handle = os.open(folder / f"{kind.name}-{number}", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                continue
            try:
                yield
            finally:
                os.close(handle)
            return
        if time.monotonic() > until:
            raise Busy
        time.sleep(ASK_AGAIN_S)
