"""The application's clock, and the one exception to it: demo data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

# Events that a portal may hold before anything was done in it.
HARMLESS = ("session.", "demo.", "audit.", "bundle.", "gate.")


class TrailNotEmpty(RuntimeError):
    """The clock may be set only while nothing real has been recorded."""


class DemoClock:
    """The clock that `demo` sets forward as it goes; events made under it say so."""

    def __init__(self) -> None:
        self.at: datetime | None = None

    def set(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("the demo clock needs a time with a time zone")
        # Never a whole second: see audit.database_clock.
        self.at = at.astimezone(UTC).replace(microsecond=at.microsecond or 1)


_demo: ContextVar[DemoClock | None] = ContextVar("demo_clock", default=None)


def now() -> datetime:
    """The time of the application, or of the demo clock where one is set; always UTC."""
    demo = _demo.get()
    return demo.at if demo and demo.at else datetime.now(UTC)


def is_demo() -> bool:
    demo = _demo.get()
    return demo is not None and demo.at is not None


@contextmanager
def demo() -> Iterator[DemoClock]:
    """Let this thread set its clock. Raises TrailNotEmpty when real work has been recorded."""
    from audit.models import AuditEvent

    real = AuditEvent.objects.filter(clock="")
    for prefix in HARMLESS:
        real = real.exclude(action__startswith=prefix)
    if (found := real.order_by("shown_at").first()) is not None:
        raise TrailNotEmpty(
            f"the trail already holds real events, the first {found.action} at "
            f"{found.recorded_at:%Y-%m-%d %H:%M}; demo data can only be made in an empty portal"
        )
    clock = DemoClock()
    token = _demo.set(clock)
    try:
        yield clock
    finally:
        _demo.reset(token)
