"""Background work: run an execution, make an impact, sit an exam, and ring the bell for those that wait for a worker."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterable

from django.db import close_old_connections
from kombu.exceptions import KombuError

from audit import executions
from audit.wiring import log_store
from governance import replay, sweep
from governance.exam import sitting
from portal.celery import app
from templates_catalog.runners.sandbox import Sandbox
from templates_catalog.runners.worker import work

# A queued run's bell is rung again after this long, in case the broker lost or never got the message.
RING_AGAIN_S = 10.0
MOST_RUNG = 50

_rung: dict[str, float] = {}
_rung_replays: dict[str, float] = {}
_rung_exams: dict[str, float] = {}


@app.task(name="portal.run_execution")
def run_execution(execution_id: str) -> str:
    """Work on one queued run. Safe to deliver twice: only the delivery that claims it runs it."""
    close_old_connections()
    try:
        return work(execution_id, worker_name(), runner=Sandbox(), store=log_store())
    finally:
        close_old_connections()


@app.task(name="portal.run_replay")
def run_replay(replay_id: str) -> str:
    """Work on one impact. Safe to deliver twice: only the delivery that claims it works on it."""
    close_old_connections()
    try:
        return replay.run(replay_id)
    finally:
        close_old_connections()


@app.task(name="portal.run_exam")
def run_exam(exam_id: str) -> str:
    """Let the planner sit one exam for a while; what is left of it goes to the end of the queue. Safe to deliver twice."""
    from portal.assistant.candidates import candidate_for

    close_old_connections()
    try:
        state = sitting.work(exam_id, candidate_for)
        if state == "queued":
            wake_exam(exam_id)
        return state
    finally:
        close_old_connections()


@app.task(name="portal.run_sweep")
def run_sweep() -> str:
    """Decide everything stored anew, when it is due. Safe to deliver twice."""
    close_old_connections()
    try:
        return sweep.run()
    finally:
        close_old_connections()


def wake_sweep() -> bool:
    """Ring for a sweep when one is due. Raises OSError when the broker does not take the message."""
    if not sweep.due():
        return False
    try:
        run_sweep.apply_async((), retry=False, ignore_result=True, expires=60)
    except KombuError as error:
        raise OSError(f"the message broker does not answer: {error}") from error
    return True


def wake_replay(replay_id: str) -> None:
    """Ring the bell for one impact. Raises OSError when the broker does not take the message."""
    try:
        run_replay.apply_async((replay_id,), retry=False, ignore_result=True)
    except KombuError as error:
        raise OSError(f"the message broker does not answer: {error}") from error


def wake_exam(exam_id: str) -> None:
    """Ring the bell for one exam. Raises OSError when the broker does not take the message."""
    try:
        run_exam.apply_async((exam_id,), retry=False, ignore_result=True)
    except KombuError as error:
        raise OSError(f"the message broker does not answer: {error}") from error


def worker_name() -> str:
    """Names this attempt, not only this process: two leases of one process are told apart."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


def wake(execution_id: str) -> None:
    """Ring the bell for one run. Raises OSError when the broker does not take the message."""
    try:
        run_execution.apply_async((execution_id,), retry=False, ignore_result=True)
    except KombuError as error:
        raise OSError(f"the message broker does not answer: {error}") from error


def wake_queued() -> int:
    """Ring for every run that waits for a worker, each at most every ten seconds; how many were rung.

    Called by the keeper. Raises OSError when the broker is away; the next call tries again.
    """
    return _ring(executions.queued(MOST_RUNG), wake, _rung)


def wake_replays() -> int:
    """The same for impacts that wait for a worker, or whose worker fell silent."""
    return _ring(replay.waiting(), wake_replay, _rung_replays)


def wake_exams() -> int:
    """The same for exams of the planner. What nobody can go on with ends here."""
    sitting.give_up()
    return _ring(sitting.waiting("planner"), wake_exam, _rung_exams)


def _ring(waiting: Iterable[str], ring: Callable[[str], None], rung: dict[str, float]) -> int:
    now = time.monotonic()
    wanted = list(waiting)
    for known in [key for key in rung if key not in wanted]:
        del rung[known]
    due = [key for key in wanted if now - rung.get(key, -RING_AGAIN_S) >= RING_AGAIN_S]
    for key in due:
        ring(key)
        rung[key] = now
    return len(due)
