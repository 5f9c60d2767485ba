"""Days of the week, and weeks cut at a day and a clock time."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.windows import Clock, Window, as_start, hhmm
from governance.authoring.reading.times.clocks import Clocks

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = {d.lower(): d for d in DAYS} | {d.lower()[:3]: d for d in DAYS} | {"thurs": "Thursday",
        "tues": "Tuesday", "thur": "Thursday"}  # fmt: skip
DAY_BEFORE = frozenset("on and or every each until to between from / , -".split())


class Weekdays(Clocks):
    """Grammar of the week."""

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
                        yield q, Window(weekly=((day, hhmm(as_start(start)), last, hhmm(end)),))

    def _day_and_clock(self, i: int) -> Iterator[tuple[int, tuple[str, Clock]]]:
        """Friday 18:00, Friday at 6pm, 6pm on Friday."""
        for j, day in self._day(i):
            for k, clock in self.clock(self.skip(j, "at")):
                yield k, (day, clock)
        for j, clock in self.clock(i):
            for k, day in self._day(self.skip(j, "on")):
                yield k, (day, clock)
