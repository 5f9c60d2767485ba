"""A window of time: weekdays, hours, dates and months that hold together, in a zone."""

from __future__ import annotations

from dataclasses import dataclass

from governance.authoring import rule as r
from governance.authoring.reading.meaning.typed import Pred

Clock = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """Parts of a time window that must all hold; see `During`."""

    weekdays: tuple[str, ...] = ()
    daily: tuple[tuple[str, str], ...] = ()
    weekly: tuple[tuple[str, str, str, str], ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    yearly: tuple[tuple[str, str], ...] = ()
    months: tuple[int, ...] = ()
    days_of_month: tuple[int, ...] = ()
    last_days: int = 0
    zone: str = ""

    def during(self) -> r.During:
        parts = {
            "zone": self.zone or "UTC", "weekdays": self.weekdays, "daily": self.daily,
            "weekly": self.weekly, "dates": self.dates, "yearly": self.yearly, "months": self.months,
            "days_of_month": self.days_of_month, "last_days_of_month": self.last_days,
        }  # fmt: skip
        return r.During.model_validate(parts)

    def pred(self) -> Pred:
        during = self.during()
        return lambda _: during

    def joined(self, other: Window) -> Window | None:
        """Both windows at once; None where they name the same part twice."""
        merged: dict[str, object] = {}
        for name in self.__dataclass_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine and theirs and mine != theirs:
                return None
            merged[name] = mine or theirs
        return Window(**merged)  # type: ignore[arg-type]


def hhmm(clock: Clock) -> str:
    return f"{clock[0]:02d}:{clock[1]:02d}"


def as_start(clock: Clock) -> Clock:
    return (0, 0) if clock == (24, 0) else clock
