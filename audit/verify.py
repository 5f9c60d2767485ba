#!/usr/bin/env python3
"""Verify the audit log: canonical events, RFC 6962 Merkle tree, signed checkpoints, witness.

One file, standard library only, so that an auditor can read it whole and run it where the portal
is not installed:

    python3 verify.py BUNDLE_FOLDER --key PUBLIC_KEY_FILE [--witness WITNESS_FILE]

A bundle folder holds `events.jsonl` (one event a line, with `seq` and `leaf`), `leaves.txt` (one
hex leaf a line, from seq 1) and `checkpoints.txt` (signed notes). The portal itself uses the same
functions on its database (`manage.py verify_audit`).
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

# The fields of an event, in the order in which they are hashed. `GIVEN` is what the application
# said; the database adds its clock. `digest` is the SHA-256 of GIVEN, the leaf covers all.
GIVEN: Final = (
    "id", "at", "clock", "actor_id", "actor_name", "on_behalf_of", "channel", "action", "outcome",
    "kind", "resource", "scope", "ai_generated", "ai", "evaluation", "request_id", "ip",
    "before_digest", "after_digest", "data", "epochs",
)  # fmt: skip
FIELDS: Final = (*GIVEN, "recorded_at", "shown_at", "digest")
JSON_FIELDS: Final = ("ai", "data", "epochs")


# --- canonical bytes --------------------------------------------------------------------------
def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces; NaN is refused."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(values: Sequence[str]) -> bytes:
    """Length-prefixed fields: the lengths in bytes, `3:0:12;`, then the fields without separators."""
    joined = "".join(values)
    if joined.isascii():  # the usual case: a character is a byte
        return f"{':'.join(map(str, map(len, values)))};{joined}".encode()
    encoded = [value.encode() for value in values]
    return b":".join([b"%d" % len(value) for value in encoded]) + b";" + b"".join(encoded)


def leaf_and_digest(texts: Sequence[str]) -> tuple[bytes, str]:
    """Leaf and digest of an event, from its texts in the order of FIELDS.

    digest = SHA-256(canonical(what was given)); leaf = SHA-256(0x00, canonical(given),
    canonical(what the database added)): an RFC 6962 leaf hash of both.
    """
    given = canonical(texts[: len(GIVEN)])
    digest = hashlib.sha256(given).hexdigest()
    return leaf_hash(given + canonical(texts[len(GIVEN) :])), digest


def event_texts(event: Mapping[str, Any], names: Sequence[str] = FIELDS) -> list[str]:
    """The texts that are hashed, from an exported event (JSON fields as objects)."""
    texts = []
    for name in names:
        value = event[name]
        if name in JSON_FIELDS:
            value = canonical_json(value)
        elif isinstance(value, bool):
            value = "true" if value else "false"
        if not isinstance(value, str):
            raise ValueError(f"field {name} must be text, not {type(value).__name__}")
        texts.append(value)
    return texts


# --- Merkle tree (RFC 6962) -------------------------------------------------------------------
def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The right edge of a Merkle tree: appending costs O(1) hashes on average, the root O(log n)."""

    def __init__(self, size: int = 0, frontier: Sequence[bytes] = ()) -> None:
        if len(frontier) != size.bit_count():
            raise ValueError(
                f"a tree of {size} leaves has {size.bit_count()} edge nodes, not {len(frontier)}"
            )
        self.size = size
        self.frontier = list(frontier)

    def append(self, leaf: bytes) -> None:
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self.frontier.pop(), node)
            size >>= 1
        self.frontier.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self.frontier:
            return hashlib.sha256(b"").digest()
        node = self.frontier[-1]
        for left in reversed(self.frontier[:-1]):
            node = node_hash(left, node)
        return node


def root_from_proof(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2). Raises ValueError if misshapen."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    fn, sn, node = index, size - 1, leaf
    for other in path:
        if sn == 0:
            raise ValueError("the proof is too long")
        if fn & 1 or fn == sn:
            node = node_hash(other, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, other)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ValueError("the proof is too short")
    return node


