"""How many drafts are worked on at a time in one process: drafts never take every thread of the web server."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from governance.errors import Busy

# Of the sixteen threads a web process has: checks that follow what is typed, and all answers about drafts.
MOST_TYPING = 3
MOST_ANSWERS = 2
PATIENCE_S = 1.5


class Turns:
    """Turns for whoever works on drafts: a few in all, fewer a person."""

    def __init__(self, most: int, of_one: int = 1, patience_s: float = PATIENCE_S) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._of_one = of_one
        self._patience_s = patience_s
        self._lock = threading.Condition()
        self._having: Counter[str] = Counter()

    @contextmanager
    def turn(self, person: str, *, until: float | None = None) -> Iterator[None]:
        """Have a turn. Raises Busy when none comes free in time, at the latest `until` (of time.monotonic)."""
        ends = time.monotonic() + self._patience_s
        ends = ends if until is None else min(ends, until)
        with self._lock:
            if not self._lock.wait_for(lambda: self._having[person] < self._of_one, _left_s(ends)):
                raise Busy("Not yet: your last check is still being made. Try again in a moment.")
            self._having[person] += 1
        try:
            if not self._free.acquire(timeout=_left_s(ends)):
                raise Busy
            try:
                yield
            finally:
                self._free.release()
        finally:
            with self._lock:
                self._having[person] -= 1
                if not self._having[person]:
                    del self._having[person]
                self._lock.notify_all()


def _left_s(ends: float) -> float:
    return max(0.0, ends - time.monotonic())


TURNS = Turns(MOST_TYPING)
ANSWERS = Turns(MOST_ANSWERS, of_one=2)
