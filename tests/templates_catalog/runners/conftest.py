"""Runs in a database of their own: they commit, use threads, and write to append-only tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from audit import executions, logs
from audit.logstores.memory import MemoryLogStore
from tests import people
from tests.audit.conftest import own_database

__all__ = ["own_database"]


@pytest.fixture
def cast(own_database: None) -> SimpleNamespace:
    return people.move_in()


@pytest.fixture
def store() -> MemoryLogStore:
    return MemoryLogStore()


@pytest.fixture
def queue(cast: SimpleNamespace) -> Callable[..., str]:
    """Queue a run of these stages as dana; its id."""

    def _queue(*stages: dict[str, Any], by: str = "dana", **body: Any) -> str:
        user = getattr(cast, by)
        document = {"identifier": "ship", "name": "Ship", "stages": list(stages), **body}
        with transaction.atomic():
            made = executions.create(
                scope=people.PROJECT, pipeline="ship", version="1", plan={"pipeline": document},
                requested_by=str(user.pk), requested_name=user.username, channel="ui",
            )  # fmt: skip
        return made.id

    return _queue


@pytest.fixture
def statuses() -> Callable[[str], dict[str, str]]:
    """Path → status of every step of a run that was reached."""
    return lambda run: {row.path: row.status for row in executions.steps(run)}


@pytest.fixture
def said(store: MemoryLogStore) -> Callable[[str, str], str]:
    """The whole log of one step as text."""
    return lambda run, step: logs.read(store, run, step, limit=10_000_000).data.decode()


@pytest.fixture
def repositories(tmp_path: Path, settings: Any) -> Iterator[Path]:
    folder = tmp_path / "repositories"
    settings.GIT_ALLOWED_PATHS = [folder]
    return folder
