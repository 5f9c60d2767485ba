"""What a look at everything we depend on found, told to all who ask within a moment.

Anybody may ask whether the portal is ready, and looking is dear: it writes, and asks the worker.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from functools import cache

from portal.health import Check, look

LATELY_S = 1.0


class Lately:
    """Looks for all who ask within a moment, once; who comes meanwhile is told what was found before."""

    def __init__(self, checks: tuple[Callable[[], None], ...]) -> None:
        self._checks = checks
        self._lock = threading.Lock()
        self._found: list[Check] = []
        self._at = -math.inf

    def look(self) -> list[Check]:
        known = self._found
        if known and self._is_fresh():
            return known
        # Only at the start is there nothing to tell, and everybody waits for the first look.
        if not self._lock.acquire(blocking=not known):
            return known
        try:
            if not self._is_fresh():
                self._found, self._at = look(self._checks), time.monotonic()
            return self._found
        finally:
            self._lock.release()

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._at < LATELY_S


@cache
def of(checks: tuple[Callable[[], None], ...]) -> Lately:
    return Lately(checks)
