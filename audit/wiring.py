"""Which adapter stands behind the audit app's ports."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from audit.logstores.filesystem import FilesystemLogStore
from audit.ports import LogStore


def log_store() -> LogStore:
    """The log store of this installation."""
    return FilesystemLogStore(Path(settings.LOG_STORE_DIR))
