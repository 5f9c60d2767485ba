"""Numbers, units and comparisons: "at most 45 minutes", "5Gi or more", "over 1.5k USD"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from governance.authoring.reading.base import rule
from governance.authoring.reading.forward import Forward
from governance.authoring.rule import Op

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS = {w: i for i, w in enumerate(SMALL)} | {w: 20 + 10 * i for i, w in enumerate(TENS)}
WORDS |= {"dozen": 12, "hundred": 100, "thousand": 1000, "once": 1, "twice": 2, "single": 1}
DURATIONS = {"second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "s": "s", "m": "m",
             "h": "h", "d": "d", "w": "w", "min": "m", "sec": "s"}  # fmt: skip
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
LONGER = {"month": 30, "year": 365}
SIZES = {"ki": "Ki", "mi": "Mi", "gi": "Gi", "ti": "Ti", "k": "k", "m": "M", "g": "G", "mb": "M",
         "gb": "G", "kb": "k", "mib": "Mi", "gib": "Gi", "kib": "Ki", "megabyte": "M",
         "gigabyte": "G", "mebibyte": "Mi", "gibibyte": "Gi", "tb": "T"}  # fmt: skip
MONEY = "dollar|usd|$|euro|eur|€|us dollar"
_MEASURED = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s?([A-Za-z%µ]+)$")


@dataclass(frozen=True)
class Amount:
    """A number as said: its value, its unit and how it is written in a Rule."""

    value: float
    unit: str = ""  # duration | size | percent | money | core | character | version | ""
    text: str = ""

    def written(self, measure: str) -> str | int | float:
        """The literal a test under this measure compares with."""
        if measure in ("duration", "quantity", "version"):
            return self.text
        return int(self.value) if self.value == int(self.value) else self.value


@dataclass(frozen=True)
class Comparison:
    """Bounds a value must keep: (op, amount) pairs that must all hold."""

    bounds: tuple[tuple[Op, Amount], ...]


class Amounts(Forward):
    """Grammar of numbers and comparisons."""

    @rule
    def number(self, i: int) -> Iterator[tuple[int, float]]:
        """A plain number in digits or words."""
        token = self.token(i)
        if token is None or token.quoted:
            return
        if token.kind == "number" and re.fullmatch(r"\d+(\.\d+)?", token.base):
            yield i + 1, float(token.base)
        elif token.kind == "number" and re.fullmatch(r"\d+(\.\d+)?k", token.base):
            yield i + 1, float(token.base[:-1]) * 1000
        elif token.base in WORDS:
            nxt = self.token(i + 1)
            value = float(WORDS[token.base])
            if nxt is not None and nxt.base in ("hundred", "thousand", "dozen") and value < 20:
                yield i + 2, value * WORDS[nxt.base]
            elif value >= 20 and nxt is not None and WORDS.get(nxt.base, 99) < 10:
                yield i + 2, value + WORDS[nxt.base]
            yield i + 1, value
        elif "-" in token.base and all(p in WORDS for p in token.base.split("-")):
            yield i + 1, float(sum(WORDS[p] for p in token.base.split("-")))

    @rule
    def amount(self, i: int) -> Iterator[tuple[int, Amount]]:
        """A number with its unit, if any."""
        i = self.skip(i, "about|version")
        token = self.token(i)
        if token is None:
            return
        a_day = token.base == "day" and token.article == "a"
        if (
            i
            and token.kind == "word"
            and (a_day or token.base in (*LONGER, *(d for d in DURATIONS if len(d) > 3)))
        ):
            yield from self._with_unit(i, 1.0)  # "an hour": the article is left out
        for j in self.says(i, "half year|half of year|half-year"):
            yield j, Amount(182 * 86400, "duration", "182d")
        for words, share in (
            ("half|one half", 50.0),
            ("quarter|one quarter", 25.0),
            ("tenth|one tenth", 10.0),
        ):
            for j in self.says(i, words):
                yield j, Amount(share, "percent", f"{share:g}")
        if token.text in "$€" and token.kind == "punct":
            for j, value in self.number(i + 1):
                yield self.skip(self.skip(j, "usd|dollar"), "a month|per month|month|monthly"), Amount(
                    value, "money", f"{value:g}")  # fmt: skip
            return
        for start in self.says(i, "eur|usd|euro|dollar|us dollar"):
            for j, value in self.number(start):
                yield self.skip(j, "a month|per month|month|monthly"), Amount(value, "money", f"{value:g}")
        if re.fullmatch(r"v?\d+(\.\d+)+", token.base) and token.kind != "punct" and not token.quoted:
            yield i + 1, Amount(0, "version", token.base.lstrip("v"))
        yield from self._measured(i)
        for j, value in self.number(i):
            yield from self._with_unit(j, value)

    def _measured(self, i: int) -> Iterator[tuple[int, Amount]]:
        token = self.token(i)
        found = _MEASURED.match(token.text) if token and token.kind == "number" else None
        if not found:
            return
        value, unit = float(found.group(1).replace(",", "")), found.group(2).lower()
        if unit == "%":
            yield i + 1, Amount(value, "percent", f"{value:g}")
        if unit in DURATIONS:
            yield i + 1, Amount(value * SECONDS[DURATIONS[unit]], "duration",
                                f"{value:g}{DURATIONS[unit]}")  # fmt: skip
        if unit in SIZES and unit not in ("s", "h", "d", "w"):
            yield i + 1, Amount(value, "size", f"{value:g}{SIZES[unit]}")
        if unit == "m":
            yield i + 1, Amount(value / 1000, "core", f"{value:g}m")
        if unit == "k":
            j = self.skip(i + 1, MONEY)
            yield j, Amount(value * 1000, "money" if j > i + 1 else "", f"{value * 1000:g}")

    def _with_unit(self, j: int, value: float) -> Iterator[tuple[int, Amount]]:
        text = f"{value:g}"
        token = self.token(j)
        word = token.base if token else ""
        if word in ("percent", "%", "per-cent", "pct") or self.says(j, "per cent"):
            yield self.skip(j, "per cent|percent|%|pct"), Amount(value, "percent", text)
        elif self.says(j, MONEY):
            end = self.skip(j, MONEY)
            yield self.skip(end, "a month|per month|month|monthly"), Amount(value, "money", text)
        elif word in DURATIONS and len(word) > 1:
            yield j + 1, Amount(value * SECONDS[DURATIONS[word]], "duration", text + DURATIONS[word])
        elif word == "month" and token is not None and token.text == "month" and value != 1:
            yield j + 1, Amount(value, "", text)  # 800 a month
        elif word in LONGER:
            days = value * LONGER[word]
            yield j + 1, Amount(days * 86400, "duration", f"{days:g}d")
        elif word in SIZES and word not in ("k", "m", "g"):
            yield j + 1, Amount(value, "size", text + SIZES[word])
        elif word in ("core", "cpu", "vcpu") and not self.says(j, "cpu limit|cpu request"):
            yield j + 1, Amount(value, "core", text)
        elif word in ("character", "char", "letter", "sign", "symbol"):
            yield self.skip(self.skip(j, "character|char|letter|sign|symbol"), "in length|in total"), \
                Amount(value, "character", text)  # fmt: skip
        else:
            end = self.skip(j, "a month|per month|monthly|each month")
            yield end, Amount(value, "", text)

    @rule
    def comparison(self, i: int) -> Iterator[tuple[int, Comparison]]:
        """A bound, or two of them: between A and B; at least A and at most B."""
        for j, first in self._one_bound(i):
            k = self.skip(j + 1 if self.is_punct(j, ",") else j, "and|but")
            for m, second in self._one_bound(k) if k > j else []:
                units = {b[1].unit for b in (*first.bounds, *second.bounds)}
                ways = [
                    LOWER if b[0] in LOWER else UPPER if b[0] in UPPER else ()
                    for b in (*first.bounds, *second.bounds)
                ]
                if len(ways) != 2 or set(ways) != {LOWER, UPPER}:
                    continue
                if len(units) == 1:
                    yield m, Comparison((*first.bounds, *second.bounds))
                elif first.bounds[0][1].unit == "" and ways[0] == LOWER:  # at least 10 and at most 60 minutes
                    low = self._range(first.bounds[0][1], second.bounds[0][1]).bounds[0][1]
                    yield m, Comparison(((first.bounds[0][0], low), *second.bounds))
            yield j, first

    @rule
    def _one_bound(self, i: int) -> Iterator[tuple[int, Comparison]]:  # noqa: C901 - the alternatives of one grammar rule
        """A bound before or after its number; two bounds for "between A and B"."""
        for words, op in BEFORE:
            for j in self.says(i, words):
                for k, amount in self.amount(j):
                    yield self._strictness(k), Comparison(((op, amount),))
        for j in self.says(i, "between|from|in the range of|in the range from|in range"):
            for k, low in self.amount(j):
                for m in self.says(k, "and|to|until|-|up to"):
                    for n, high in self.amount(m):
                        yield n, self._range(low, high)
        for j, amount in self.amount(i):
            for m in self.says(j, "to|-"):
                for n, high in self.amount(m):
                    yield n, self._range(amount, high)
            for words, op in AFTER:
                for k in self.says(j, words):
                    yield k, Comparison(((op, amount),))
        for j in self.says(i, "exactly|precisely|equal to|equal|="):
            for k, amount in self.amount(j):
                yield k, Comparison((("is", amount),))
        yield from self._signs(i)

    def _strictness(self, k: int) -> int:
        return self.skip(k, "inclusive|or not|and not more|in total|altogether|together|overall|each|of monthly cost|of monthly bill|of bill|of total cost"
                            "|at most")  # fmt: skip

    @staticmethod
    def _range(low: Amount, high: Amount) -> Comparison:
        if high.unit and not low.unit:
            low = Amount(low.value, high.unit, low.text + high.text.lstrip("0123456789."))
            if high.unit == "duration":
                low = Amount(low.value * SECONDS[high.text[-1]], "duration", low.text)
        return Comparison((("at_least", low), ("at_most", high)))

    def _signs(self, i: int) -> Iterator[tuple[int, Comparison]]:
        for sign, op in (("<=", "at_most"), (">=", "at_least"), ("=<", "at_most"), ("<", "less_than"),
                         (">", "more_than"), ("≤", "at_most"), ("≥", "at_least")):  # fmt: skip
            n = len(sign)
            if all(self.is_punct(i + d, c) for d, c in enumerate(sign)):
                for k, amount in self.amount(i + n):
                    yield k, Comparison(((op, amount),))  # type: ignore[arg-type]
                return


LOWER = ("at_least", "more_than")
UPPER = ("at_most", "less_than")
BEFORE: tuple[tuple[str, Op], ...] = (
    ("at least|min|no less than|not less than|no fewer than|not fewer than|minimum of|minimum|not below"
     "|not under|not lower than|a minimum of|at minimum|no lower than|no shorter than|not shorter than"
     "|no older than|not older than|from", "at_least"),
    ("at most|no more than|not more than|maximum of|maximum|a maximum of|up to|not exceed|within"
     "|not over|not above|no longer than|not longer than|no higher than|not higher than|no larger than"
     "|no bigger than|no greater than|not greater than|limit to|max|only up to|no newer than|until",
     "at_most"),
    ("more than|over|above|exceed|higher than|greater than|longer than|larger than|bigger than"
     "|in excess of|beyond|newer than|later than|better than|exceeding|upwards of|cost more than",
     "more_than"),
    ("less than|under|below|fewer than|lower than|shorter than|smaller than|older than|earlier than"
     "|cheaper than|worse than|before", "less_than"),
)  # fmt: skip
AFTER: tuple[tuple[str, Op], ...] = (
    ("or more|or higher|or greater|or newer|or later|or above|or better|or longer|or over|or up"
     "|minimum|and above|and up|and higher|and newer|and later|at least|or larger|upwards|plus|or bigger"
     "|at the least|and more", "at_least"),
    ("or less|or fewer|or lower|or below|or shorter|or older|or earlier|maximum|at most|or smaller"
     "|or under|tops|and below|and older|and earlier|and before|and prior|or before|or prior|and smaller|and less|at the most|and lower|max", "at_most"),
)  # fmt: skip
