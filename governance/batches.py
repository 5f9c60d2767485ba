"""Documents cut into batches that one limited process can decide about."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")

# One process decides so many documents, or so many bytes of them, whichever is less.
MOST, MOST_BYTES = 500, 4_000_000


def batches(items: Iterable[T], document: Callable[[T], Any]) -> Iterator[list[T]]:
    """The items in their order; never an empty batch."""
    batch: list[T] = []
    size = 0
    for item in items:
        length = len(json.dumps(document(item)))
        if batch and (len(batch) >= MOST or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        yield batch
