"""`manage.py grant_product`: the owner of the tables gives the product's role what it needs, and no more."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from audit import guards


class Command(BaseCommand):
    help = (
        "Run as DATABASE_OWNER_URL after migrations: the product's role may read and write everything"
        " but the trail, which it may only read and add to. Safe to run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the database role in DATABASE_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        role: str = options["role"]
        if connection.vendor != "postgresql":
            raise CommandError("only PostgreSQL has roles; SQLite is for trying out")
        if role == settings.DATABASES["default"]["USER"]:
            raise CommandError(
                f"{role} owns the tables, so nothing can be kept from it; give the product another role"
            )
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in _statements(role):
                cursor.execute(statement)
        self.stdout.write(f"{role} may add to the trail and change nothing in it.")


def _statements(role: str) -> list[str]:
    name = connection.ops.quote_name(role)
    others = [
        connection.ops.quote_name(table)
        for table in connection.introspection.table_names()
        if not table.startswith("audit_")
    ]
    return [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(others)} TO {name}",
        # What of migrations it may know is which ran.
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}",
        *guards.grants_for(role),
    ]
