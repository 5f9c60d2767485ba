"""Whatever somebody with the owner's password changes is found, and the first bad event is named."""

from __future__ import annotations

import base64
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from audit.checking import verify_database
from audit.keys import SigningKey, signing_key
from audit.models import AuditEvent, AuditLeaf, Checkpoint
from audit.record import texts_of
from audit.seal import seal_once
from audit.verify import FIELDS, Tree, canonical, leaf_and_digest, note_body
from tests.audit.conftest import as_owner

EVENTS, BATCH = 12, 4


@pytest.fixture
def log(own_database: None, say: Callable[..., Any], key: SigningKey, witness: Path) -> Callable[[], Any]:
    """Twelve sealed events under three checkpoints; call it to verify."""
    for n in range(EVENTS):
        say(resource=f"pipeline:halden/freight/tracking/p{n}", data={"n": n})
        if n % BATCH == BATCH - 1:
            seal_once(key, witness)
    return lambda: verify_database([key.public], witness)


def at(seq: int) -> str:
    """The event of a place in the log, as a value in SQL."""
    event = AuditLeaf.objects.get(seq=seq).event_id
    return f"'{event.hex if connection.vendor == 'sqlite' else event}'"


def blob(data: bytes) -> str:
    return f"x'{data.hex()}'" if connection.vendor == "sqlite" else rf"'\x{data.hex()}'::bytea"


def reseal(forger: SigningKey, from_seq: int) -> None:
    """Recompute every leaf and checkpoint from `from_seq` on, as somebody with the database could."""
    as_owner()
    tree = Tree()
    notes = {row.size: row for row in Checkpoint.objects.all()}
    for leaf in AuditLeaf.objects.order_by("seq"):
        event = AuditEvent.objects.get(id=leaf.event_id)
        data = leaf_and_digest(texts_of(event, FIELDS))[0]
        tree.append(data)
        if leaf.seq >= from_seq:
            AuditLeaf.objects.filter(seq=leaf.seq).update(leaf=data)
        if (row := notes.get(tree.size)) is not None and tree.size >= from_seq:
            body = note_body(row.origin, tree.size, tree.root(), "2026-01-01T00:00:00.000000Z")
            signed = base64.b64encode(forger.id_for(row.origin) + forger.sign(body.encode())).decode()
            Checkpoint.objects.filter(size=row.size).update(
                root=tree.root(),
                note=f"{body}\n— {row.origin} {signed}\n",
                key_id=forger.id_for(row.origin).hex(),
                frontier=" ".join(node.hex() for node in tree.frontier),
            )


def test_an_untouched_log_verifies(log: Callable[[], Any]) -> None:
    report = log()
    assert report.ok, report.problems
    assert (report.events, report.size, report.checkpoints, report.trustworthy_seq) == (
        EVENTS,
        EVENTS,
        3,
        EVENTS,
    )


@pytest.mark.parametrize(
    "column",
    ["actor_name", "action", "outcome", "resource", "data", "ai", "ip", "evaluation", "epochs", "digest"],
)
def test_an_edited_event_is_named(log: Callable[[], Any], column: str) -> None:
    as_owner(f"UPDATE audit_auditevent SET {column} = 'x' WHERE id = {at(6)}")
    report = log()
    assert (report.first_bad_seq, report.trustworthy_seq) == (6, 5)
    assert "event 6" in report.problems[0]


@pytest.mark.parametrize("column", ["at", "recorded_at"])
def test_a_backdated_event_is_named(log: Callable[[], Any], column: str) -> None:
    changes = f"{column} = '2020-01-01 00:00:00.000001+00'"
    if connection.vendor == "sqlite":
        changes = changes.replace("+00", "")
    if column == "recorded_at":
        changes += f", {changes.replace('recorded_at', 'shown_at')}"
    as_owner(f"UPDATE audit_auditevent SET {changes} WHERE id = {at(6)}")
    assert log().first_bad_seq == 6


@pytest.mark.parametrize("change", ["account = 'other'", "project = ''", "ai_generated = not ai_generated"])
def test_an_event_filed_elsewhere_is_named(log: Callable[[], Any], change: str) -> None:
    as_owner(f"UPDATE audit_auditevent SET {change} WHERE id = {at(6)}")
    assert log().first_bad_seq == 6


