"""Ids that sort by the time at which they were made (UUID version 7)."""

from __future__ import annotations

import secrets
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def new_id() -> uuid.UUID:
    """A random UUID whose first 60 bits are the time, in steps of 1/4096 ms, growing in each process.

    Events of one millisecond so keep their order on pages, and inserts stay at one end of the index.
    """
    global _last
    with _lock:
        _last = max(time.time_ns() * 4096 // 1_000_000, _last + 1)
        ticks = _last
    milliseconds, fraction = ticks >> 12, ticks & 0xFFF
    value = milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)
