"""Times: zones, clock times, weekdays, dates and months joined to windows of `metadata.timestamp`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.choices import fork_at
from governance.authoring.reading.meaning.typed import Pred
from governance.authoring.reading.meaning.windows import Window
from governance.authoring.reading.times.months import Months

# names people give to hours; they mean nothing until the hours are said
HOURS = (
    "during office hour|during business hour|during working hour|office hour|business hour|working hour|during work hour"
    "|in night|during night|at night|overnight|in evening|in morning|during day|in office hour|in business hour|in working hour|within business hour|within office hour|within working hour"
)


class Times(Months):
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
        part_of_day = self.skip(j, "morning|afternoon|evening|night")
        if part_of_day > j and self.says(part_of_day, "before|after|from|between|until"):
            for k, nxt in self._part(part_of_day):  # Monday mornings before 9:00
                if both := window.joined(nxt):
                    yield from self._more(k, both)
        if part_of_day > j and self.is_punct(part_of_day, "("):  # Friday afternoon (after 12:00 UTC)
            for k, nxt in self._part(part_of_day + 1):
                both = window.joined(nxt)
                end, zoned = self._zone_after(k, both) if both else (k, window)
                if both and self.is_punct(end, ")"):
                    yield end + 1, zoned
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


def _outside(window: Window) -> Pred:
    during = window.during()
    return lambda _: r.Not(of=during)


def _either(first: Pred, second: Pred) -> Pred:
    return lambda at: r.Any(of=(first(at), second(at)))
