"""The sealer: gives each committed event its place in the Merkle log and signs what the log now is.

One sealer at a time, chosen by a lock in the database. Writers never wait for it.
"""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.db import connection, transaction

from audit.keys import SigningKey
from audit.models import AuditEvent, AuditLeaf, AuditPending, AuditTile, Checkpoint
from audit.record import instant, texts_of
from audit.verify import FIELDS, Tree, leaf_and_digest, note_body, parse_note
from audit.witness import Witness

BATCH: Final = 1_000
TILE: Final = 256
# One number for the whole cluster; any other user of advisory locks must not take it.
LEADER_LOCK: Final = 0x706F7274_61756474


class SealingStopped(RuntimeError):
    """Sealing would sign something that is not known to be true. A person has to look."""


class Forked(SealingStopped):
    """The database and the witness do not tell the same history."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One round. `leader` is false when another sealer holds the lock."""

    events: int
    size: int
    root: str
    leader: bool = True


@dataclass(frozen=True, slots=True)
class SealStatus:
    """How far the log is sealed, for the footer and /readyz."""

    size: int
    sealed_at: datetime | None
    pending: int
    oldest_pending_s: float


def seal_once(key: SigningKey, witness_file: Path, *, batch: int = BATCH) -> Sealed:
    """Seal at most one batch, sign a checkpoint, tell the witness.

    Must be called outside a transaction. Raises Forked or WitnessMissing (both SealingStopped) when
    database and witness disagree; nothing is signed then.
    """
    witness = Witness(witness_file)
    with transaction.atomic(durable=True):
        if not _lead():
            return Sealed(0, 0, "", leader=False)
        last = Checkpoint.objects.order_by("-size").first()
        _agree(last, witness)
        events = _pending(batch)
        if not events:
            return Sealed(0, last.size if last else 0, bytes(last.root).hex() if last else "")
        tree = _tree(last)
        leaves = _append(tree, events)
        AuditLeaf.objects.bulk_create(leaves, batch_size=500)
        _keep_tiles(leaves[0].seq - 1, leaves)
        checkpoint = _sign(key, last.origin if last else _new_origin(), tree)
        Checkpoint.objects.bulk_create([checkpoint])
        _forget_pending([leaf.event_id for leaf in leaves])
    # After the commit: the witness may lag behind by one round, but never knows what is not so.
    witness.append(checkpoint.note)
    return Sealed(len(leaves), tree.size, tree.root().hex())


def status() -> SealStatus:
    """Cheap enough for every page: two index look-ups and a count of what is pending."""
    last = Checkpoint.objects.order_by("-size").only("size", "sealed_at").first()
    oldest = AuditPending.objects.order_by("id").values_list("since", flat=True).first()
    age = max((database_now() - oldest).total_seconds(), 0.0) if oldest else 0.0
    pending = AuditPending.objects.count()
    return SealStatus(last.size if last else 0, last.sealed_at if last else None, pending, age)


