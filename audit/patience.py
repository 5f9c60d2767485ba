"""No search may hold a database longer than a person waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connection, transaction

from audit.filters import FilterError

SEARCH_S: Final = 5.0
# How many steps SQLite's machine makes between two looks at the clock: some milliseconds.
_STEPS: Final = 50_000


class TooSlow(FilterError):
    """The search was given up."""


@contextmanager
def bounded(seconds: float = SEARCH_S) -> Iterator[None]:
    """Give up what the database does in here after so many seconds for each question: TooSlow."""
    try:
        with _postgresql(seconds) if connection.vendor == "postgresql" else _sqlite(seconds):
            yield
    except OperationalError as error:
        if "statement timeout" not in str(error) and "interrupted" not in str(error):
            raise
        raise TooSlow(
            f"this search takes longer than {seconds:g} s; narrow it, for example by time, kind or scope"
        ) from error


@contextmanager
def _postgresql(seconds: float) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
        yield
        # Inside a larger transaction (tests) the old value must come back.
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])


@contextmanager
def _sqlite(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    until = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, _STEPS)
