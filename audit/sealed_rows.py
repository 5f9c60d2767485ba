"""Sealed events as plain texts, in order of the log, thousands at a time; models would cost ten times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from audit.models import AuditEvent
from audit.record import scope_columns
from audit.verify import FIELDS, leaf_and_digest

DERIVED: Final = ("account", "organization", "project")
COLUMNS: Final = (*FIELDS, *DERIVED)
BLOCK_ROWS: Final = 5_000

_SCOPE, _KIND, _RESOURCE = (FIELDS.index(name) for name in ("scope", "kind", "resource"))
_TIMES: Final = tuple(FIELDS.index(name) for name in ("at", "recorded_at", "shown_at"))
_TIME: Final = """to_char(e."{0}" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_TEXTS: Final = {
    **{name: _TIME.format(name) for name in ("at", "recorded_at", "shown_at")},
    "id": 'e."id"::text',
    "ai_generated": 'e."ai_generated"::text',
}
_ID, _AI = FIELDS.index("id"), FIELDS.index("ai_generated")


class SealedRow(NamedTuple):
    """One leaf with its event: `texts` in the order of FIELDS, None when the event is gone."""

    seq: int
    event_id: str
    leaf: bytes
    texts: Sequence[str] | None
    derived: tuple[str, ...]

    def problem(self) -> str:
        """Empty when the stored event is what was sealed."""
        if self.texts is None:
            return "was deleted; only its leaf is left"
        leaf, digest = leaf_and_digest(self.texts)
        if leaf != self.leaf:
            return "was changed after it was sealed"
        if digest != self.texts[-1]:
            return "has a digest that is not its own"
        scope, kind, resource = self.texts[_SCOPE], self.texts[_KIND], self.texts[_RESOURCE]
        if self.derived != scope_columns(scope) or kind != resource.partition(":")[0]:
            return "is filed under a scope or kind that is not its own"
        return ""


def sealed_rows(
    events: QuerySet[AuditEvent] | None = None, *, upto: int | None = None
) -> Iterator[list[SealedRow]]:
    """Blocks of sealed rows in order of seq; all leaves, or those of the given events up to a seq."""
    source, params, join = '"audit_auditevent"', [], "LEFT JOIN"
    if events is not None:
        try:
            sql, given = events.order_by().values_list(*COLUMNS).query.sql_with_params()
        except EmptyResultSet:  # no scope, no rows
            return
        source, params, join = f"({sql})", list(given), "JOIN"
    columns = ", ".join(map(text_sql if connection.vendor == "postgresql" else _column, COLUMNS))
    limit = "" if upto is None else " AND l.seq <= %s"
    statement = (
        f"SELECT l.seq, l.leaf, l.event_id, {columns} FROM audit_auditleaf l {join} {source} e"  # noqa: S608 (our own column names; values are parameters)
        f" ON e.id = l.event_id WHERE l.seq > %s{limit} ORDER BY l.seq LIMIT {BLOCK_ROWS}"
    )
    after, row_of = 0, _from_sqlite if connection.vendor == "sqlite" else _from_postgresql
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [*params, after, *([] if upto is None else [upto])])
            rows = cursor.fetchall()
        if rows:
            yield [row_of(row) for row in rows]
            after = rows[-1][0]
        if len(rows) < BLOCK_ROWS:
            return


def text_sql(name: str) -> str:
    """PostgreSQL's expression for the text of a column of `e` that is hashed."""
    return _TEXTS.get(name, f'e."{name}"')


def _column(name: str) -> str:
    return f'e."{name}"'


def _from_postgresql(row: Sequence[Any]) -> SealedRow:
    texts = None if row[3] is None else row[3 : 3 + len(FIELDS)]
    return SealedRow(row[0], str(row[2]), bytes(row[1]), texts, tuple(row[3 + len(FIELDS) :]))


def _from_sqlite(row: Sequence[Any]) -> SealedRow:
    """SQLite gives texts and numbers: bring them into the form in which they were hashed."""
    texts: list[str] | None = None
    if row[3] is not None:
        texts = [str(value) for value in row[3 : 3 + len(FIELDS)]]
        texts[_ID] = _dashed(texts[_ID])
        texts[_AI] = {"1": "true", "True": "true", "0": "false", "False": "false"}.get(texts[_AI], texts[_AI])
        for index in _TIMES:
            date, _, clock = texts[index].partition(" ")
            seconds, _, fraction = clock.partition(".")
            texts[index] = f"{date}T{seconds}.{fraction:0<6}Z"
    return SealedRow(row[0], _dashed(row[2]), bytes(row[1]), texts, tuple(row[3 + len(FIELDS) :]))


def _dashed(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
