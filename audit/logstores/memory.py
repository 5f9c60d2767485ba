"""Log bytes in memory, for tests and for looking at what a port must do."""

from __future__ import annotations

from audit.ports import LogMissing


class MemoryLogStore:
    """Keeps everything until it is thrown away itself."""

    def __init__(self) -> None:
        self.kept: dict[str, bytearray] = {}

    def append(self, key: str, offset: int, data: bytes) -> None:
        log = self.kept.setdefault(key, bytearray())
        if len(log) < offset:
            raise OSError(f"log {key} has fewer than {offset} bytes")
        log[offset : offset + len(data)] = data

    def read(self, key: str, offset: int, length: int) -> bytes:
        data = bytes(self.kept.get(key, b"")[offset : offset + length])
        if key not in self.kept or len(data) < length:
            raise LogMissing(f"log {key} ends at byte {offset + len(data)}")
        return data
