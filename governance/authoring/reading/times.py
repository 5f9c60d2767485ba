"""Times: weekdays, clock times, dates and zones as windows of `metadata.timestamp`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import available_timezones

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.choices import fork_at
from governance.authoring.reading.forward import Forward
from governance.authoring.reading.meaning import Pred

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = {d.lower(): d for d in DAYS} | {d.lower()[:3]: d for d in DAYS} | {"thurs": "Thursday",
        "tues": "Tuesday", "thur": "Thursday"}  # fmt: skip
MONTHS = "january february march april may june july august september october november december".split()
_MONTH = {m: n for n, m in enumerate(MONTHS, 1)} | {m[:3]: n for n, m in enumerate(MONTHS, 1)}
_MONTH |= {"sept": 9}
ZONES = {
    "utc": "UTC", "gmt": "UTC", "z": "UTC", "berlin": "Europe/Berlin", "oslo": "Europe/Oslo",
    "london": "Europe/London", "paris": "Europe/Paris", "madrid": "Europe/Madrid",
    "rome": "Europe/Rome", "vienna": "Europe/Vienna", "zurich": "Europe/Zurich",
    "amsterdam": "Europe/Amsterdam", "brussels": "Europe/Brussels", "stockholm": "Europe/Stockholm",
    "copenhagen": "Europe/Copenhagen", "helsinki": "Europe/Helsinki", "warsaw": "Europe/Warsaw",
    "prague": "Europe/Prague", "lisbon": "Europe/Lisbon", "dublin": "Europe/Dublin",
    "athens": "Europe/Athens", "istanbul": "Europe/Istanbul", "kyiv": "Europe/Kyiv",
    "new york": "America/New_York", "eastern": "America/New_York", "boston": "America/New_York",
    "chicago": "America/Chicago", "central": "America/Chicago", "denver": "America/Denver",
    "los angeles": "America/Los_Angeles", "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles", "pacific": "America/Los_Angeles", "toronto": "America/Toronto",
    "sao paulo": "America/Sao_Paulo", "mexico city": "America/Mexico_City", "tokyo": "Asia/Tokyo",
    "singapore": "Asia/Singapore", "hong kong": "Asia/Hong_Kong", "shanghai": "Asia/Shanghai",
    "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata", "bangalore": "Asia/Kolkata",
    "india": "Asia/Kolkata", "indian": "Asia/Kolkata", "dubai": "Asia/Dubai",
    "sydney": "Australia/Sydney", "melbourne": "Australia/Melbourne", "auckland": "Pacific/Auckland",
    "germany": "Europe/Berlin", "german": "Europe/Berlin", "norway": "Europe/Oslo",
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "frankfurt": "Europe/Berlin",
    "japan": "Asia/Tokyo", "france": "Europe/Paris", "norwegian": "Europe/Oslo",
    "cet": "Europe/Berlin", "cest": "Europe/Berlin", "bst": "Europe/London",
}  # fmt: skip
# names people give to hours; they mean nothing until the hours are said
HOURS = (
    "during office hour|during business hour|during working hour|office hour|business hour|working hour|during work hour"
    "|in night|during night|at night|overnight|in evening|in morning|during day|in office hour|in business hour|in working hour|within business hour|within office hour|within working hour"
)
FIRST_DAY, LAST_DAY = "1970-01-01", "2200-01-01"  # of windows that are open at one end
QUARTERS = {f"q{n}": (3 * n - 2, 3 * n - 1, 3 * n) for n in range(1, 5)}
DAY_OF_MONTH = "day of month|day of each month|day of every month|day of a month|day of any month"
OF_EACH_MONTH = "of month|of each month|of every month|of a month|of any month"
DAY_BEFORE = frozenset("on and or every each until to between from / , -".split())
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


class Times(Forward):
    """Grammar of time windows."""

    @rule
    def window(self, i: int) -> Iterator[tuple[int, Window]]:
        """One or several time phrases that hold together, with a zone."""
        for j, first in self._part(i):
            for k, rest in self._more(j, first):
                end, zoned = self._zone_after(k, rest)
                yield self._inclusive(end), zoned
                if end != k:
                    yield end, zoned

    @rule
    def windows(self, i: int) -> Iterator[tuple[int, Pred]]:
        """Windows joined by "or", and what lies outside of one."""
        for j in self.says(i, "outside of|outside|not during|not between|except during|other than"):
            back = j - 1 if self.tokens[j - 1].base == "between" else j
            for k, window in self.window(back):
                yield k, _outside(window)
            for k, window in self._bare_span(j):
                yield k, _outside(window)
        yield from self._at_once_or_either(i)
        for j, window in self.window(i):
            k = j + 1 if self.is_punct(j, ",") else j
            k = self.skip(k, "or|and")
            if k > j:
                for m, rest in self.windows(k):
                    yield m, _either(window.pred(), rest)
            yield j, window.pred()

    def _at_once_or_either(self, i: int) -> Iterator[tuple[int, Pred]]:
        """On Fridays and in December: the Fridays of December, or all of both."""
        found = self.window(i)
        once = dict(reversed(found))
        for j, first in found:
            k = self.skip(j, "and")
            if k == j or not self.says(k, "on|in|during|at|after|before|between|from"):
                continue
            for m, rest in self.window(k):
                if m in once and once[m] != first:
                    fork = fork_at(self.tokens, i, m, 'Is "{said}" one time or two?',
                                   "Two times: either of them counts", "One time: only where both hold at once")  # fmt: skip
                    yield m, fork.between(_either(first.pred(), rest.pred()), once[m].pred())

    def _bare_span(self, j: int) -> Iterator[tuple[int, Window]]:
        for k, window in self._part(j):
            yield self._zone_after(k, window)

    def _more(self, j: int, window: Window) -> Iterator[tuple[int, Window]]:
        m = self.skip(j + 1 if self.is_punct(j, ",") else j, "and only|but only|and")
        for k, nxt in self._part(m):
            both = window.joined(nxt)
            if both:
                yield from self._more(k, both)
        zone_end, zoned = self._zone_after(j, window)
        if zone_end != j and zoned.zone != window.zone:
            for k, nxt in self._part(self.skip(zone_end, "and")):
                both = zoned.joined(nxt)
                if both:
                    yield from self._more(k, both)
        yield j, window

    def _zone_after(self, k: int, window: Window) -> tuple[int, Window]:
        paren = self.is_punct(k, "(")
        for j, zone in self._zone(k + 1 if paren or self.is_punct(k, ",") else k):
            if paren:
                j = self.skip(j, "time")
                if not self.is_punct(j, ")"):
                    continue
                j += 1
            return j, replace(window, zone=zone)
        return k, window

    @rule
    def _zone(self, i: int) -> Iterator[tuple[int, str]]:
        i = self.skip_all(i, "we go by|in|by|at|local time in|time in|local time of|as in|of|time"
                             "|everything be in|be in|timezone|time zone|measured in|based on")  # fmt: skip
        token = self.token(i)
        if token is None:
            return
        if re.fullmatch(r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+", token.text):
            yield self.skip(i + 1, "time"), token.text
        if token.text.isalpha() and token.text.istitle() and self.is_punct(i + 1, "/") and i + 2 < self.size:
            named = f"{token.text}/{self.tokens[i + 2].text}"  # Europe/Berlin
            if named in available_timezones():
                yield self.skip(i + 3, "time"), named
                return
        for words, zone in sorted(ZONES.items(), key=lambda z: -len(z[0])):
            for j in self.says(i, words):
                yield self.skip_all(j, "local time|time zone|timezone|time|standard time"), zone
                return

    @rule
    def _part(self, i: int) -> Iterator[tuple[int, Window]]:
        for j in self.says(i, HOURS):
            if self.is_punct(j, "("):  # business hours (9-18 UTC, Monday to Friday)
                for k, window in self.window(j + 1):
                    if self.is_punct(k, ")"):
                        yield self._zone_skip(k + 1), window
                continue
            j = j + 1 if self.is_punct(j, ",:-") else j
            for k, window in self._daily(self.skip(j, "that be|i.e|i.e.|meaning|so|that mean|which be")):
                yield k + 1 if self.is_punct(k, ")") else k, window
        start = i
        i = self.skip(i, "during|at any time")
        if i and self.tokens[i - 1].base == "during":
            i = self.skip(
                i,
                "freeze|change freeze|code freeze|freeze period|holiday freeze|freeze window|deployment freeze",
            )
        for j in self.says(
            i,
            "business hour|office hour|working hour|work hour|maintenance window|change window|opening hour|core hour",
        ):
            k = j + 1 if self.is_punct(j, ",(:-") else j
            for m in self.says(k, "that be|i.e.|i.e|meaning|which be|so|e.g.|namely|of"):
                for n, window in self.window(m + 1 if self.is_punct(m, ",:") else m):
                    yield n + 1 if self.is_punct(j, "(") and self.is_punct(n, ")") else n, window
            for n, window in self.window(k) if k > j else []:
                yield n + 1 if self.is_punct(j, "(") and self.is_punct(n, ")") else n, window
        yield from self._dates(i)
        yield from self._weekly(i)
        yield from self._weekdays(i)
        yield from self._daily(i)
        for begin in {start, i}:  # "during" belongs to a month
            yield from self._months(begin)

    # --- clock times -------------------------------------------------------------------------
    @rule
    def clock(self, i: int) -> Iterator[tuple[int, Clock]]:
        """17:00, 5pm, 5 pm, noon, midnight, 17 o'clock, 17h."""
        token = self.token(i)
        if token is None or token.quoted:
            return
        text = token.base
        if found := re.fullmatch(r"(\d{1,2}):(\d{2})", text):
            hour, minute, j = int(found.group(1)), int(found.group(2)), i + 1
            j, hour = self._half(j, hour)
            if hour <= 24 and minute < 60:
                yield self.skip(j, "o'clock|h|hour"), (hour, minute)
        elif found := re.fullmatch(r"(\d{1,2})(am|pm|h)", text):
            yield i + 1, (_hour(int(found.group(1)), found.group(2)), 0)
        elif found := re.fullmatch(r"(\d{1,2})[:.](\d{2})(am|pm)", text):
            yield i + 1, (_hour(int(found.group(1)), found.group(3)), int(found.group(2)))
        elif re.fullmatch(r"\d{1,2}", text) and int(text) <= 24:
            j, hour = self._half(i + 1, int(text))
            j2 = self.skip(j, "o'clock")
            if j2 != i + 1:
                yield j2, (hour, 0)
            else:
                yield i + 1, (int(text), 0)
        elif text == "noon":
            yield i + 1, (12, 0)
        elif text == "midnight":
            yield i + 1, (24, 0)

    def _half(self, j: int, hour: int) -> tuple[int, int]:
        for words, half in (("am|a.m.|a.m", "am"), ("pm|p.m.|p.m", "pm")):
            for k in self.says(j, words):
                return k, _hour(hour, half)
        return j, hour

    def _daily(self, i: int) -> Iterator[tuple[int, Window]]:
        i = self.skip(i, "every day|each day|on every day|on each day|on all day|daily|every night|each night|every evening"
                         "|any day|on any day|every single day|per day|day by day")  # fmt: skip
        for j in self.says(i, "between|from|in the hours from|in the time from"):
            for k, start in self.clock(j):
                k = self._zone_skip(k)
                for m in self.says(k, "and|to|until|till|-"):
                    for n, end in self.clock(m):
                        n = self._inclusive(n)
                        yield n, Window(daily=((hhmm(_start(start)), hhmm(end)),))
        for k, start in self.clock(i):
            for m in self.says(k, "-|to|until"):
                for n, end in self.clock(m):
                    yield self._inclusive(n), Window(daily=((hhmm(_start(start)), hhmm(end)),))
        for j in self.says(i, "after|later than|from"):
            for k, start in self.clock(j):
                k = self.skip(k, "onwards|on|onward|or later")
                yield k, Window(daily=((hhmm(_start(start)), "24:00"),))
        for j in self.says(i, "before|earlier than|until"):
            for k, end in self.clock(j):
                yield k, Window(daily=(("00:00", hhmm(end)),))
        for k in self.says(i, "at night|over night|overnight"):
            yield k, Window(daily=(("22:00", "06:00"),))

    def _inclusive(self, n: int) -> int:
        """Remarks on whether the end belongs to it; ends never do."""
        if self.is_punct(n, "("):
            for j, _ in self.clock(n + 1):
                for k in self.says(j, "itself be too late|be too late|itself exclude|exclude"
                                      "|not include|itself be out|itself not include"):  # fmt: skip
                    if self.is_punct(k, ")"):
                        return k + 1
        return n

    def _zone_skip(self, k: int) -> int:
        for j, _ in self._zone(k):
            if self.tokens[k].base in ZONES:
                return j
        return k

    # --- weekdays ----------------------------------------------------------------------------
    @rule
    def _day(self, i: int) -> Iterator[tuple[int, str]]:
        token = self.token(i)
        if token is None or token.quoted:
            return
        base = token.base.rstrip("s") if token.base not in _DAY else token.base
        base = "sat" if token.text.lower() == "sat" else base  # not what is past of "sit"
        told = i > 0 and (self.tokens[i - 1].base in DAY_BEFORE or self.is_punct(i + 1, "/-"))
        if base in _DAY and (len(base) > 3 or token.text.istitle() or told or base not in ("sun", "sat")):
            yield i + 1, _DAY[base]

    def _weekdays(self, i: int) -> Iterator[tuple[int, Window]]:
        i = self.skip(i, "on every|on each|on all|on any|on|at|over|every|each")
        for j in self.says(i, "weekend|week end|the weekend"):
            yield j, Window(weekdays=("Saturday", "Sunday"))
        for j in self.says(i, "weekday|working day|business day|workday|work day|week day"):
            yield j, Window(weekdays=DAYS[:5])
        for j, first in self._day(i):
            for k in self.says(j, "to|-|through|until|till"):
                for m, last in self._day(k):
                    a, b = DAYS.index(first), DAYS.index(last)
                    span = [DAYS[(a + d) % 7] for d in range((b - a) % 7 + 1)]
                    yield m, Window(weekdays=tuple(span))
            days, k = [first], j
            while True:
                m = k + 1 if self.is_punct(k, ",") else k
                m = self.skip(m, "and|or|&")
                m = self.skip(m + 1 if m == k and self.is_punct(m, "/") else m, "on")
                more = self._day(m) if m > k else []
                if not more:
                    break
                k = more[0][0]
                days.append(more[0][1])
            yield k, Window(weekdays=tuple(sorted(set(days), key=DAYS.index)))
        for j in self.says(i, "between|from"):
            for k, first in self._day(j):
                for m in self.says(k, "and|to|until|through|till"):
                    for n, last in self._day(m):
                        a, b = DAYS.index(first), DAYS.index(last)
                        span = [DAYS[(a + d) % 7] for d in range((b - a) % 7 + 1)]
                        yield n, Window(weekdays=tuple(span))

    def _weekly(self, i: int) -> Iterator[tuple[int, Window]]:
        """From Friday 16:00 until Monday 06:00."""
        for j in self.says(i, "from|between"):
            for m, (day, start) in self._day_and_clock(j):
                m = self._zone_skip(m)
                for n in self.says(m, "until|to|till|and|through|-"):
                    for q, (last, end) in self._day_and_clock(n):
                        yield q, Window(weekly=((day, hhmm(_start(start)), last, hhmm(end)),))

    def _day_and_clock(self, i: int) -> Iterator[tuple[int, tuple[str, Clock]]]:
        """Friday 18:00, Friday at 6pm, 6pm on Friday."""
        for j, day in self._day(i):
            for k, clock in self.clock(self.skip(j, "at")):
                yield k, (day, clock)
        for j, clock in self.clock(i):
            for k, day in self._day(self.skip(j, "on")):
                yield k, (day, clock)

    # --- dates -------------------------------------------------------------------------------
    @rule
    def day_of_year(self, i: int) -> Iterator[tuple[int, tuple[int, int, int]]]:
        """(year or 0, month, day) from 24 December, December 24th, 2025, 2025-12-24."""
        token = self.token(i)
        if token is None:
            return
        if found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", token.base):
            yield i + 1, (int(found.group(1)), int(found.group(2)), int(found.group(3)))
            return
        for j, day in self._ordinal(i):
            k = self.skip(j, "of")
            month = self._month_at(k)
            if month:
                yield from self._year(k + 1, month, day)
        month = self._month_at(i)
        if month:
            for j, day in self._ordinal(i + 1):
                yield from self._year(j, month, day)

    def _month_at(self, i: int) -> int:
        token = self.token(i)
        if token is None or token.quoted or not token.text[:1].isalpha():
            return 0
        base = token.base.rstrip(".")
        return _MONTH.get(base, 0) if base != "may" or token.text.istitle() else 0

    def _ordinal(self, i: int) -> Iterator[tuple[int, int]]:
        token = self.token(i)
        found = re.fullmatch(r"(\d{1,2})(st|nd|rd|th)?\.?", token.base) if token else None
        if found and 1 <= int(found.group(1)) <= 31:
            yield i + 1, int(found.group(1))

    def _year(self, j: int, month: int, day: int) -> Iterator[tuple[int, tuple[int, int, int]]]:
        k = j + 1 if self.is_punct(j, ",") else j
        token = self.token(k)
        if token and re.fullmatch(r"20\d\d", token.base):
            yield k + 1, (int(token.base), month, day)
        yield j, (0, month, day)

    def _moment(self, i: int) -> Iterator[tuple[int, tuple[tuple[int, int, int], Clock | None]]]:
        for j, day in self.day_of_year(i):
            k = j + 1 if self.is_punct(j, ",") else j
            k = self.skip(k, "at")
            for m, clock in self.clock(k):
                if re.search(r"[:apm]|noon|midnight", self.tokens[k].base) or m > k + 1:
                    yield self._zone_skip(m), (day, clock)
            yield j, (day, None)

    def _dates(self, i: int) -> Iterator[tuple[int, Window]]:
        yield from self._open_ended(i)
        dated = self.token(i)
        whole = dated is not None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", dated.base)
        for j in (*self.says(i, "from|between|starting|as of"), *((i,) if whole else ())):
            for k, (first, at) in self._moment(j):
                for m in self.says(k, "until|to|till|through|and|up to|-"):
                    for n, (last, end) in self._moment(self.skip(m, "and including|including|end of")):
                        yield from self._span(n, first, at, last, end)
        for j in self.says(i, "from|between"):  # between 1 and 15 December
            for k, day in self._ordinal(j):
                for m in self.says(k, "and|to|until|-|through"):
                    for n, (last, end) in self._moment(m):
                        yield from self._span(n, (last[0], last[1], day), None, last, end)
        for j in self.says(i, "on|at"):
            yield from self._single_days(j)
        yield from self._single_days(i)

    def _open_ended(self, i: int) -> Iterator[tuple[int, Window]]:
        """From 1 June 2026 on, until 31 March 2026, before and after a day."""
        for j in self.says(i, "from|as of|starting|starting on|since|after|later than"):
            day_after = self.tokens[j - 1].base in ("after", "than")
            for k, (day, clock) in self._moment(j):
                onward = self.says(k, "on|onward|onwards|and later|or later")
                if day[0] and (onward or day_after or self.tokens[j - 1].base in ("of", "since")):
                    first = date(*day) + timedelta(days=1 if day_after and clock is None else 0)
                    start = first.isoformat() + (f"T{hhmm(clock)}" if clock else "")
                    for m in onward or [k]:
                        yield m, Window(dates=((start, LAST_DAY),))
        for j in self.says(i, "until|till|up to|before|earlier than|by"):
            inclusive = self.tokens[j - 1].base in ("until", "till", "to")
            for k, (day, clock) in self._moment(j):
                if day[0]:
                    last = date(*day) + timedelta(days=1 if inclusive and clock is None else 0)
                    end = last.isoformat() + (f"T{hhmm(clock)}" if clock else "")
                    yield k, Window(dates=((FIRST_DAY, end),))

    def _span(self, n: int, first: tuple[int, int, int], at: Clock | None,
              last: tuple[int, int, int], end: Clock | None) -> Iterator[tuple[int, Window]]:  # fmt: skip
        n = self.skip(n + 1 if self.is_punct(n, ",") else n, "both day include|both include|inclusive"
                      "|include|both date include|both end include|each include") if end is None else n  # fmt: skip
        if not first[0] and not last[0]:
            n = self.skip(
                n, "every year|each year|of every year|of each year|in every year|year after year|annually"
            )
            yield n, Window(yearly=((f"{first[1]:02d}-{first[2]:02d}", f"{last[1]:02d}-{last[2]:02d}"),))
            return
        year = first[0] or (last[0] if first[1:] <= last[1:] else last[0] - 1)
        end_year = last[0] or (year if last[1:] >= first[1:] else year + 1)
        start = date(year, first[1], first[2]).isoformat() + (f"T{hhmm(at)}" if at else "")
        stop = date(end_year, last[1], last[2])
        if end is None or end == (24, 0):
            yield n, Window(dates=((start, (stop + timedelta(days=1)).isoformat()),))
        else:
            yield n, Window(dates=((start, f"{stop.isoformat()}T{hhmm(end)}"),))

    def _single_days(self, i: int) -> Iterator[tuple[int, Window]]:
        for j, day in self.day_of_year(i):
            yield j, _one_day(day)
        days: list[int] = []
        k = i
        while True:  # 24 and 25 December
            found = list(self._ordinal(k))
            if not found:
                break
            k = found[0][0]
            days.append(found[0][1])
            nxt = k + 1 if self.is_punct(k, ",") else k
            nxt = self.skip(nxt, "and|or")
            if nxt == k:
                break
            k = nxt
        month = self._month_at(self.skip(k, "of"))
        if len(days) > 1 and month:
            j = self.skip(k, "of") + 1
            for m, (year, _, _) in self._year(j, month, 1):
                windows = [_one_day((year, month, d)) for d in days]
                yield m, Window(dates=tuple(d for w in windows for d in w.dates),
                                yearly=tuple(d for w in windows for d in w.yearly))  # fmt: skip

    def _months(self, i: int) -> Iterator[tuple[int, Window]]:
        for j in self.says(i, "in|during|throughout"):
            found, k = [], j
            while month := self._month_at(k):
                found.append(month)
                k += 1
                nxt = self.skip(k + 1 if self.is_punct(k, ",") else k, "and|or")
                if nxt == k or not self._month_at(nxt):
                    break
                k = nxt
            quarter = self.token(self.skip(j, "quarter"))
            if quarter is not None and quarter.base in QUARTERS:
                found, k = list(QUARTERS[quarter.base]), self.skip(j, "quarter") + 1
            for end, nth in self._nth(j):
                for m in self.says(end, "quarter|quarter of year"):
                    if nth <= 4:
                        found, k = list(QUARTERS[f"q{nth}"]), m
            year = self.token(k)
            if found and year is not None and re.fullmatch(r"20\d\d", year.base):
                yield (
                    k + 1,
                    Window(
                        months=tuple(found), dates=((f"{year.base}-01-01", f"{int(year.base) + 1}-01-01"),)
                    ),
                )
            elif found:
                yield k, Window(months=tuple(found))
        for j in self.says(i, "on the last|on last|in the last|in last|during the last|during last|last"):
            for k, number in self.number(j):
                for end in self.says(k, DAY_OF_MONTH):
                    yield end, Window(last_days=int(number))
            for end in self.says(j, DAY_OF_MONTH):
                yield end, Window(last_days=1)
        yield from self._days_of_month(i)

    def _nth_day(self, i: int) -> Iterator[tuple[int, Window]]:
        """On the second day of a month."""
        for number, word in enumerate(("second", "third", "fourth", "fifth", "sixth", "seventh"), 2):
            for j in self.says(i, f"on {word}|{word}"):
                for end in self.says(j, DAY_OF_MONTH):
                    yield end, Window(days_of_month=(number,))

    def _nth(self, i: int) -> Iterator[tuple[int, int]]:
        for number, word in enumerate(("first", "second", "third", "fourth"), 1):
            yield from ((j, number) for j in self.says(i, word))

    def _nth_weekday(self, i: int) -> Iterator[tuple[int, Window]]:
        """On the last Friday of the month, on the first Monday of each month."""
        i = self.skip(i, "on|on every|every")
        nths = [(j, tuple(range(7 * n - 6, 7 * n + 1)), 0) for j, n in self._nth(i)]
        for j, days, last in (*nths, *((j, (), 7) for j in self.says(i, "last"))):
            for k, day in self._day(j):
                for m in self.says(k, f"{OF_EACH_MONTH}|in month|in each month|in every month"):
                    yield m, Window(weekdays=(day,), days_of_month=days, last_days=last)

    def _days_of_month(self, i: int) -> Iterator[tuple[int, Window]]:
        """On the 1st and 15th of each month, on the first three days of a month, between the 1st and 5th of the month."""
        for j in self.says(i, "on first|in first|during first|first"):
            for k, number in self.number(j):
                for end in self.says(k, DAY_OF_MONTH):
                    yield end, Window(days_of_month=tuple(range(1, int(number) + 1)))
            for end in self.says(j, DAY_OF_MONTH):
                yield end, Window(days_of_month=(1,))
        yield from self._nth_day(i)
        yield from self._nth_weekday(i)
        for j in self.says(i, "from|between"):
            for k, first in self._ordinal(j):
                for m in self.says(k, "to|until|and|-|through"):
                    for n, last in self._ordinal(m):
                        span = (
                            range(first, last + 1)
                            if first <= last
                            else (*range(first, 32), *range(1, last + 1))
                        )
                        for end in self.says(n, f"day of every month|{OF_EACH_MONTH}"):
                            yield end, Window(days_of_month=tuple(sorted(span)))
        days: list[int] = []
        k = self.skip(i, "on|on day|day")
        while found := list(self._ordinal(k)):
            k, day = found[0]
            days.append(day)
            for end in self.says(self.skip(k, "day"), OF_EACH_MONTH):
                yield end, Window(days_of_month=tuple(sorted(set(days))))
            k = self.skip(k + 1 if self.is_punct(k, ",") else k, "and|or")


def _outside(window: Window) -> Pred:
    during = window.during()
    return lambda _: r.Not(of=during)


def _either(first: Pred, second: Pred) -> Pred:
    return lambda at: r.Any(of=(first(at), second(at)))


def _one_day(day: tuple[int, int, int]) -> Window:
    year, month, number = day
    if year:
        first = date(year, month, number)
        return Window(dates=((first.isoformat(), (first + timedelta(days=1)).isoformat()),))
    text = f"{month:02d}-{number:02d}"
    return Window(yearly=((text, text),))


def _hour(hour: int, half: str) -> int:
    if half == "pm" and hour < 12:
        return hour + 12
    return 0 if half == "am" and hour == 12 else hour


def _start(clock: Clock) -> Clock:
    return (0, 0) if clock == (24, 0) else clock
