"""The product's own role can add to the trail and do everything it must, and change nothing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit import executions, guards, logs
from audit.keys import SigningKey
from audit.logstores.memory import MemoryLogStore
from audit.models import AuditEvent
from audit.seal import seal_once
from tests.audit.test_executions import running

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles"),
]
ROLE = "portal_product_test"


@pytest.fixture
def product(own_database: None) -> Iterator[None]:
    """Everything in the test happens as the product's role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {ROLE}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {ROLE}")
        for statement in guards.grants_for(ROLE):
            cursor.execute(statement)
        cursor.execute(f"SET ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"DROP OWNED BY {ROLE}")
        cursor.execute(f"DROP ROLE {ROLE}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET actor_name = 'eve'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
        "UPDATE audit_auditleaf SET leaf = leaf",
        "DELETE FROM audit_checkpoint",
        "UPDATE audit_audittile SET root = root",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_auditevent_frozen ON audit_auditevent",
        "DROP TABLE audit_auditevent",
        "CREATE TRIGGER x BEFORE INSERT ON audit_auditevent FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        "SET session_replication_role = replica",
        "COPY audit_auditevent TO PROGRAM 'true'",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "DELETE FROM audit_execution",
    ],
)
def test_tampering_is_refused(product: None, say: Callable[..., Any], statement: str) -> None:
    say()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().actor_name == "dana"


def test_everything_the_product_must_do_still_works(
    product: None, say: Callable[..., Any], key: SigningKey, witness: Path
) -> None:
    assert not guards.may_tamper()
    say()
    lease = running()
    store = MemoryLogStore()
    writer = logs.LogWriter(store, lease, "build")
    writer.write("stdout", b"hello\n")
    writer.close()
    executions.step(lease, "build", status="succeeded")
    executions.finish(lease, "succeeded")
    assert executions.sweep() == []
    assert seal_once(key, witness).events == AuditEvent.objects.count()


def test_the_owner_is_told_that_triggers_are_all_there_is(own_database: None) -> None:
    assert guards.may_tamper()
