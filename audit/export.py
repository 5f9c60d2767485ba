"""Exactly the filtered events as CSV or JSONL: streamed, formula-safe, hashed, each leaf checked.

An export is fixed by its filters, scopes and the number of the last event it may hold: the same
three give the same bytes at any later time, because what is sealed does not change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.db import connection

from audit import csv_sql
from audit.csv_sql import CSV_COLUMNS, FORMULA_STARTS, GUARDED
from audit.filters import Filters
from audit.models import AuditPending, Checkpoint
from audit.query import matching
from audit.sealed_rows import SealedRow, sealed_rows
from audit.verify import FIELDS, JSON_FIELDS

BLOCK_BYTES: Final = 128 * 1024
# Ends of CSV rows. Quotes inside a cell are doubled, so no cell can hold these bytes.
INTACT, ALTERED = b',"intact"\n', b',"altered"\n'
Format = Literal["csv", "jsonl"]


@dataclass(frozen=True, slots=True)
class Bound:
    """Up to which event an export goes, and how many newer ones are not sealed yet and left out."""

    seq: int
    unsealed: int


@dataclass(frozen=True, slots=True)
class Result:
    """A complete export. `altered`: rows that are no longer what was sealed, and say so."""

    rows: int
    sha256: str
    bytes: int
    altered: int


class Incomplete(RuntimeError):
    """The export was not read to its end, so there is no result."""


def bound() -> Bound:
    """Where an export that begins now ends."""
    size = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    return Bound(size, AuditPending.objects.count())


class Export:
    """Iterate once for the bytes; then `result` tells what they were.

    format: `csv` (UTF-8, every cell quoted, LF, in the order in which events were made) or `jsonl`
    (canonical JSON in the order of the log, can be verified offline).
    """

    def __init__(self, filters: Filters, scopes: Sequence[str], *, upto: int, format: Format) -> None:
        if format not in ("csv", "jsonl"):
            raise ValueError(f"an export is csv or jsonl, not {format!r}")
        self._events, self._upto, self._format = matching(filters, scopes), upto, format
        self._result: Result | None = None

    @property
    def result(self) -> Result:
        if self._result is None:
            raise Incomplete("the export was not read to its end")
        return self._result

    @property
    def media_type(self) -> str:
        return "text/csv; charset=utf-8" if self._format == "csv" else "application/jsonl"

    def __iter__(self) -> Iterator[bytes]:
        digest, rows, size, altered = hashlib.sha256(), 0, 0, 0
        for block, added, broken in self._counted():
            digest.update(block)
            rows, size, altered = rows + added, size + len(block), altered + broken
            yield block
        self._result = Result(rows, digest.hexdigest(), size, altered)

    def _counted(self) -> Iterator[tuple[bytes, int, int]]:
        """Blocks of whole rows with the number of rows in each, and of those that were altered."""
        if self._format == "jsonl":
            for rows in sealed_rows(self._events, upto=self._upto):
                checked = [(row, row.problem()) for row in rows]
                text = "".join(_json_line(row, problem) for row, problem in checked)
                yield text.encode(), len(rows), sum(1 for _, problem in checked if problem)
            return
        yield (",".join(f'"{name}"' for name in CSV_COLUMNS) + "\n").encode(), 0, 0
        copied = connection.vendor == "postgresql"
        blocks = csv_sql.copy_rows(self._events, self._upto, BLOCK_BYTES) if copied else self._portable_csv()
        for block in blocks:
            broken = block.count(ALTERED)
            yield block, block.count(INTACT) + broken, broken

    def _portable_csv(self) -> Iterator[bytes]:
        for rows in sealed_rows(self._events, upto=self._upto, by_id=True):
            yield "".join(map(_csv_line, rows)).encode()


_PLACES: Final = {name: index for index, name in enumerate(FIELDS)}
_ENCODE: Final = json.encoder.encode_basestring


def _csv_line(row: SealedRow) -> str:
    texts = row.texts or []
    cells = []
    for name in CSV_COLUMNS[1:-2]:
        value = texts[_PLACES[name]]
        if name in GUARDED and value[:1] in FORMULA_STARTS and value:
            value = f"'{value}"
        cells.append(value.replace('"', '""'))
    state = "altered" if row.problem() else "intact"
    return '"' + '","'.join([str(row.seq), *cells, row.leaf.hex(), state]) + '"\n'


def _json_line(row: SealedRow, problem: str) -> str:
    """Canonical JSON: sorted keys, no spaces; an altered event also says what is wrong with it."""
    texts = row.texts or []
    values = {"leaf": f'"{row.leaf.hex()}"', "seq": str(row.seq)}
    if problem:
        values["altered"] = _ENCODE(problem)
    for name, text in zip(FIELDS, texts, strict=True):
        if name == "ai_generated":
            values[name] = text if text in ("true", "false") else _ENCODE(text)
        elif name in JSON_FIELDS and not (problem and not _is_json(text)):
            values[name] = text
        else:
            values[name] = _ENCODE(text)
    return "{" + ",".join(f'"{name}":{values[name]}' for name in sorted(values)) + "}\n"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return "\n" not in text
