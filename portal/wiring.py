"""The only module that knows which adapter stands behind which port."""

from __future__ import annotations

from portal import tasks
from templates_catalog import wiring as definitions


def connect() -> None:
    definitions.set_wake(tasks.wake)
