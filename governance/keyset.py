"""Pages by key, never by offset: the last page costs what the first does."""

from __future__ import annotations

import base64
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from governance.errors import Invalid

T = TypeVar("T")
NOT_OURS = "this page address is not one we made; start from the first page"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in order, and the cursors of the pages before and after ("" = there is none)."""

    rows: list[T]
    newer: str = ""
    older: str = ""

    def __iter__(self) -> Any:
        return iter(self.rows)


def page(
    rows: QuerySet[Any],
    view: Callable[[Any], T],
    *,
    by: str,
    descending: bool,
    after: str = "",
    before: str = "",
    size: int = 25,
) -> Page[T]:
    """`size` rows ordered by (`by`, pk), after or before a cursor. Raises Invalid for a bad cursor.

    The redundant bound on `by` alone lets the database seek in the index; without it a keyset page
    reads everything in front of it.
    """
    backwards = bool(before)
    down = descending != backwards
    order = ("-" if down else "") + by, ("-" if down else "") + "pk"
    cursor = before or after
    if cursor:
        rows = _beyond(rows, cursor, by, "lt" if down else "gt")
    found = list(rows.order_by(*order)[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    has_newer = more if backwards else bool(after)
    has_older = True if backwards else more
    return Page(
        [view(row) for row in found],
        newer=_encode(found[0], by) if has_newer else "",
        older=_encode(found[-1], by) if has_older else "",
    )


def of_list(
    rows: Sequence[T],
    key: Callable[[T], tuple[str, str]],
    *,
    after: str = "",
    before: str = "",
    size: int = 25,
) -> Page[T]:
    """The same of what had to be read whole: in ascending order of a pair of texts. Raises Invalid."""
    ordered = sorted(rows, key=key)
    keys = [key(row) for row in ordered]
    try:
        start = bisect_right(keys, _decode(after)) if after else 0
        if before:
            start = max(0, bisect_left(keys, _decode(before)) - size)
    except (ValueError, TypeError, RecursionError) as error:
        raise Invalid([NOT_OURS]) from error
    found = ordered[start : start + size]
    return Page(
        found,
        newer=_written(*key(found[0])) if found and start else "",
        older=_written(*key(found[-1])) if start + size < len(ordered) else "",
    )


def _beyond(rows: QuerySet[Any], cursor: str, by: str, op: str) -> QuerySet[Any]:
    try:
        value, key = _decode(cursor)
        return rows.filter(**{f"{by}__{op}e": value}).filter(
            Q(**{f"{by}__{op}": value}) | Q(**{by: value, f"pk__{op}": key})
        )
    except (ValueError, TypeError, ValidationError, RecursionError) as error:
        raise Invalid([NOT_OURS]) from error


def _encode(row: Any, by: str) -> str:
    value = row
    for part in by.split("__"):
        value = getattr(value, part)
    text = value.isoformat() if hasattr(value, "isoformat") else value
    return _written(text, str(row.pk))


def _written(value: Any, key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([value, key]).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[Any, str]:
    """Raises ValueError or TypeError for anything that is no pair of text and key."""
    value, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("no text to go on from")
    return value, str(key)
