"""Dates: one day, several, from one to another, open at one end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.windows import Clock, Window, hhmm
from governance.authoring.reading.times.clocks import Clocks

MONTHS = "january february march april may june july august september october november december".split()
_MONTH = {m: n for n, m in enumerate(MONTHS, 1)} | {m[:3]: n for n, m in enumerate(MONTHS, 1)}
_MONTH |= {"sept": 9}
FIRST_DAY, LAST_DAY = "1970-01-01", "2200-01-01"  # of windows that are open at one end


class Dates(Clocks):
    """Grammar of dates."""

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


def _one_day(day: tuple[int, int, int]) -> Window:
    year, month, number = day
    if year:
        first = date(year, month, number)
        return Window(dates=((first.isoformat(), (first + timedelta(days=1)).isoformat()),))
    text = f"{month:02d}-{number:02d}"
    return Window(yearly=((text, text),))
