"""Pages by keyset: a cursor names a row, and the next page begins right behind it at any depth."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from audit.filters import FilterError

Row = TypeVar("Row", bound=Model)


class BadCursor(FilterError):
    """The cursor of a page is not one that we made."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """The rows of one page, newest first, with the cursors of its neighbours ("" = there is none)."""

    rows: list[Row]
    newer: str
    older: str


def cursor_of(row: Any) -> str:
    text = f"{row.shown_at.isoformat()}~{row.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, uuid.UUID]:
    """Raises BadCursor."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, key = text.partition("~")
        when = datetime.fromisoformat(at)
        if when.tzinfo is None:
            raise ValueError("no time zone")
        return when, uuid.UUID(key)
    except (ValueError, binascii.Error) as error:
        raise BadCursor("this page link is damaged; start again from the newest entry") from error


def page_of(rows: QuerySet[Row], *, before: str = "", after: str = "", size: int = 25) -> Slice[Row]:
    """One page by (shown_at, id), newest first.

    before: entries older than this cursor; after: entries newer. The comparison is of row values,
    which an index answers at any depth; the same as an OR of two comparisons is not.
    """
    size = max(1, min(size, 200))
    key = Tuple(F("shown_at"), F("id"))
    if after:
        newer = rows.filter(TupleGreaterThan(key, read_cursor(after))).order_by("shown_at", "id")[: size + 1]
        found = list(newer)
        more_newer, more_older = len(found) > size, True
        found = found[:size][::-1]
    else:
        if before:
            rows = rows.filter(TupleLessThan(key, read_cursor(before)))
        found = list(rows.order_by("-shown_at", "-id")[: size + 1])
        more_newer, more_older = bool(before), len(found) > size
        found = found[:size]
    if not found:
        return Slice([], "", "")
    return Slice(
        found,
        cursor_of(found[0]) if more_newer else "",
        cursor_of(found[-1]) if more_older else "",
    )


def below(scopes: list[str]) -> Q:
    """Rows in one of these scopes or below; no scope, no rows. `scopes` are paths."""
    if not scopes:
        return Q(pk__in=[])
    roots = sorted(set(scopes))
    kept = [
        path for path in roots
        if not any(other != path and other and path.startswith(f"{other}/") for other in roots)
    ]  # fmt: skip
    condition = Q()
    for path in kept:
        parts = path.split("/", 2)
        match = Q(account=parts[0])
        if not path:
            match = Q(scope="")
        if len(parts) > 1:
            match &= Q(organization=parts[1])
        if len(parts) > 2:
            match &= Q(project=parts[2])
        condition |= match
    return condition
