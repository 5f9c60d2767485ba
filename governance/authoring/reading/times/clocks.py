"""Clock times, and hours of the day between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.windows import Clock, Window, as_start, hhmm
from governance.authoring.reading.times.zones import Zones


class Clocks(Zones):
    """Grammar of clock times."""

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
                        begin, end = self._halves(j, k, start, m, n, end)
                        n = self._inclusive(n)
                        yield n, Window(daily=((hhmm(as_start(begin)), hhmm(end)),))
        for k, start in self.clock(i):
            for m in self.says(k, "-|to|until"):
                for n, end in self.clock(m):
                    begin, end = self._halves(i, k, start, m, n, end)
                    yield self._inclusive(n), Window(daily=((hhmm(as_start(begin)), hhmm(end)),))
        for j in self.says(i, "after|later than|from"):
            for k, start in self.clock(j):
                k = self.skip(k, "onwards|on|onward|or later")
                yield k, Window(daily=((hhmm(as_start(start)), "24:00"),))
        for j in self.says(i, "before|earlier than|until"):
            for k, end in self.clock(j):
                yield k, Window(daily=(("00:00", hhmm(end)),))
        for k in self.says(i, "at night|over night|overnight"):
            yield k, Window(daily=(("22:00", "06:00"),))

    def _halves(self, i: int, j: int, start: Clock, m: int, n: int, end: Clock) -> tuple[Clock, Clock]:
        """6 to 8 pm: the half of the day holds for both; 9 to 5: from morning to afternoon."""
        if not (j == i + 1 and self.tokens[i].text.isdigit()):
            return start, end
        half = self.tokens[n - 1].base
        if half.endswith(("pm", "p.m", "p.m.")) and start[0] + 12 < end[0]:
            return (start[0] + 12, 0), end
        bare = n == m + 1 and self.tokens[m].text.isdigit()
        if bare and 6 <= start[0] < 12 and end[0] < start[0] and 12 <= end[0] + 12 < 24:
            return start, (end[0] + 12, 0)
        return start, end

    def _inclusive(self, n: int) -> int:
        """Remarks on whether the end belongs to it; ends never do."""
        if self.is_punct(n, "("):
            for j, _ in self.clock(n + 1):
                for k in self.says(j, "itself be too late|be too late|itself exclude|exclude"
                                      "|not include|itself be out|itself not include"):  # fmt: skip
                    if self.is_punct(k, ")"):
                        return k + 1
        return n


def _hour(hour: int, half: str) -> int:
    if half == "pm" and hour < 12:
        return hour + 12
    return 0 if half == "am" and hour == 12 else hour
