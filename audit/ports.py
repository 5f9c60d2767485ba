"""Ports of the audit app: where log bytes lie."""

from __future__ import annotations

from typing import Protocol


class LogMissing(RuntimeError):
    """Bytes that a chunk row promises are not in the store."""


class LogStore(Protocol):
    """Keeps bytes under a key such as `run/step/fence.log`; knows nothing of what is in them.

    Chunk rows in the database say which bytes exist. A store may hold more behind the last row (a
    writer died between the two); nobody reads that, and the next append writes over it.
    """

    def append(self, key: str, offset: int, data: bytes) -> None:
        """Write at the offset and return only when the bytes survive a power cut. Raises OSError."""

    def read(self, key: str, offset: int, length: int) -> bytes:
        """Exactly `length` bytes from the offset. Raises LogMissing when there are fewer."""
