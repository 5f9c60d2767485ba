"""What tests of the trail share: a key, a witness, some facts, and a database of their own."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from audit.keys import SigningKey, signing_key
from audit.record import record
from audit.seal import seal_once

DEMO_SCOPE = "halden/freight/tracking"


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return signing_key(tmp_path / "keys" / "audit.pem", create=True)


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    return tmp_path / "witness" / "checkpoints.txt"


@pytest.fixture
def say() -> Callable[..., Any]:
    """Record one event; every field has a value that a test may replace."""

    def _say(**fields: Any) -> Any:
        values: dict[str, Any] = {
            "action": "pipeline.save",
            "outcome": "admitted",
            "resource": f"pipeline:{DEMO_SCOPE}/ship",
            "scope": DEMO_SCOPE,
            "actor_id": "u-dana",
            "actor_name": "dana",
            "channel": "ui",
        }
        with transaction.atomic():
            return record(**{**values, **fields})

    return _say


@pytest.fixture
def sealed(key: SigningKey, witness: Path) -> Callable[..., int]:
    """Seal everything that waits; the size of the log afterwards."""

    def _sealed(batch: int = 1000) -> int:
        while True:
            done = seal_once(key, witness, batch=batch)
            if done.events < batch:
                return done.size

    return _sealed


@pytest.fixture
def own_database(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[Callable[[], None]]:
    """A copy of the migrated test database, for tests that commit, use threads or tamper.

    Append-only tables cannot be flushed, so nothing is cleaned up: the copy is thrown away.
    """
    with django_db_blocker.unblock():
        old_name, old_connection = connection.settings_dict["NAME"], None
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            copy = tmp_path / "own.sqlite3"
            with sqlite3.connect(copy) as target:
                connection.connection.backup(target)
            target.close()
            old_connection, connection.connection = connection.connection, None
            connection.settings_dict["NAME"] = str(copy)
        else:
            copy_name = f"own_{uuid.uuid4().hex[:12]}"
            connection.close()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'CREATE DATABASE {copy_name} TEMPLATE "{old_name}"')
            connection.settings_dict["NAME"] = copy_name
        try:
            yield
        finally:
            connection.close()
            used, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], old_name
            if connection.vendor == "sqlite":
                connection.connection = old_connection
            else:
                with connection._nodb_cursor() as cursor:
                    cursor.execute(f"DROP DATABASE {used} WITH (FORCE)")


def as_owner(*statements: str) -> None:
    """What somebody with the owner's password can do: take the guards off, then write."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            for table in (
                "audit_auditevent", "audit_auditleaf", "audit_checkpoint", "audit_auditpending",
                "audit_logchunk", "audit_execution",
            ):  # fmt: skip
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            cursor.execute(statement)
