"""Keeps a lease alive while a run is worked on, and notices when the work must stop."""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.db import DatabaseError, connection

from audit import executions
from audit.executions import Lease, LeaseLost

log = logging.getLogger(__name__)

# How often a request to cancel is looked for between two beats.
LOOK_S = 1.0


class Heart:
    """A thread that beats. Use it as a context manager; `why_stop` is safe to ask from any thread."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.cancelled_by = ""
        self.lost = ""
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name=f"heart-{lease.execution_id}", daemon=True)
        self._last = time.monotonic()

    def __enter__(self) -> Heart:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def why_stop(self) -> str:
        """Why whatever runs now must end; an empty text means go on.

        Also judges the time itself: a process that was frozen does not trust its lease before it has
        beaten again.
        """
        if self.lost:
            return self.lost
        if self.cancelled_by:
            return f"cancelled by {self.cancelled_by}"
        if time.monotonic() - self._last > settings.LEASE_SECONDS:
            return "this worker could not prolong its lease"
        return ""

    def _beat_on(self) -> None:
        try:
            while not self._end.wait(LOOK_S) and not self.lost:
                self._look()
        finally:
            connection.close()

    def _look(self) -> None:
        try:
            if time.monotonic() - self._last >= settings.BEAT_SECONDS - LOOK_S:
                executions.beat(self.lease, lease_s=settings.LEASE_SECONDS)
                self._last = time.monotonic()
            run = executions.get(self.lease.execution_id)
            self.cancelled_by = run.cancel_requested_by if run else ""
        except LeaseLost as error:
            self.lost = str(error)
        except DatabaseError as error:
            log.warning("run %s: no beat, the database did not answer: %s", self.lease.execution_id, error)
            connection.close()
