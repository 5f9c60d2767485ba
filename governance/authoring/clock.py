"""Whether a moment lies in a window of a calendar, at a place of the world."""

from __future__ import annotations

import calendar
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from governance.authoring import rule as r
from governance.authoring.measures import full_moment, local_minutes, moment_at

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def zone_of(name: str) -> ZoneInfo:
    """The zone with an IANA name; ValueError naming it when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"There is no time zone '{name}'; use a name like Europe/Berlin") from error


def during(window: r.During, timestamp: Any) -> bool:
    """Whether a timestamp in seconds lies in the window; without a timestamp it does not."""
    if isinstance(timestamp, bool) or not isinstance(timestamp, int | float):
        return False
    if not 0 <= timestamp < 9_000_000_000:
        return False
    now = moment_at(timestamp).astimezone(zone_of(window.zone))
    return all(part(window, now) for part in PARTS)


def daily_minutes(window: r.During) -> list[tuple[int, int]]:
    """Windows of a day in minutes since midnight."""
    return [(local_minutes(start), local_minutes(end)) for start, end in window.daily]


def weekly_minutes(window: r.During) -> list[tuple[int, int]]:
    """Windows of a week in minutes since Monday 00:00."""
    return [
        (WEEKDAYS.index(a) * 1440 + local_minutes(start), WEEKDAYS.index(b) * 1440 + local_minutes(end))
        for a, start, b, end in window.weekly
    ]  # fmt: skip


def date_ranges(window: r.During) -> list[tuple[str, str]]:
    """Ranges of dates as full local moments."""
    return [(full_moment(start), full_moment(end)) for start, end in window.dates]


def _weekdays(window: r.During, now: datetime) -> bool:
    return not window.weekdays or WEEKDAYS[now.weekday()] in window.weekdays


def _daily(window: r.During, now: datetime) -> bool:
    return not window.daily or _in_any(now.hour * 60 + now.minute, daily_minutes(window))


def _weekly(window: r.During, now: datetime) -> bool:
    minute = now.weekday() * 1440 + now.hour * 60 + now.minute
    return not window.weekly or _in_any(minute, weekly_minutes(window))


def _in_any(minute: int, windows: list[tuple[int, int]]) -> bool:
    return any(
        start <= minute < end if start <= end else minute >= start or minute < end for start, end in windows
    )


def _dates(window: r.During, now: datetime) -> bool:
    text = now.strftime("%Y-%m-%dT%H:%M:%S")
    return not window.dates or any(start <= text < end for start, end in date_ranges(window))


def _yearly(window: r.During, now: datetime) -> bool:
    day = now.strftime("%m-%d")
    return not window.yearly or any(
        start <= day <= end if start <= end else day >= start or day <= end for start, end in window.yearly
    )


def _months(window: r.During, now: datetime) -> bool:
    return not window.months or now.month in window.months


def _days_of_month(window: r.During, now: datetime) -> bool:
    return not window.days_of_month or now.day in window.days_of_month


def _last_days(window: r.During, now: datetime) -> bool:
    last = calendar.monthrange(now.year, now.month)[1]
    return not window.last_days_of_month or last - now.day < window.last_days_of_month


PARTS = (_weekdays, _daily, _weekly, _dates, _yearly, _months, _days_of_month, _last_days)
