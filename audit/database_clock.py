"""The database's clock, the same for every process; leases and order depend on no other."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, Func


class DatabaseNow(Func):
    """The time of the running statement.

    SQLite keeps times as text and its clock has milliseconds: the three digits are filled up, and
    never with zeros only, because Django leaves out a fraction of zero and texts would not compare.
    """

    template = "STATEMENT_TIMESTAMP()"

    def __init__(self) -> None:
        super().__init__(output_field=DateTimeField())

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        sql, params = super().as_sql(
            compiler,
            connection,
            template="(STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f', 'now') || '001')",
            **extra,
        )
        return sql, params
