"""Months, quarters, and days of every month."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.authoring.reading.meaning.windows import Window
from governance.authoring.reading.times.dates import Dates
from governance.authoring.reading.times.weekdays import Weekdays

QUARTERS = {f"q{n}": (3 * n - 2, 3 * n - 1, 3 * n) for n in range(1, 5)}
DAY_OF_MONTH = "day of month|day of each month|day of every month|day of a month|day of any month"
OF_EACH_MONTH = "of month|of each month|of every month|of a month|of any month"


class Months(Weekdays, Dates):
    """Grammar of months and of the days in them."""

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
        yield from self._to_end_of_month(i)
        days: list[int] = []
        k = self.skip(i, "on|on day|day")
        while found := list(self._ordinal(k)):
            k, day = found[0]
            days.append(day)
            for end in self.says(self.skip(k, "day"), OF_EACH_MONTH):
                yield end, Window(days_of_month=tuple(sorted(set(days))))
            k = self.skip(k + 1 if self.is_punct(k, ",") else k, "and|or")

    def _to_end_of_month(self, i: int) -> Iterator[tuple[int, Window]]:
        """From the 25th until the end of the month."""
        for j in self.says(i, "from|after|since"):
            late = int(self.tokens[j - 1].base == "after")
            for k, first in self._ordinal(self.skip(j, "day")):
                for m in self.says(k, "until|to|till|up to|through|on until|onwards until"):
                    for end in self.says(
                        m,
                        "end of month|end of each month|end of every month|last day of month|last of month|last day of each month",
                    ):
                        yield end, Window(days_of_month=tuple(range(first + late, 32)))
