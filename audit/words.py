"""Searching the words of events: an index on PostgreSQL, row by row on SQLite."""

from __future__ import annotations

import re
from typing import Any, Final

from django.db.models import BooleanField, Func

SEARCHED: Final = ("actor_name", "on_behalf_of", "action", "resource", "request_id", "data")
MOST_WORDS: Final = 12


def words_of(text: str) -> list[str]:
    """The words asked for, in lower case; each must begin a word of the event."""
    return re.findall(r"\w+", text.lower().replace("_", " "))[:MOST_WORDS]


class Matches(Func):
    """Whether an event has all of these words, in any order. Nothing but marks matches nothing."""

    conditional = True

    def __init__(self, text: str) -> None:
        self.words = words_of(text)
        super().__init__(*SEARCHED, output_field=BooleanField())

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        if not self.words:
            return "FALSE", []
        query = " & ".join(f"'{word}':*" for word in self.words)
        sql, params = super().as_sql(compiler, connection, function="audit_words", **extra)
        return f"({sql} @@ to_tsquery('simple', %s))", [*params, query]

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        if not self.words:
            return "0", []
        joined, params = super().as_sql(
            compiler, connection, template="(%(expressions)s)", arg_joiner=" || ' ' || ", **extra
        )
        every = " AND ".join([f"{joined} LIKE %s"] * len(self.words))
        return f"({every})", [value for word in self.words for value in (*params, f"%{word}%")]
