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
FIRST_ID: Final = "00000000-0000-0000-0000-000000000000"

_SCOPE, _KIND, _RESOURCE = (FIELDS.index(name) for name in ("scope", "kind", "resource"))
_TIMES: Final = tuple(FIELDS.index(name) for name in ("at", "recorded_at", "shown_at"))
# As `record.instant` writes a time; to_json writes ISO 8601 whatever DateStyle says.
_TIME: Final = """btrim(to_json(e."{0}" AT TIME ZONE 'UTC')::text, '"') || 'Z'"""
_TEXTS: Final = {
    **{name: f"({_TIME.format(name)})" for name in ("at", "recorded_at", "shown_at")},
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
    events: QuerySet[AuditEvent] | None = None, *, upto: int | None = None, by_id: bool = False
) -> Iterator[list[SealedRow]]:
    """Blocks of sealed rows; all leaves, or those of the given events up to a seq.

    In order of the log, or of the events' ids, which is the order in which they were made.
    """
    source, params, join = '"audit_auditevent"', [], "LEFT JOIN"
    if events is not None:
        try:
            sql, given = events.order_by().values_list(*COLUMNS).query.sql_with_params()
        except EmptyResultSet:  # no scope, no rows
            return
        source, params, join = f"({sql})", list(given), "JOIN"
    columns = ", ".join(map(text_sql if connection.vendor == "postgresql" else _column, COLUMNS))
    limit = "" if upto is None else " AND l.seq <= %s"
    key, place = ("l.event_id", 2) if by_id else ("l.seq", 0)
    statement = (
        f"SELECT l.seq, l.leaf, l.event_id, {columns} FROM audit_auditleaf l {join} {source} e"  # noqa: S608 (our own column names; values are parameters)
        f" ON e.id = l.event_id WHERE {key} > %s{limit} ORDER BY {key} LIMIT {BLOCK_ROWS}"
    )
    after: Any = FIRST_ID if by_id else 0
    row_of = _from_sqlite if connection.vendor == "sqlite" else _from_postgresql
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [*params, after, *([] if upto is None else [upto])])
            rows = cursor.fetchall()
        if rows:
            yield [row_of(row) for row in rows]
            after = rows[-1][place]
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
            texts[index] = f"{date}T{clock.rstrip('0') if '.' in clock else clock}Z"
    return SealedRow(row[0], _dashed(row[2]), bytes(row[1]), texts, tuple(row[3 + len(FIELDS) :]))


def _dashed(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
