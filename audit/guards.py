"""Are the guards of the trail in place? Start-up checks and /readyz ask here."""

from __future__ import annotations

from typing import Final

from django.db import connection

_TABLES: Final = ("audit_auditevent", "audit_auditleaf", "audit_checkpoint", "audit_audittile")
POSTGRESQL: Final = frozenset(
    {
        f"{table}_frozen"
        for table in (*_TABLES, "audit_executionevent", "audit_logchunk", "audit_auditpending")
    }
    | {f"{table}_whole" for table in (*_TABLES, "audit_auditpending")}
    | {"audit_auditpending_sealed", "audit_execution_state"}
)
SQLITE: Final = frozenset(
    {f"{table}_frozen_{verb}" for table in _TABLES for verb in ("update", "delete", "replace")}
    | {"audit_executionevent_frozen_update", "audit_logchunk_frozen_update"}
    | {"audit_auditpending_frozen_update", "audit_auditpending_sealed", "audit_execution_state"}
)


def missing_triggers() -> list[str]:
    """Names of append-only triggers that are absent or switched off; empty when all stand."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = SQLITE
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
            wanted = POSTGRESQL
        found = {str(name) for (name,) in cursor.fetchall()}
    return sorted(wanted - found)


def may_tamper() -> bool:
    """Whether the product's own database role could change facts once the triggers are gone.

    True on SQLite and when the product connects as the tables' owner: "triggers only".
    """
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE')"
            " OR pg_has_role(relowner, 'MEMBER')) FROM pg_class WHERE relname = ANY(%s)",
            [list(_TABLES)],
        )
        row = cursor.fetchone()
    return bool(row is None or row[0])


def grants_for(role: str) -> list[str]:
    """The SQL by which the owner gives the product's role what it needs on audit tables, and no more."""
    name = connection.ops.quote_name(role)
    insert_only = ", ".join((*_TABLES, "audit_executionevent"))
    rows = "audit_auditpending, audit_logchunk"
    return [
        f"REVOKE ALL ON {insert_only}, {rows} FROM {name}",
        f"GRANT SELECT, INSERT ON {insert_only} TO {name}",
        f"GRANT SELECT, INSERT, DELETE ON {rows} TO {name}",
        f"GRANT SELECT, INSERT, UPDATE ON audit_execution, audit_steprun TO {name}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}",
    ]
