"""Log bytes in files below one directory."""

from __future__ import annotations

import os
from pathlib import Path

from audit.ports import LogMissing


class FilesystemLogStore:
    """One file for each key; appends are flushed to the disk before they return."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def append(self, key: str, offset: int, data: bytes) -> None:
        path = self._path(key)
        fresh = not path.exists()
        if fresh:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_size < offset:
                raise OSError(f"log {key} has fewer than {offset} bytes; it was cut outside the portal")
            view = memoryview(data)
            while view:
                written = os.pwrite(descriptor, view, offset)
                view, offset = view[written:], offset + written
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)
        if fresh:
            self._sync_folder(path.parent)

    def read(self, key: str, offset: int, length: int) -> bytes:
        try:
            descriptor = os.open(self._path(key), os.O_RDONLY)
        except FileNotFoundError as error:
            raise LogMissing(f"the log file {key} is not there") from error
        try:
            data = os.pread(descriptor, length, offset)
            while len(data) < length:
                more = os.pread(descriptor, length - len(data), offset + len(data))
                if not more:
                    raise LogMissing(f"the log file {key} ends at byte {offset + len(data)}")
                data += more
            return data
        finally:
            os.close(descriptor)

    def _path(self, key: str) -> Path:
        path = self.root.joinpath(*key.split("/"))
        if ".." in path.parts or not path.is_relative_to(self.root):
            raise ValueError(f"log key {key!r} leaves the store")
        return path

    @staticmethod
    def _sync_folder(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
