"""The only module that knows which adapter stands behind which port."""

from __future__ import annotations

from governance import wiring as rules
from portal import tasks
from templates_catalog import wiring as definitions


def connect() -> None:
    definitions.set_wake(tasks.wake)
    rules.set_wake_replay(tasks.wake_replay)
    rules.set_wake_exam(tasks.wake_exam)