# --- Ed25519 (RFC 8032), verification only ------------------------------------------------------
_P: Final = 2**255 - 19
_Q: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, _P) % _P
_SQRT_M1: Final = pow(2, (_P - 1) // 4, _P)
Point = tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    g, h = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    w, x, y, z = f - e, h - g, h + g, f + e
    return w * x % _P, y * z % _P, x * y % _P, w * z % _P


def _times(k: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while k:
        if k & 1:
            result = _add(result, point)
        point, k = _add(point, point), k >> 1
    return result


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    x2 = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(x2, (_P + 3) // 8, _P)
    if (x * x - x2) % _P:
        x = x * _SQRT_M1 % _P
    if (x * x - x2) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


_BASE: Final = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this Ed25519 signature over the message was made with the key."""
    if len(public) != 32 or len(signature) != 64 or _BASE is None:
        return False
    a, r, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= _Q:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = _times(s, _BASE)
    right = _add(r, _times(int.from_bytes(digest, "little") % _Q, a))
    same_x = (left[0] * right[2] - right[0] * left[2]) % _P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % _P == 0


# --- signed checkpoints (C2SP tlog-checkpoint in a signed note) ---------------------------------
NOTE_END: Final = "\n\n\n"


@dataclass(frozen=True)
class Note:
    """A checkpoint as read: what it says and who signed it."""

    text: str
    origin: str
    size: int
    root: bytes
    time: str
    key_id: str
    signature: bytes

    @property
    def signed_text(self) -> bytes:
        return self.text.split("\n\n", 1)[0].encode() + b"\n"


def key_id_of(origin: str, public: bytes) -> bytes:
    """The four bytes by which a note names the key that signed it."""
    return hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]


def note_body(origin: str, size: int, root: bytes, time: str) -> str:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\ntime {time}\n"


def parse_note(text: str) -> Note:
    """Read one signed note; ValueError when it is not one, to the byte."""
    body, blank, signature_line = text.partition("\n\n")
    lines = body.split("\n")
    prefix = f"— {lines[0]} "
    if not blank or len(lines) != 4 or not signature_line.startswith(prefix) or text[-1:] != "\n":
        raise ValueError(
            "not a checkpoint: origin, size, root, time, an empty line and one signature expected"
        )
    try:
        signed = base64.b64decode(signature_line[len(prefix) : -1], validate=True)
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error as error:
        raise ValueError(f"not a checkpoint: {error}") from error
    if len(signed) != 68 or len(root) != 32 or not lines[1].isascii() or not lines[3].startswith("time "):
        raise ValueError("not a checkpoint: wrong length of root or signature")
    note = Note(text, lines[0], int(lines[1]), root, lines[3][5:], signed[:4].hex(), signed[4:])
    again = note_body(note.origin, note.size, note.root, note.time)
    if f"{again}\n{prefix}{base64.b64encode(signed).decode()}\n" != text:
        raise ValueError("not a checkpoint: it is not in its one canonical form")
    return note


def read_notes(text: str) -> list[Note]:
    """The notes of a witness file, one after another, each followed by two empty lines."""
    notes = []
    for number, block in enumerate(text.removesuffix(NOTE_END).split(NOTE_END) if text else [], start=1):
        try:
            notes.append(parse_note(block + "\n"))
        except ValueError as error:
            raise ValueError(f"checkpoint {number} of the file: {error}") from error
    if "".join(f"{note.text}\n\n" for note in notes) != text:
        raise ValueError("the file of checkpoints does not end where its last checkpoint ends")
    return notes


Verifier = Callable[[bytes, bytes, bytes], bool]


def check_note(note: Note, keys: Sequence[bytes], verifier: Verifier = signed_by) -> str:
    """Empty when one of the keys signed the note, else what is wrong."""
    named = [key for key in keys if key_id_of(note.origin, key).hex() == note.key_id]
    if not named:
        return f"checkpoint {note.size} was signed with another key ({note.key_id})"
    if not any(verifier(key, note.signed_text, note.signature) for key in named):
        return f"the signature of checkpoint {note.size} does not fit its text"
    return ""


# --- the whole log ------------------------------------------------------------------------------
@dataclass
class Report:
    """What verification found. `trustworthy_seq`: everything up to here is proved."""

    events: int = 0
    size: int = 0
    checkpoints: int = 0
    trustworthy_seq: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    first_bad_seq: int = 0
    first_bad_event: str = ""

    @property
    def ok(self) -> bool:
        return not self.problems

    def bad(self, message: str, *, seq: int = 0, event: str = "") -> None:
        """Add a problem; at most 100 are kept, the first bad place always."""
        if seq and (not self.first_bad_seq or seq < self.first_bad_seq):
            self.first_bad_seq, self.first_bad_event = seq, event
        if len(self.problems) < 100:
            self.problems.append(message)

    def settle(self) -> None:
        """Nothing after the first bad place is trustworthy, whatever was signed later."""
        if self.first_bad_seq:
            self.trustworthy_seq = min(self.trustworthy_seq, self.first_bad_seq - 1)


def check_leaves(
    leaves: Iterable[bytes],
    notes: Sequence[Note],
    keys: Sequence[bytes],
    report: Report,
    verifier: Verifier = signed_by,
) -> None:
    """Rebuild the tree from the leaves and compare it with every signed checkpoint on the way."""
    tree, waiting = Tree(), sorted(notes, key=lambda note: note.size)
    at, trusted, broken = 0, True, False
    for leaf in leaves:
        tree.append(leaf)
        while at < len(waiting) and waiting[at].size <= tree.size:
            note, at = waiting[at], at + 1
            problem = check_note(note, keys, verifier)
            if not problem and note.size == tree.size and note.root != tree.root():
                problem = f"the leaves up to {note.size} do not give the root that was signed"
                broken = True
            if problem:
                trusted = False
                report.bad(problem)
            elif trusted:
                report.trustworthy_seq = note.size
    report.size, report.checkpoints = tree.size, len(waiting)
    for note in waiting[at:]:
        report.bad(f"a checkpoint was signed for {note.size} events, but only {tree.size} are left")
    if tree.size and not broken and (not waiting or waiting[-1].size < tree.size):
        report.bad(f"no signed checkpoint covers the leaves up to {tree.size}")


def check_witness(witness: Sequence[Note], notes: Sequence[Note], report: Report) -> None:
    """The witness may lag behind by what was sealed last; it may never know more, or else."""
    known = {note.size: note for note in notes}
    for note in witness:
        ours = known.get(note.size)
        if ours is None:
            report.bad(
                f"the witness saw a checkpoint of {note.size} events that this log no longer has: "
                "the log was rolled back, or checkpoints were deleted"
            )
        elif ours.root != note.root or ours.origin != note.origin:
            report.bad(f"the witness saw another history at {note.size} events: the log was rewritten")
            report.trustworthy_seq = min(report.trustworthy_seq, note.size - 1)
    seen = {note.size for note in witness}
    missing = [size for size in known if size not in seen]
    newest_seen = max(seen, default=0)
    if any(size < newest_seen for size in missing):
        report.bad("checkpoints in this log never reached the witness, although later ones did")
    elif missing:
        report.notes.append(f"{len(missing)} checkpoint(s) have not reached the witness yet")


def check_event(event: Mapping[str, Any]) -> str:
    """Empty when an exported event fits its own digest and leaf, else what is wrong."""
    try:
        leaf, digest = leaf_and_digest(event_texts(event))
        if leaf != bytes.fromhex(event["leaf"]):
            return "was changed after it was sealed"
        return "" if digest == event["digest"] else "has a digest that is not its own"
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"is not a complete event ({type(error).__name__}: {error})"


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def verify_bundle(folder: Path, keys: Sequence[bytes], witness: Path | None = None) -> Report:
    """Check an exported bundle with nothing but the public keys and, where given, the witness."""
    report = Report()
    try:
        leaves = _read_leaves(folder / "leaves.txt")
        notes = read_notes((folder / "checkpoints.txt").read_bytes().decode())
        seen = read_notes(witness.read_bytes().decode()) if witness else []
    except (OSError, ValueError) as error:
        report.bad(f"the bundle cannot be read: {error}")
        return report
    check_leaves(leaves, notes, keys, report)
    if witness:
        check_witness(seen, notes, report)
    before = 0
    with (folder / "events.jsonl").open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                event = _read_event(line)
                seq, name = int(event["seq"]), str(event["id"])
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                report.bad(f"line {number} of events.jsonl: {error}", seq=before + 1)
                continue
            problem = check_event(event)
            if not 0 < seq <= len(leaves) or leaves[seq - 1].hex() != event.get("leaf"):
                problem = problem or "does not have the leaf that the log has in its place"
            if seq <= before:
                problem = problem or "does not stand in the order of the log"
            before = seq
            report.events += 1
            if problem:
                report.bad(f"event {seq} ({name}) {problem}", seq=seq, event=name)
    report.settle()
    return report


def _read_leaves(file: Path) -> list[bytes]:
    text = file.read_bytes()
    leaves = [bytes.fromhex(line) for line in text.decode("ascii").split()]
    if text != b"".join(b"%s\n" % leaf.hex().encode() for leaf in leaves) or any(
        len(x) != 32 for x in leaves
    ):
        raise ValueError(f"{file.name} is not one leaf of 64 lower-case hex digits a line")
    return leaves


def _read_event(line: bytes) -> dict[str, Any]:
    event = json.loads(line.decode(), object_pairs_hook=_no_duplicates)
    if not isinstance(event, dict) or (canonical_json(event) + "\n").encode() != line:
        raise ValueError("not an event in its canonical form")
    return event


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verify an exported audit bundle offline.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument(
        "--key", type=Path, action="append", required=True, help="public key, base64, one a line"
    )
    parser.add_argument("--witness", type=Path)
    asked = parser.parse_args(arguments)
    try:
        keys = [base64.b64decode(k, validate=True) for file in asked.key for k in file.read_text().split()]
    except (OSError, binascii.Error) as error:
        print(f"the public key cannot be read: {error}", file=sys.stderr)
        return 2
    report = verify_bundle(asked.bundle, keys, asked.witness)
    for line in report.problems:
        print(f"BAD   {line}")
    for line in report.notes:
        print(f"note  {line}")
    print(
        f"{'verified' if report.ok else 'NOT VERIFIED'}: {report.events} events, log of {report.size}, "
        f"{report.checkpoints} checkpoints; trustworthy up to {report.trustworthy_seq}"
    )
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