def database_now() -> datetime:
    """The database's clock, UTC."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")
            return datetime.fromisoformat(str(cursor.fetchone()[0]))
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
        return at.astimezone(UTC)


def new_witness(file: Path) -> int:
    """Start a witness file from what this database says; how many checkpoints it now holds.

    For a person who has found out why the old one does not fit. It proves nothing about the past.
    """
    witness = Witness(file)
    notes = list(Checkpoint.objects.order_by("size").values_list("note", flat=True))
    for note in notes:
        witness.append(note)
    return len(notes)


def _lead() -> bool:
    if connection.vendor == "sqlite":
        return True  # the IMMEDIATE transaction is the lock
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LEADER_LOCK])
        return bool(cursor.fetchone()[0])


def _agree(last: Checkpoint | None, witness: Witness) -> None:
    """Refuse to go on from a history that the witness has not seen, or has seen differently."""
    seen = witness.last()
    if last is None:
        if seen is not None:
            raise Forked(
                f"the witness {witness.path} knows a log of {seen.size} events, this database has none: "
                "it was replaced or rolled back. Restore it, or give a new log a witness file of its own."
            )
        return
    if seen is None:
        if Checkpoint.objects.count() > 1:
            raise Forked(
                f"the witness {witness.path} is empty, but this log has {last.size} sealed events. Put the "
                "witness file back, or start a new one with `manage.py verify_audit --new-witness`."
            )
    elif seen.size > last.size:
        raise Forked(
            f"the witness {witness.path} has seen {seen.size} events, this database has {last.size}: it was "
            "rolled back. Run `manage.py verify_audit`, then restore the newer database."
        )
    else:
        ours = Checkpoint.objects.filter(size=seen.size).first()
        if ours is None or ours.note != seen.text:
            raise Forked(
                f"the witness {witness.path} has seen another history at {seen.size} events. "
                "Run `manage.py verify_audit` to find the first event that differs."
            )
    behind = Checkpoint.objects.filter(size__gt=seen.size if seen else 0).order_by("size")
    for note in behind.values_list("note", flat=True).iterator():
        witness.append(note)


def _pending(batch: int) -> list[AuditEvent]:
    """The next events in the order in which their transactions took their last lock."""
    ids = list(AuditPending.objects.order_by("id").values_list("event_id", flat=True)[:batch])
    found = {event.id: event for start in range(0, len(ids), 500)
             for event in AuditEvent.objects.filter(id__in=ids[start : start + 500])}  # fmt: skip
    if missing := [event_id for event_id in ids if event_id not in found]:
        raise SealingStopped(
            f"event {missing[0]} waits for its seal but is not there: it was removed from the database. "
            "Run `manage.py verify_audit`."
        )
    return [found[event_id] for event_id in ids]


def _tree(last: Checkpoint | None) -> Tree:
    if last is None:
        return Tree()
    tree = Tree(last.size, [bytes.fromhex(part) for part in last.frontier.split()])
    if tree.root() != bytes(last.root):
        raise SealingStopped(
            f"checkpoint {last.size} was changed: its edge does not give its root. "
            "Run `manage.py verify_audit`."
        )
    return tree


def _append(tree: Tree, events: list[AuditEvent]) -> list[AuditLeaf]:
    leaves = []
    for event in events:
        leaf, _ = leaf_and_digest(texts_of(event, FIELDS))
        tree.append(leaf)
        leaves.append(AuditLeaf(seq=tree.size, event_id=event.id, leaf=leaf))
    return leaves


def _keep_tiles(before: int, leaves: list[AuditLeaf]) -> None:
    """Store the roots of blocks that are now full, so that a later proof need not read every leaf."""
    size = before + len(leaves)
    height, span = 1, TILE
    while size // span > before // span:
        for position in range(before // span, size // span):
            below: list[bytes]
            if height == 1:
                rows = AuditLeaf.objects.filter(seq__gt=position * TILE, seq__lte=(position + 1) * TILE)
                below = [bytes(leaf) for leaf in rows.order_by("seq").values_list("leaf", flat=True)]
            else:
                tiles = AuditTile.objects.filter(
                    height=height - 1, position__gte=position * TILE, position__lt=(position + 1) * TILE
                )
                below = [bytes(root) for root in tiles.order_by("position").values_list("root", flat=True)]
            block = Tree()
            for node in below:
                block.append(node)
            AuditTile.objects.create(height=height, position=position, root=block.root())
        height, span = height + 1, span * TILE


def _sign(key: SigningKey, origin: str, tree: Tree) -> Checkpoint:
    at = database_now()
    body = note_body(origin, tree.size, tree.root(), instant(at))
    signed = base64.b64encode(key.id_for(origin) + key.sign(body.encode())).decode()
    note = f"{body}\n— {origin} {signed}\n"
    parse_note(note)
    return Checkpoint(
        size=tree.size,
        origin=origin,
        root=tree.root(),
        sealed_at=at,
        key_id=key.id_for(origin).hex(),
        note=note,
        frontier=" ".join(node.hex() for node in tree.frontier),
    )


def _new_origin() -> str:
    return f"portcullis-audit/{uuid.uuid4().hex[:16]}"


def _forget_pending(event_ids: list[uuid.UUID]) -> None:
    for start in range(0, len(event_ids), 500):
        AuditPending.objects.filter(event_id__in=event_ids[start : start + 500]).delete()
