"""The CSV export as one COPY of PostgreSQL: leaf check, formula guard and quoting in the database.

The bytes are the same as those of the portable path in `export`; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from audit.models import AuditEvent
from audit.sealed_rows import text_sql
from audit.verify import FIELDS

# What people look for first stands first; then everything that is hashed.
_FIRST: Final = (
    "shown_at",
    "actor_name",
    "action",
    "outcome",
    "resource",
    "scope",
    "channel",
    "ai_generated",
)
CSV_COLUMNS: Final = ("seq", *_FIRST, *(name for name in FIELDS if name not in _FIRST), "leaf", "seal")

# A cell that begins with one of these is a formula to some spreadsheet; an apostrophe goes before it.
FORMULA_STARTS: Final = "=+-@\t\r\n\0＝＋－＠"
# Cells in which somebody outside can put the first character. Times, digests, UUIDs and JSON texts
# begin with a digit, a letter or a brace.
GUARDED: Final = frozenset(FIELDS) - {
    "id",
    "at",
    "recorded_at",
    "shown_at",
    "ai_generated",
    "clock",
    "digest",
}


def copy_rows(events: QuerySet[AuditEvent], upto: int, block_bytes: int) -> Iterator[bytes]:
    """The CSV rows of these events in order of seq, in blocks of whole rows."""
    try:
        sql, params = copy_statement(events, upto)
    except EmptyResultSet:  # no scope, no rows
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # Compiling the long expressions costs more than it saves below some millions of rows.
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        yield from _blocks(cursor, sql, params, block_bytes)


def _blocks(cursor: Any, sql: str, params: list[object], block_bytes: int) -> Iterator[bytes]:
    with cursor.cursor.copy(sql, params) as copy:
        block: list[bytes] = []
        size = 0
        for row in copy:
            piece = bytes(row)
            block.append(piece)
            size += len(piece)
            if size >= block_bytes:
                yield b"".join(block)
                block, size = [], 0
        if block:
            yield b"".join(block)


def copy_statement(events: QuerySet[AuditEvent], upto: int) -> tuple[str, list[object]]:
    """COPY of exactly these events up to a seq, with its parameters."""
    inner, params = events.order_by().values_list(*FIELDS).query.sql_with_params()
    texts = ", ".join(f'{text_sql(name)} AS "{name}"' for name in FIELDS)
    hashed = ", ".join(f"octet_length(\"{name}\"), ':', \"{name}\", ','" for name in FIELDS)
    leaf = f"sha256(decode('00', 'hex') || convert_to(concat({hashed}), 'UTF8'))"
    starts = ", ".join(str(ord(sign)) for sign in FORMULA_STARTS if sign != "\0")

    def cell(name: str) -> str:
        if name not in GUARDED:
            return f'"{name}"'
        return f"""CASE WHEN ascii("{name}") IN ({starts}) THEN '''' || "{name}" ELSE "{name}" END"""

    cells = ", ".join(cell(name) for name in CSV_COLUMNS[1:-2])
    # OFFSET 0 keeps the texts from being computed once for the hash and once for the cell.
    sql = (
        f"COPY (SELECT seq, {cells}, encode(leaf, 'hex'),"  # noqa: S608 (our own column names; values are parameters)
        f" CASE WHEN leaf = {leaf} THEN 'intact' ELSE 'altered' END"
        f" FROM (SELECT l.seq, l.leaf, {texts} FROM ({inner}) e JOIN audit_auditleaf l ON l.event_id = e.id"
        " WHERE l.seq <= %s ORDER BY l.seq OFFSET 0) sealed) TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *)"
    )
    return sql, [*params, upto]
