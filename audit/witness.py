"""The witness: a file outside the database that remembers every checkpoint it was told."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final

from audit.verify import Note, parse_note, read_notes

SEPARATOR: Final = "\n\n"
# A note is about 300 bytes; the last one is found in the file's tail without reading it all.
TAIL_BYTES: Final = 8 * 1024


class Witness:
    """Appends signed checkpoints to one file, each flushed to the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def last(self) -> Note | None:
        """The newest whole checkpoint, None when there is none. Raises ValueError if it is not one."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(file.seek(0, os.SEEK_END) - TAIL_BYTES, 0))
                tail = file.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return None
        whole, ended, _torn = tail.rpartition("\n" + SEPARATOR)
        if not ended:
            return None
        return parse_note(whole.rpartition("\n" + SEPARATOR)[2] + "\n")

    def append(self, note: str) -> None:
        """Add one checkpoint and wait until it is on the disk; a half-written last one is cut first.

        What the file already knows is not written again: two sealers may both try to catch up.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = not self.path.exists()
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            newest = self.last()
            if newest is not None and newest.size >= parse_note(note).size:
                return
            file.seek(self._whole_length(file.seek(0, os.SEEK_END)))
            file.truncate()
            file.write((note + SEPARATOR).encode())
            file.flush()
            os.fsync(file.fileno())
        if fresh:
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def notes(self) -> list[Note]:
        """Every checkpoint, oldest first; a half-written last one is left out."""
        try:
            text = self.path.read_text("utf-8")
        except FileNotFoundError:
            return []
        whole, ended, _torn = text.rpartition("\n" + SEPARATOR)
        return read_notes(whole + ended) if ended else []

    def _whole_length(self, size: int) -> int:
        with self.path.open("rb") as file:
            start = max(size - TAIL_BYTES, 0)
            file.seek(start)
            tail = file.read()
        end = tail.rfind(("\n" + SEPARATOR).encode())
        return 0 if end < 0 and start == 0 else (size if end < 0 else start + end + 3)
