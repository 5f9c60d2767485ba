"""Verify the trail in the database: events, leaves, checkpoints, witness, pending, logs' ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from audit.keys import fast_signed_by
from audit.leaf_checks import checked_leaves
from audit.models import AuditEvent, AuditLeaf, AuditPending, Checkpoint
from audit.verify import NOTE_END, Note, Report, check_leaves, check_witness, parse_note, read_notes

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
    whole, ended, torn = text.rpartition(NOTE_END)
    if torn:
        report.notes.append("the last checkpoint in the witness is half-written; the next seal mends it")
    try:
        seen = read_notes(whole + ended)
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
    for block in checked_leaves():
        for row in block:
            if row.seq != expected:
                report.bad(f"the leaves from {expected} to {row.seq - 1} are missing", seq=expected)
            expected = row.seq + 1
            if row.problem:
                report.bad(f"event {row.seq} ({row.event_id}) {row.problem}", seq=row.seq, event=row.event_id)
            yield row.leaf
        report.events += len(block)
        if progress:
            progress(report.events, total)


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
