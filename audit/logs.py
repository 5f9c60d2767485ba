"""Logs of runs: bytes in the store, chunk rows in the database as the truth about them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Max, Sum

from audit.log_writer import CHUNK_BYTES, STREAMS, LogEnd, LogWriter, chunks_of, key_of
from audit.models import Execution, LogChunk
from audit.ports import LogMissing, LogStore
from audit.runs import run_id
from audit.verify import Tree, leaf_hash

BLOCK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LogInfo:
    """One step's log. `open`: more may come."""

    step: str
    fence: int
    length: int
    root: str
    complete: bool
    note: str
    open: bool


@dataclass(frozen=True, slots=True)
class LogPart:
    """A piece of a log. `end`: the log is closed and nothing follows."""

    offset: int
    data: bytes
    next_offset: int
    end: bool
    complete: bool
    note: str


def streams(execution_id: str) -> list[LogInfo]:
    """The newest log of each step, in the order in which they began."""
    run = Execution.objects.filter(id=run_id(execution_id)).values("logs", "state").first()
    if run is None:
        return []
    rows = LogChunk.objects.filter(execution_id=run_id(execution_id)).values("step", "fence")
    newest: dict[str, tuple[int, int]] = {}
    for row in rows.annotate(first=Max("id"), total=Sum("length")).order_by("first"):
        if row["fence"] >= newest.get(row["step"], (0, 0))[0]:
            newest[row["step"]] = (row["fence"], row["total"])
    for step, end in run["logs"].items():
        newest.setdefault(step, (end["fence"], 0))
    return [_info(step, fence, total, run["logs"]) for step, (fence, total) in newest.items()]


def info(execution_id: str, step: str, fence: int | None = None) -> LogInfo | None:
    """The log of one step; the newest attempt unless a fence is named. None: nothing was written."""
    run = Execution.objects.filter(id=run_id(execution_id)).values("logs").first()
    if run is None:
        return None
    rows = LogChunk.objects.filter(execution_id=run_id(execution_id), step=step)
    if fence is None:
        fence = rows.aggregate(newest=Max("fence"))["newest"]
        fence = fence if fence is not None else run["logs"].get(step, {}).get("fence")
    if fence is None:
        return None
    last = rows.filter(fence=fence).order_by("-n").values_list("offset", "length").first()
    return _info(step, fence, sum(last) if last else 0, run["logs"])


def read(
    store: LogStore,
    execution_id: str,
    step: str,
    offset: int = 0,
    limit: int = CHUNK_BYTES,
    fence: int | None = None,
) -> LogPart:
    """Bytes from an offset on; a negative offset counts from the end. Raises LogMissing."""
    found = info(execution_id, step, fence)
    if found is None:
        return LogPart(0, b"", 0, end=False, complete=True, note="")
    if offset < 0:
        offset = max(found.length + offset, 0)
    offset = min(offset, found.length)
    length = max(min(limit, found.length - offset), 0)
    data = store.read(key_of(execution_id, step, found.fence), offset, length) if length else b""
    behind = offset + length
    ended = not found.open and behind >= found.length
    return LogPart(offset, data, behind, end=ended, complete=found.complete, note=found.note)


def download(store: LogStore, execution_id: str, step: str | None = None) -> Iterator[bytes]:
    """A step's log, or the whole run's with a heading for each step, in blocks of at most 1 MB.

    What is missing is said in the text itself: nothing is left out in silence.
    """
    found = streams(execution_id) if step is None else [i for i in [info(execution_id, step)] if i]
    for log in found:
        if step is None:
            yield f"===== {log.step} =====\n".encode()
        yield from _blocks(store, execution_id, log)
        if log.note:
            yield f"\n===== {log.note} =====\n".encode()
        elif step is None:
            yield b"\n"


def check(store: LogStore, execution_id: str, step: str, fence: int | None = None) -> list[str]:
    """Compare bytes, chunk rows and the stated end of a log; what is wrong, in order."""
    log = info(execution_id, step, fence)
    if log is None:
        return []
    tree, expected, problems = Tree(), 0, []
    for row in chunks_of(execution_id, step, log.fence):
        if row.offset != expected:
            problems.append(f"{step}: a chunk is missing between byte {expected} and {row.offset}")
        try:
            data = store.read(key_of(execution_id, step, log.fence), row.offset, row.length)
        except LogMissing as error:
            return [*problems, f"{step}: {error}"]
        if hashlib.sha256(data).hexdigest() != row.sha256:
            problems.append(f"{step}: bytes {row.offset} to {row.offset + row.length} were changed")
        tree.append(leaf_hash(bytes.fromhex(row.sha256)))
        expected = row.offset + row.length
    if log.root and (log.root != tree.root().hex() or log.length != expected):
        problems.append(f"{step}: the chunks do not add up to the log that was stated at its end")
    return problems


def _info(step: str, fence: int, length: int, ends: dict[str, dict[str, object]]) -> LogInfo:
    end = ends.get(step)
    if end is None or end["fence"] != fence:
        return LogInfo(step, fence, length, "", complete=True, note="", open=True)
    stated = end["length"] if isinstance(end["length"], int) else length
    note = str(end["note"])
    if length < stated:
        note = f"incomplete: the log had {stated} bytes, {length} are left. {note}".strip()
    return LogInfo(
        step,
        fence,
        length,
        str(end["root"]),
        complete=bool(end["complete"]) and length == stated,
        note=note,
        open=False,
    )


def _blocks(store: LogStore, execution_id: str, log: LogInfo) -> Iterator[bytes]:
    key, offset = key_of(execution_id, log.step, log.fence), 0
    while offset < log.length:
        length = min(BLOCK_BYTES, log.length - offset)
        try:
            yield store.read(key, offset, length)
        except LogMissing as error:
            yield f"\n===== incomplete: {error} =====\n".encode()
            return
        offset += length


__all__ = [
    "BLOCK_BYTES", "CHUNK_BYTES", "STREAMS", "LogEnd", "LogInfo", "LogPart", "LogWriter", "check",
    "download", "info", "key_of", "read", "streams",
]  # fmt: skip