def test_a_deleted_event_is_named(log: Callable[[], Any]) -> None:
    as_owner(f"DELETE FROM audit_auditevent WHERE id = {at(6)}")
    report = log()
    assert report.first_bad_seq == 6
    assert "was deleted" in report.problems[0]


def test_an_event_deleted_with_its_leaf_is_named(log: Callable[[], Any]) -> None:
    event = at(6)
    as_owner(f"DELETE FROM audit_auditevent WHERE id = {event}", "DELETE FROM audit_auditleaf WHERE seq = 6")
    report = log()
    assert (report.first_bad_seq, report.trustworthy_seq) == (6, 4)


def test_an_edited_leaf_is_named(log: Callable[[], Any]) -> None:
    as_owner(f"UPDATE audit_auditleaf SET leaf = {blob(b'0' * 32)} WHERE seq = 6")
    assert log().first_bad_seq == 6


def test_an_event_and_its_leaf_edited_together_break_the_root(log: Callable[[], Any]) -> None:
    as_owner(f"UPDATE audit_auditevent SET actor_name = 'eve' WHERE id = {at(6)}")
    event = AuditEvent.objects.get(id=AuditLeaf.objects.get(seq=6).event_id)
    import hashlib

    from audit.verify import GIVEN

    AuditEvent.objects.filter(id=event.id).update(
        digest=hashlib.sha256(canonical(texts_of(event, GIVEN))).hexdigest()
    )
    event.refresh_from_db()
    AuditLeaf.objects.filter(seq=6).update(leaf=leaf_and_digest(texts_of(event, FIELDS))[0])
    report = log()
    assert report.trustworthy_seq == 4
    assert "do not give the root" in report.problems[0]


def test_two_swapped_events_are_named(log: Callable[[], Any]) -> None:
    a, b = at(5), at(6)
    other = "'00000000000000000000000000000000'"
    as_owner(
        f"UPDATE audit_auditleaf SET event_id = {other} WHERE seq = 5",
        f"UPDATE audit_auditleaf SET event_id = {a} WHERE seq = 6",
        f"UPDATE audit_auditleaf SET event_id = {b} WHERE seq = 5",
    )
    assert log().first_bad_seq == 5


def test_an_inserted_event_is_found(log: Callable[[], Any]) -> None:
    as_owner()
    event = AuditEvent.objects.get(id=AuditLeaf.objects.get(seq=6).event_id)
    import uuid

    event.pk = uuid.uuid4()
    event.save(force_insert=True)
    assert "put in beside it" in log().problems[0]


def test_an_inserted_leaf_is_found(log: Callable[[], Any]) -> None:
    as_owner()
    event = AuditEvent.objects.get(id=AuditLeaf.objects.get(seq=6).event_id)
    import uuid

    event.pk = uuid.uuid4()
    event.save(force_insert=True)
    AuditLeaf.objects.create(
        seq=EVENTS + 1, event_id=event.pk, leaf=leaf_and_digest(texts_of(event, FIELDS))[0]
    )
    report = log()
    assert "no signed checkpoint covers" in " ".join(report.problems)
    assert report.trustworthy_seq == EVENTS


def test_renumbered_leaves_are_named(log: Callable[[], Any]) -> None:
    as_owner("UPDATE audit_auditleaf SET seq = seq + 100 WHERE seq > 6")
    assert log().first_bad_seq == 7


def test_a_cut_tail_is_found(log: Callable[[], Any]) -> None:
    rest = ", ".join(at(seq) for seq in range(9, 13))
    as_owner(
        f"DELETE FROM audit_auditevent WHERE id IN ({rest})",
        "DELETE FROM audit_auditleaf WHERE seq > 8",
        "DELETE FROM audit_checkpoint WHERE size > 8",
    )
    report = log()
    assert "rolled back" in " ".join(report.problems)
    assert report.trustworthy_seq == 8


def test_a_cut_tail_without_its_checkpoint_is_found(log: Callable[[], Any]) -> None:
    rest = ", ".join(at(seq) for seq in range(9, 13))
    as_owner(
        f"DELETE FROM audit_auditevent WHERE id IN ({rest})", "DELETE FROM audit_auditleaf WHERE seq > 8"
    )
    assert "only 8 are left" in " ".join(log().problems)


