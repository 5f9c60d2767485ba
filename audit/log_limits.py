"""Limits of one step's log: no line longer than 64 kB, no run larger than its cap; cuts are stated."""

from __future__ import annotations

from typing import Final

LONGEST_LINE: Final = 64 * 1024
MOST_RUN_BYTES: Final = 100 * 1024 * 1024


class LineLimit:
    """Cuts lines of one stream that are too long, and says so at the end of each."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self.longest = longest
        self._length = 0
        self._cut = 0

    def feed(self, data: bytes) -> bytes:
        if self._length + len(data) <= self.longest and not self._cut:
            # The usual case: nothing in here can be too long.
            newline = data.rfind(b"\n")
            self._length = self._length + len(data) if newline < 0 else len(data) - newline - 1
            return data
        return b"".join(self._line(line) for line in data.splitlines(keepends=True))

    def end(self) -> bytes:
        said = self._say() if self._cut else b""
        self._length = self._cut = 0
        return said

    def _line(self, line: bytes) -> bytes:
        ended = line.endswith(b"\n")
        text = line[:-1] if ended else line
        room = max(self.longest - self._length, 0)
        kept = text[:room]
        self._length += len(kept)
        self._cut += len(text) - len(kept)
        if not ended:
            return kept
        said = self._say() if self._cut else b""
        self._length = self._cut = 0
        return kept + said + b"\n"

    def _say(self) -> bytes:
        return f" [{self._cut} bytes of this line cut]".encode()


class ByteCap:
    """Lets at most so many bytes pass; counts what it dropped."""

    def __init__(self, room: int) -> None:
        self.room = max(room, 0)
        self.dropped = 0

    def feed(self, data: bytes) -> bytes:
        kept = data[: self.room]
        self.room -= len(kept)
        self.dropped += len(data) - len(kept)
        return kept
