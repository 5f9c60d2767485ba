"""Have the configured model sit the exams that wait for it, until it is told to stop.

A process of its own, because it holds the model's key: workers, which run people's steps, do not. Several may run;
each exam is sat by one of them at a time, and one that dies is followed by whoever finds its exam silent.
"""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from governance.exam import sitting
from portal.assistant.candidates import candidate_for

log = logging.getLogger(__name__)

TICK_S = 2.0


class Stopped(BaseException):
    """Told to stop in the middle of an answer; what was marked is kept, and the exam goes on later."""


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Sits exams with the model of OPENAI_MODEL. Needs the database and the model, nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="sit what waits, then leave")

    def handle(self, **options: Any) -> None:
        if not options["once"]:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, _stop)
        try:
            self._sit_all()
            while not options["once"]:
                close_old_connections()
                threading.Event().wait(TICK_S)
                self._sit_all()
        except Stopped:
            return

    def _sit_all(self) -> None:
        try:
            for key in sitting.waiting("model"):
                sitting.work(key, candidate_for)
        except DatabaseError:
            # It comes back without us being started again; until then nothing can be lost.
            log.exception("the examiner waits for the database")


def _stop(*_: object) -> None:
    raise Stopped
