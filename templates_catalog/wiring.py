"""What the doors plug in at start, so that definitions need not know of a queue."""

from __future__ import annotations

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

_wake: Callable[[str], None] | None = None


def set_wake(wake: Callable[[str], None]) -> None:
    global _wake
    _wake = wake


def wake_execution(execution_id: str) -> None:
    """Ring the bell for a queued run. Only a nudge: the keeper's sweep finds it anyway."""
    if _wake is None:
        return
    try:
        _wake(execution_id)
    except OSError as error:
        log.warning("the broker did not take run %s (%s); the sweep will start it", execution_id, error)
