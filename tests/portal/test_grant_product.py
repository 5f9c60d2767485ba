"""The product's database role reads and adds to the trail; everything else in it stays the owner's."""

from __future__ import annotations

import secrets

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
needs_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")


@pytest.fixture
def role() -> str:
    """A new role; the transaction around the test takes it away again."""
    name = f"product_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {name}")
    call_command("grant_product", name, verbosity=0)
    return name


def may(role: str, privilege: str, table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, privilege])
        return bool(cursor.fetchone()[0])


@needs_postgresql
@pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditleaf", "audit_checkpoint"])
def test_the_trail_can_be_read_and_added_to_and_not_changed(role: str, table: str) -> None:
    assert may(role, "SELECT", table)
    assert may(role, "INSERT", table)
    assert not may(role, "UPDATE", table)
    assert not may(role, "DELETE", table)
    assert not may(role, "TRUNCATE", table)


@needs_postgresql
def test_definitions_can_be_written_and_migrations_cannot(role: str) -> None:
    assert may(role, "UPDATE", "templates_catalog_pipeline")
    assert may(role, "SELECT", "django_migrations")
    assert not may(role, "INSERT", "django_migrations")


@needs_postgresql
def test_the_owner_cannot_be_kept_from_anything() -> None:
    with pytest.raises(CommandError, match="owns the tables"):
        call_command("grant_product", connection.settings_dict["USER"])
