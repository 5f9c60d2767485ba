"""Put each bundle into a folder that something else serves (object storage, a web server of its own)."""

from __future__ import annotations

import os
from pathlib import Path

from governance.ports import PublishFailed


class Directory:
    """Writes `portal.tar.gz` whole or not at all, and keeps each revision beside it."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)

    def publish(self, revision: str, archive: bytes) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name in (f"{revision}.tar.gz", "portal.tar.gz"):
                self._write(self._folder / name, archive)
        except OSError as error:
            permanent = isinstance(error, PermissionError | NotADirectoryError)
            raise PublishFailed(f"{self._folder}: {error.strerror}", permanent=permanent) from error

    def _write(self, target: Path, archive: bytes) -> None:
        half = target.with_name(f".{target.name}.{os.getpid()}")
        with half.open("wb") as handle:
            handle.write(archive)
            handle.flush()
            os.fsync(handle.fileno())
        half.replace(target)
