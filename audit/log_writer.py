"""Writing a step's log: masked, limited, in chunks that are kept before they are acknowledged."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import QuerySet, Sum

from audit.log_limits import MOST_RUN_BYTES, ByteCap, LineLimit
from audit.masking import StreamMask
from audit.models import LogChunk
from audit.ports import LogStore
from audit.record import digest_of
from audit.runs import Lease, append_event, held, run_id
from audit.verify import Tree, leaf_hash

CHUNK_BYTES: Final = 64 * 1024
CHUNK_S: Final = 1.0
STREAMS: Final = ("stdout", "stderr", "portal")


@dataclass(frozen=True, slots=True)
class LogEnd:
    """What a closed log is: bytes, root hash over its chunks, and what is missing, if anything."""

    length: int
    root: str
    complete: bool
    note: str


class LogWriter:
    """Writes one step's log under a lease; safe to use from the threads of one process.

    write and tick raise LeaseLost when another worker has the run. A store that cannot write (disk
    full) does not stop the step: the log then ends where it was last kept, and says so.
    """

    def __init__(
        self,
        store: LogStore,
        lease: Lease,
        step: str,
        *,
        secrets: Sequence[str] = (),
        cap_bytes: int = MOST_RUN_BYTES,
    ) -> None:
        self._store, self._lease, self._step = store, lease, step
        self._key = key_of(lease.execution_id, step, lease.fence)
        self._lock = threading.RLock()
        self._masks = {stream: StreamMask(secrets) for stream in STREAMS}
        self._lines = {stream: LineLimit() for stream in STREAMS}
        self._buffers: dict[str, bytearray] = {}
        self._oldest = 0.0
        self._broken = ""
        rows = chunks_of(lease.execution_id, step, lease.fence)
        self._tree, self._offset, self._n = Tree(), 0, 0
        for sha256, offset, length in rows.values_list("sha256", "offset", "length"):
            self._tree.append(leaf_hash(bytes.fromhex(sha256)))
            self._offset, self._n = offset + length, self._n + 1
        used = LogChunk.objects.filter(execution_id=run_id(lease.execution_id)).aggregate(n=Sum("length"))[
            "n"
        ]
        self._cap = ByteCap(cap_bytes - (used or 0))

    def write(self, stream: str, data: bytes) -> None:
        """Take bytes of `stdout`, `stderr` or `portal` (our own words)."""
        with self._lock:
            self._take(stream, self._lines[stream].feed(self._masks[stream].feed(data)))
            if sum(map(len, self._buffers.values())) >= CHUNK_BYTES:
                self.flush()
            else:
                self.tick()

    def tick(self) -> None:
        """Call about twice a second while a step is silent: what is a second old is kept now."""
        with self._lock:
            if self._buffers and time.monotonic() - self._oldest >= CHUNK_S:
                self.flush()

    def flush(self) -> None:
        """Keep everything that is not held back as the possible beginning of a secret."""
        with self._lock:
            buffers, self._buffers = self._buffers, {}
            pieces = [
                (stream, bytes(data[start : start + CHUNK_BYTES]))
                for stream, data in buffers.items()
                for start in range(0, len(data), CHUNK_BYTES)
            ]
            if pieces and not self._broken:
                self._keep(pieces)

    def close(self, *, complete: bool = True, note: str = "") -> LogEnd:
        """Keep the rest and state length, root hash and what is missing in the run's record."""
        with self._lock:
            for stream in STREAMS:
                rest = self._lines[stream].feed(self._masks[stream].end())
                self._take(stream, rest + self._lines[stream].end())
            self.flush()
            notes = [part for part in (note, self._broken, self._capped()) if part]
            end = LogEnd(
                self._offset, self._tree.root().hex(), complete and not self._broken, "; ".join(notes)
            )
            _state_end(self._lease, self._step, end)
            return end

    def _take(self, stream: str, data: bytes) -> None:
        kept = self._cap.feed(data)
        if kept:
            if not self._buffers:
                self._oldest = time.monotonic()
            self._buffers.setdefault(stream, bytearray()).extend(kept)

    def _keep(self, pieces: list[tuple[str, bytes]]) -> None:
        rows: list[LogChunk] = []
        offset = self._offset
        for stream, data in pieces:
            digest = hashlib.sha256(data).hexdigest()
            rows.append(
                LogChunk(
                    execution_id=run_id(self._lease.execution_id),
                    step=self._step,
                    fence=self._lease.fence,
                    n=self._n + len(rows),
                    stream=stream,
                    offset=offset,
                    length=len(data),
                    sha256=digest,
                )
            )
            offset += len(data)
        with transaction.atomic():
            held(self._lease)  # fenced out: nothing is written, not even to the store
            try:
                self._store.append(self._key, self._offset, b"".join(data for _, data in pieces))
            except OSError as error:
                self._broken = f"incomplete: bytes from {self._offset} on could not be kept ({error})"
                return
            LogChunk.objects.bulk_create(rows)
        for row in rows:
            self._tree.append(leaf_hash(bytes.fromhex(row.sha256)))
        self._offset, self._n = offset, self._n + len(rows)

    def _capped(self) -> str:
        return f"cut: {self._cap.dropped} bytes beyond the limit of a run's log" if self._cap.dropped else ""


def key_of(execution_id: str, step: str, fence: int) -> str:
    """Where a log lies in the store; the step's path may hold anything, so its digest stands for it."""
    return f"{run_id(execution_id)}/{digest_of(step)[:32]}/{fence}.log"


def chunks_of(execution_id: str, step: str, fence: int) -> QuerySet[LogChunk]:
    """The chunk rows of one attempt of one step, in order."""
    return LogChunk.objects.filter(execution_id=run_id(execution_id), step=step, fence=fence).order_by("n")


def _state_end(lease: Lease, step: str, end: LogEnd) -> None:
    facts = {
        "length": end.length,
        "root": end.root,
        "complete": end.complete,
        "note": end.note,
        "fence": lease.fence,
    }
    with transaction.atomic():
        run = held(lease)
        run.logs = {**run.logs, step: facts}
        run.save(update_fields=["logs"])
        append_event(run, "log.closed", step=step, data=facts)
