"""A circuit breaker: an engine that is down costs one deadline, not one per request."""

from __future__ import annotations

import threading
import time


class Breaker:
    """Opens after `failures` in a row; then one caller per `probe_s` may try, the others are told why."""

    def __init__(self, *, failures: int = 5, probe_s: float = 2.0) -> None:
        self._limit = failures
        self._probe_s = probe_s
        self._lock = threading.Lock()
        self._failed = 0
        self._probe_at = 0.0
        self._why = ""

    def refusal(self) -> str:
        """ "" when a call may be made, else why the last one failed."""
        with self._lock:
            if self._failed < self._limit:
                return ""
            now = time.monotonic()
            if now >= self._probe_at:
                self._probe_at = now + self._probe_s
                return ""
            return self._why

    def succeeded(self) -> None:
        with self._lock:
            self._failed, self._why = 0, ""

    def failed(self, why: str) -> None:
        with self._lock:
            self._failed += 1
            self._why = why
            if self._failed == self._limit:
                self._probe_at = time.monotonic() + self._probe_s
