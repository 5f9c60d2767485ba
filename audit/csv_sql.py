"""The CSV export as one COPY of PostgreSQL: leaf check, formula guard and quoting in the database.

The bytes are the same as those of the portable path in `export`; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from audit.models import AuditEvent
from audit.sealed_rows import text_sql
from audit.verify import FIELDS, GIVEN

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
ADDED: Final = FIELDS[len(GIVEN) :]
CSV_COLUMNS: Final = ("seq", *_FIRST, *(name for name in FIELDS if name not in _FIRST), "leaf", "seal")

# A cell that begins with one of these is a formula to some spreadsheet; an apostrophe goes before it.
FORMULA_STARTS: Final = "=+-@\t\r\n\0＝＋－＠"
# Cells whose first character somebody outside may choose. The others begin with a digit, a letter or a
# brace because `record` sees to it.
GUARDED: Final = frozenset(
    {
        "actor_id", "actor_name", "on_behalf_of", "channel", "kind", "resource", "scope", "evaluation",
        "request_id", "ip",
    }
)  # fmt: skip


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
        block = bytearray()
        for row in copy:
            block += row
            if len(block) >= block_bytes:
                yield bytes(block)
                block.clear()
        if block:
            yield bytes(block)


def copy_statement(events: QuerySet[AuditEvent], upto: int) -> tuple[str, list[object]]:
    """COPY of exactly these events up to a seq, with its parameters.

    In order of ids, which the indexes of both tables give without sorting a million wide rows. Nothing
    is computed in a subquery: that costs more than computing the three times twice.
    """
    inner, params = events.order_by().values_list(*FIELDS).query.sql_with_params()
    starts = ", ".join(str(ord(sign)) for sign in FORMULA_STARTS if sign != "\0")

    def cell(name: str) -> str:
        text = text_sql(name)
        if name not in GUARDED:
            return text
        return f"CASE WHEN ascii({text}) IN ({starts}) THEN '''' || {text} ELSE {text} END"

    leaf = (
        f"sha256(decode('00', 'hex') || convert_to({canonical_sql(GIVEN)} || {canonical_sql(ADDED)}, 'UTF8'))"
    )
    sql = (
        f"COPY (SELECT l.seq, {', '.join(map(cell, CSV_COLUMNS[1:-2]))}, encode(l.leaf, 'hex'),"  # noqa: S608 (our own column names; values are parameters)
        f" CASE WHEN l.leaf = {leaf} THEN 'intact' ELSE 'altered' END"
        f" FROM ({inner}) e JOIN audit_auditleaf l ON l.event_id = e.id"
        " WHERE l.seq <= %s ORDER BY l.event_id) TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *)"
    )
    return sql, [*params, upto]


def canonical_sql(names: Sequence[str]) -> str:
    """`verify.canonical` in SQL."""
    # Lengths first and then one concat: half the time of a chain of all.
    lengths = " || ':' || ".join(f"octet_length({text_sql(name)})::text" for name in names)
    return f"{lengths} || ';' || concat({', '.join(map(text_sql, names))})"
