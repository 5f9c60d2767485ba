"""Row locks in one place: raw FOR SHARE / FOR UPDATE on PostgreSQL.

On SQLite the IMMEDIATE transaction is the lock (`select_for_update` is silently dropped there), so there
it is only asserted that a transaction is open.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def share(rows: QuerySet[Any]) -> None:
    """Let nobody change these rows until the transaction ends."""
    _lock(rows, "FOR SHARE")


def update(rows: QuerySet[Any]) -> None:
    """Keep these rows to ourselves until the transaction ends."""
    _lock(rows, "FOR UPDATE")


def _lock(rows: QuerySet[Any], how: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a row lock needs a transaction")
    if connection.vendor != "postgresql":
        return
    try:
        sql, params = rows.order_by("pk").values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} {how}", params)
