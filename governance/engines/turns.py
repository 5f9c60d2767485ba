"""How many drafts are worked on at a time in one process: typing never takes every thread of the web server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Of the sixteen threads a web process has. Each turn may start one process of OPA after another.
MOST_AT_A_TIME = 3
PATIENCE_S = 1.5


class Busy(Exception):
    """Others have every turn, or the same person has one already; ask again in a moment."""


class Turns:
    """Turns for whoever tries drafts: a few in all, one a person."""

    def __init__(self, most: int = MOST_AT_A_TIME, patience_s: float = PATIENCE_S) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._patience_s = patience_s
        self._lock = threading.Condition()
        self._having: set[str] = set()

    @contextmanager
    def turn(self, person: str) -> Iterator[None]:
        """Have a turn. Raises Busy when none comes free in time."""
        with self._lock:
            if not self._lock.wait_for(lambda: person not in self._having, self._patience_s):
                raise Busy("your last check is still being made")
            self._having.add(person)
        try:
            if not self._free.acquire(timeout=self._patience_s):
                raise Busy("many drafts are being checked just now")
            try:
                yield
            finally:
                self._free.release()
        finally:
            with self._lock:
                self._having.discard(person)
                self._lock.notify_all()


TURNS = Turns()