def test_a_log_rehashed_with_another_key_is_found(log: Callable[[], Any], tmp_path: Path) -> None:
    as_owner(f"UPDATE audit_auditevent SET actor_name = 'eve' WHERE id = {at(6)}")
    reseal(signing_key(tmp_path / "forger.pem", create=True), 6)
    report = log()
    assert any("another key" in problem for problem in report.problems)
    assert report.trustworthy_seq == 4


def test_a_log_rehashed_with_the_stolen_key_is_found_by_the_witness(
    log: Callable[[], Any], key: SigningKey
) -> None:
    as_owner(f"UPDATE audit_auditevent SET actor_name = 'eve' WHERE id = {at(6)}")
    reseal(key, 6)
    report = log()
    assert any("saw another history at 8" in problem for problem in report.problems)
    assert report.trustworthy_seq <= 7


def test_a_deleted_checkpoint_is_found(log: Callable[[], Any]) -> None:
    as_owner("DELETE FROM audit_checkpoint WHERE size = 8")
    assert "no longer has" in " ".join(log().problems)


@pytest.mark.parametrize(
    "change", ["origin = 'other'", "note = replace(note, 'time 2', 'time 3')", "size = 7", "note = 'x'"]
)
def test_a_changed_checkpoint_is_found(log: Callable[[], Any], change: str) -> None:
    as_owner(f"UPDATE audit_checkpoint SET {change} WHERE size = 8")
    assert not log().ok


@pytest.mark.parametrize("how", ["gone", "empty", "torn", "forged"])
def test_a_witness_that_was_tampered_with_is_found(log: Callable[[], Any], witness: Path, how: str) -> None:
    text = witness.read_text()
    {
        "gone": witness.unlink,
        "empty": lambda: witness.write_text(""),
        "torn": lambda: witness.write_text(text[:50] + text[60:]),
        "forged": lambda: witness.write_text(text.replace("\n8\n", "\n9\n")),
    }[how]()
    assert not log().ok


def test_a_database_rolled_back_whole_is_found(
    log: Callable[[], Any], say: Callable[..., Any], key: SigningKey, witness: Path, tmp_path: Path
) -> None:
    if connection.vendor == "sqlite":
        copy = tmp_path / "old.sqlite3"
        with sqlite3.connect(copy) as target:
            connection.connection.backup(target)
        target.close()
    say()
    seal_once(key, witness)
    if connection.vendor == "sqlite":
        connection.close()
        now = Path(connection.settings_dict["NAME"])
        for name in (f"{now}-wal", f"{now}-shm"):
            Path(name).unlink(missing_ok=True)
        shutil.copy(copy, now)
    else:
        last = at(EVENTS + 1)
        as_owner(
            f"DELETE FROM audit_auditevent WHERE id = {last}",
            f"DELETE FROM audit_auditleaf WHERE seq = {EVENTS + 1}",
            f"DELETE FROM audit_checkpoint WHERE size = {EVENTS + 1}",
        )
    report = log()
    assert "rolled back" in " ".join(report.problems)
    assert report.trustworthy_seq == EVENTS


def test_a_pending_row_taken_away_is_found(log: Callable[[], Any], say: Callable[..., Any]) -> None:
    say()
    as_owner("DELETE FROM audit_auditpending")
    assert "neither sealed nor waiting" in " ".join(log().problems)


def test_events_that_wait_are_a_note_and_no_problem(log: Callable[[], Any], say: Callable[..., Any]) -> None:
    say()
    report = log()
    assert report.ok
    assert "1 event(s) wait" in report.notes[0]


def test_a_witness_one_round_behind_is_a_note(log: Callable[[], Any], witness: Path) -> None:
    text = witness.read_text()
    witness.write_text(text[: text.rindex("portcullis-audit", 0, text.rindex("— "))])
    report = log()
    assert report.ok, report.problems
    assert "not reached the witness" in report.notes[0]


def test_verifying_changes_nothing(log: Callable[[], Any]) -> None:
    with transaction.atomic():
        before = Checkpoint.objects.count()
    log()
    assert Checkpoint.objects.count() == before
