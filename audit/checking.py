"""Verify the trail in the database: events, leaves, checkpoints, witness, pending, logs' ends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from audit.keys import fast_signed_by
from audit.models import AuditEvent, AuditLeaf, AuditPending, Checkpoint
from audit.record import instant, scope_columns
from audit.verify import (
    FIELDS,
    GIVEN,
    Note,
    Report,
    canonical,
    check_leaves,
    check_witness,
    leaf_hash,
    parse_note,
    read_notes,
)

# Columns read for each event: those that are hashed, then what is derived from them.
COLUMNS = (*FIELDS, "account", "organization", "project")
BLOCK_ROWS = 5_000
Progress = Callable[[int, int], None]


def verify_database(
    keys: Sequence[bytes], witness_file: Path | None, *, progress: Progress | None = None
) -> Report:
    """Check everything that is sealed, and that nothing is outside the seal but what just came.

    keys: public keys that may have signed. Reads one consistent state of the database; changes
    nothing. The report names the first bad event and the last trustworthy seq.
    """
    report = Report()
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        notes = _notes(report)
        check_leaves(_checked_leaves(report, progress), notes, keys, report, fast_signed_by)
        if witness_file is not None:
            _check_witness(witness_file, notes, report)
        _check_places(report)
    report.settle()
    return report


def _notes(report: Report) -> list[Note]:
    """The signed notes of the checkpoints; their columns must say what the notes say."""
    notes: list[Note] = []
    for row in Checkpoint.objects.order_by("size"):
        try:
            note = parse_note(row.note)
        except ValueError as error:
            report.bad(f"checkpoint {row.size}: {error}")
            continue
        if (note.size, note.root, note.origin) != (row.size, bytes(row.root), row.origin):
            report.bad(f"checkpoint {row.size} was changed: its columns are not what was signed")
        if notes and note.origin != notes[0].origin:
            report.bad(f"checkpoint {row.size} belongs to another log ({note.origin})")
        notes.append(note)
    return notes


def _check_witness(file: Path, notes: Sequence[Note], report: Report) -> None:
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        if notes:
            report.bad(f"the witness {file} is not there, although {len(notes)} checkpoints were made")
        return
    except (OSError, UnicodeDecodeError) as error:
        report.bad(f"the witness {file} cannot be read: {error}")
        return
    try:
        seen = list(read_notes(text))
    except ValueError as error:
        report.bad(f"the witness {file}: {error}")
        return
    if notes and not seen:
        report.bad(f"the witness {file} is empty, although {len(notes)} checkpoints were made")
        return
    check_witness(seen, notes, report)


def _checked_leaves(report: Report, progress: Progress | None) -> Iterator[bytes]:
    """Every leaf in order; on the way its event is compared with it."""
    total = AuditLeaf.objects.count() if progress else 0
    expected = 1
    for block in _blocks():
        for row in block:
            seq, leaf, event_id = row[0], bytes(row[1]), str(row[2])
            if seq != expected:
                report.bad(f"the leaves from {expected} to {seq - 1} are missing", seq=expected)
                expected = seq
            expected += 1
            if problem := _event_problem(leaf, row[3:]):
                report.bad(f"event {seq} ({event_id}) {problem}", seq=seq, event=event_id)
            report.events += 1
            yield leaf
        if progress:
            progress(report.events, total)


def _event_problem(leaf: bytes, values: Sequence[Any]) -> str:
    """Empty when the stored event is what was sealed. `values` are COLUMNS."""
    if values[0] is None:
        return "was deleted; only its leaf is left"
    texts = [_text(value) for value in values[: len(FIELDS)]]
    if leaf_hash(canonical(texts)) != leaf:
        return "was changed after it was sealed"
    if hashlib.sha256(canonical(texts[: len(GIVEN)])).hexdigest() != texts[-1]:
        return "has a digest that is not its own"
    scope, kind, resource = texts[_SCOPE], texts[_KIND], texts[_RESOURCE]
    if tuple(values[len(FIELDS) :]) != scope_columns(scope) or kind != resource.partition(":")[0]:
        return "is filed under a scope or kind that is not its own"
    return ""


_SCOPE, _KIND, _RESOURCE = (FIELDS.index(name) for name in ("scope", "kind", "resource"))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _blocks() -> Iterator[list[tuple[Any, ...]]]:
    """Leaves with their events, in order of seq, some thousand rows at a time."""
    events = connection.ops.quote_name(AuditEvent._meta.db_table)
    leaves = connection.ops.quote_name(AuditLeaf._meta.db_table)
    columns = ", ".join(f"e.{connection.ops.quote_name(name)}" for name in COLUMNS)
    sql = (
        f"SELECT l.seq, l.leaf, l.event_id, {columns} FROM {leaves} l"  # noqa: S608 (names of our own columns)
        f" LEFT JOIN {events} e ON e.id = l.event_id WHERE l.seq > %s ORDER BY l.seq LIMIT %s"
    )
    after = 0
    convert = _sqlite_row if connection.vendor == "sqlite" else None
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [after, BLOCK_ROWS])
            rows = cursor.fetchall()
        if not rows:
            return
        after = rows[-1][0]
        yield [convert(row) for row in rows] if convert else rows


_TIMES = tuple(3 + FIELDS.index(name) for name in ("at", "recorded_at", "shown_at"))
_ID = 3 + FIELDS.index("id")
_AI = 3 + FIELDS.index("ai_generated")


def _sqlite_row(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """SQLite gives texts and numbers: bring them into the form in which they were hashed."""
    values = list(row)
    values[2] = _dashed(values[2])
    if values[_ID] is not None:
        values[_ID] = _dashed(values[_ID])
        values[_AI] = "true" if values[_AI] == 1 else "false" if values[_AI] == 0 else str(values[_AI])
        for index in _TIMES:
            text = str(values[index])
            date, _, clock = text.partition(" ")
            seconds, _, fraction = clock.partition(".")
            values[index] = f"{date}T{seconds}.{fraction:0<6}Z"
    return tuple(values)


def _dashed(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def _check_places(report: Report) -> None:
    """Every event has a leaf or waits for one, never both; what waits is there."""
    events = AuditEvent.objects.filter(id=OuterRef("event_id"))
    leaves = AuditLeaf.objects.filter(event_id=OuterRef("event_id"))
    stray = AuditEvent.objects.filter(
        ~Exists(AuditLeaf.objects.filter(event_id=OuterRef("id"))),
        ~Exists(AuditPending.objects.filter(event_id=OuterRef("id"))),
    )
    for event_id in stray.values_list("id", flat=True)[:20]:
        report.bad(
            f"event {event_id} is in the trail, but neither sealed nor waiting: it was put in beside it"
        )
    for event_id in AuditPending.objects.filter(Exists(leaves)).values_list("event_id", flat=True)[:20]:
        report.bad(f"event {event_id} is sealed and waits for its seal at once")
    for event_id in AuditPending.objects.filter(~Exists(events)).values_list("event_id", flat=True)[:20]:
        report.bad(f"event {event_id} waits for its seal, but it was deleted")
    if waiting := AuditPending.objects.count():
        report.notes.append(f"{waiting} event(s) wait for the next seal and cannot be proved yet")
