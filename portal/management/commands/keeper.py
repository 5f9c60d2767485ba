"""Do what must go on by itself: seal the trail, publish and pin bundles, take back what dead workers held.

    manage.py keeper            until it is told to stop
    manage.py keeper --once     one round of everything

Everything it does is read from the database, so nothing is lost when it dies; of several keepers one works.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection

from audit import executions, seal
from audit.keys import signing_key
from governance import publishing, upkeep, wiring
from governance.bundle import Builder
from portal import tasks

log = logging.getLogger(__name__)

TICK_S = 0.1
# A change of policy waits for this, twice: until it is published, and until it is pinned.
GATE_TICK_S = 0.05
LEADER_LOCK = 7_302_114
BATCH = 1000


@dataclass
class Job:
    """Something done every so often. After a failure it waits a little longer, and says so once."""

    name: str
    every_s: float
    work: Callable[[], Any]
    due: float = 0.0
    trouble: str = ""

    def run(self, now: float) -> None:
        if now < self.due:
            return
        try:
            self.work()
        except Exception as error:
            text = f"{self.name}: {type(error).__name__}: {error}"
            if text != self.trouble:
                log.exception("%s", text)
            self.trouble = text[:500]
            self.due = time.monotonic() + max(self.every_s, 1.0)
            connection.close()
            return
        if self.trouble:
            log.warning("%s works again", self.name)
        self.trouble = ""
        self.due = time.monotonic() + self.every_s


class Command(BaseCommand):
    # It must start when a page would not: what it does depends on the database alone.
    requires_system_checks: list[str] = []
    help = "Seals the audit trail, publishes policy bundles, takes runs back from lost workers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round of everything, then leave")

    def handle(self, **options: Any) -> None:
        stop = threading.Event()
        if not options["once"]:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
        jobs = _jobs()
        while not stop.is_set():
            try:
                with _leadership(stop) as leads:
                    if leads:
                        _lead(jobs, stop, once=options["once"])
            except Exception:
                # The database is away: it comes back without us being started again.
                log.exception("the keeper lost its lead")
                connection.close()
                stop.wait(1.0)
            if options["once"]:
                return


def _jobs() -> list[Job]:
    jobs = [
        Job("gate", 0.0, _gate_keeper()),
        Job("seal", 1.0, _seal_all),
        Job("runs", settings.SWEEP_SECONDS, _sweep),
        Job("stored", 5.0, tasks.wake_sweep),
        Job("upkeep", 60.0, upkeep.forget_expired),
    ]
    return [*jobs, Job("heartbeat", 2.0, lambda: upkeep.beat("keeper", _troubles(jobs)))]


def _lead(jobs: list[Job], stop: threading.Event, *, once: bool) -> None:
    """The first job has its own thread: building a large bundle must not hold up sealing and sweeping."""
    if once:
        for job in jobs:
            job.run(time.monotonic())
        return
    halt = threading.Event()
    beside = threading.Thread(target=_repeat, args=(jobs[:1], halt), name="keeper-gate")
    beside.start()
    try:
        while not stop.is_set():
            for job in jobs[1:]:
                job.run(time.monotonic())
            _still_leads()
            close_old_connections()
            stop.wait(TICK_S)
    finally:
        halt.set()
        beside.join()


def _repeat(jobs: list[Job], halt: threading.Event) -> None:
    while not halt.wait(GATE_TICK_S):
        for job in jobs:
            job.run(time.monotonic())
        close_old_connections()
    connection.close()


def _gate_keeper() -> Callable[[], None]:
    """Publishes and pins. The first round compares content: a newer release brings another library."""
    builder = Builder(settings.BUNDLE_SIGNING_KEY_FILE.read_bytes())
    first = [True]

    def keep() -> None:
        if first[0]:
            publishing.recall(builder)
        publishing.publish_if_due(builder, wiring.publisher(), always=first[0])
        first[0] = False
        publishing.pin_if_ready()

    return keep


def _seal_all() -> None:
    key = signing_key(settings.AUDIT_SIGNING_KEY_FILE)
    while seal.seal_once(key, settings.AUDIT_WITNESS_FILE).events >= BATCH:
        continue


def _sweep() -> None:
    executions.sweep()
    # Those put back into the queue, and those whose bell the broker lost, are rung for.
    tasks.wake_queued()
    tasks.wake_replays()
    tasks.wake_exams()


def _troubles(jobs: list[Job]) -> str:
    return "\n".join(job.trouble for job in jobs if job.trouble)


@contextlib.contextmanager
def _leadership(stop: threading.Event) -> Iterator[bool]:
    """Held by one keeper at a time: by a lock of the session on PostgreSQL, of a file on SQLite."""
    if connection.vendor == "postgresql":
        with _database_lock(stop) as leads:
            yield leads
        return
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / "keeper.lock").open("w") as handle:
        while not stop.is_set():
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                stop.wait(1.0)
                continue
            yield True
            return
        yield False


# The connection that holds the lock does nothing else, so that no failed statement can lose it unseen.
_holder: list[Any] = []


@contextlib.contextmanager
def _database_lock(stop: threading.Event) -> Iterator[bool]:
    holder = connection.copy()
    _holder[:] = [holder]
    try:
        while not stop.is_set():
            with holder.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [LEADER_LOCK])
                if cursor.fetchone()[0]:
                    break
            stop.wait(1.0)
        yield not stop.is_set()
    finally:
        _holder.clear()
        holder.close()


def _still_leads() -> None:
    """Raises when the connection that holds the lock is gone: then another keeper may lead."""
    for holder in _holder:
        with holder.cursor() as cursor:
            cursor.execute("SELECT 1")
