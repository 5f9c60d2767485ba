"""Values under a measure: durations in seconds, quantities, versions, dates, licence ids.

The functions are the Python side of `library.rego` and answer None where there is nothing to
tell. Numbers are exact (`Fraction`), so that comparing them never depends on rounding.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

NUMBER = re.compile(r"\s*(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)\s*%?\s*", re.ASCII)
DURATION = re.compile(r"\s*([0-9]+\s*[wdhms]\s*)+", re.ASCII)
DURATION_PART = re.compile(r"([0-9]+)\s*([wdhms])", re.ASCII)
QUANTITY = re.compile(r"\s*((?:0|[1-9][0-9]*)(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*", re.ASCII)
VERSION = re.compile(r"\s*[vV]?([0-9]+(?:\.[0-9]+)*)", re.ASCII)
INSTANT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(?:Z|([+-]\d{2}):?(\d{2}))?)?",
    re.ASCII,
)
SECONDS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
UNITS: Mapping[str, Fraction] = {
    "": Fraction(1), "m": Fraction(1, 1000), "core": Fraction(1), "cores": Fraction(1),
    "cpu": Fraction(1), "B": Fraction(1), "k": Fraction(1000), "K": Fraction(1000),
    "kB": Fraction(1000), "KB": Fraction(1000),
    **{f"{p}{s}": Fraction(1000**n) for n, p in ((2, "M"), (3, "G"), (4, "T")) for s in ("", "B")},
    **{f"{p}i{s}": Fraction(1024**n)
       for n, p in ((1, "K"), (2, "M"), (3, "G"), (4, "T")) for s in ("", "B")},
}  # fmt: skip


def number(value: Any) -> Fraction | None:
    """A number, also one written as text: 5, "5", "79.9%"."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Fraction):
        return value if isinstance(value, Fraction) else Fraction(str(value))
    if isinstance(value, str) and (found := NUMBER.fullmatch(value)):
        return Fraction(found.group(1))
    return None


def seconds(value: Any) -> Fraction | None:
    """The length of a duration such as 10m or 1h 30m in seconds."""
    if not isinstance(value, str) or not DURATION.fullmatch(value):
        return None
    return Fraction(sum(int(n) * SECONDS[unit] for n, unit in DURATION_PART.findall(value)))


def quantity(value: Any) -> Fraction | None:
    """An amount such as 500m, 2, 1.5 cores or 500Mi in whole thousandths."""
    if isinstance(value, str):
        found = QUANTITY.fullmatch(value)
        if found is None or found.group(2) not in UNITS:
            return None
        exact = Fraction(found.group(1)) * UNITS[found.group(2)]
    elif (given := number(value)) is not None:
        exact = given
    else:
        return None
    return Fraction(math.floor(exact * 1000 + Fraction(1, 2)))


def version(value: Any) -> tuple[int, ...] | None:
    """A dotted version as six numbers; what follows the numbers is ignored."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    found = VERSION.match(value if isinstance(value, str) else shown(value))
    if found is None:
        return None
    return (*(int(part) for part in found.group(1).split(".")), 0, 0, 0, 0, 0, 0)[:6]


def instant(value: Any) -> Fraction | None:
    """A point in time in seconds since 1970: seconds, milliseconds or a date as text."""
    given = number(value)
    if given is not None:
        return given if given <= 100000000000 else given / 1000
    found = INSTANT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    year, month, day = (int(found.group(i)) for i in (1, 2, 3))
    clock = [int(found.group(i) or 0) for i in (4, 5, 6)]
    zone = (int((found.group(7) or "0").strip("+-")) * 60 + int(found.group(8) or 0)) * 60
    if (found.group(7) or "").startswith("-"):
        zone = -zone
    moment = clock[0] * 3600 + clock[1] * 60 + clock[2] - zone
    return Fraction(_days_since_1970(year, month, day) * 86400 + moment)


def _days_since_1970(year: int, month: int, day: int) -> int:
    """Days of the civil calendar; counts on where a date does not exist, as the library does."""
    year -= month <= 2
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146097 + day_of_era - 719468


def bare(value: Any) -> Any:
    """A reference without its scope prefix."""
    if isinstance(value, str):
        return value.removeprefix("account.").removeprefix("org.")
    return value


def scope_of(value: Any) -> str | None:
    """The scope a reference names: account, org or project."""
    if not isinstance(value, str):
        return None
    head, dot, _ = value.partition(".")
    return head if dot and head in ("account", "org") else "project"


def licence_id(word: str) -> str:
    """An SPDX id without capitals, -only, -or-later and +."""
    return word.lower().removesuffix("+").removesuffix("-only").removesuffix("-or-later")


def licence_ids(value: Any) -> frozenset[str]:
    """The licence ids in an SPDX expression or a list of them."""
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    found = {
        licence_id(word)
        for text in texts
        if isinstance(text, str)
        for word in re.split(r"[^A-Za-z0-9.+-]+", text)
    }
    return frozenset(found - {"", "and", "or", "with"})


def words(text: str) -> str:
    """The words of a text in small letters, each between single spaces."""
    return f" {re.sub(r'[^a-z0-9]+', ' ', text.lower()).strip(' ')} "


def shown(value: Any) -> str:
    """A value as a message shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else repr(float(value))
    if isinstance(value, int | float):
        return repr(value)
    text = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":  # as json.marshal of the engine writes them
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def plain(value: Any) -> Any:
    """A value as it stands; numbers exact, so that 1 and 1.0 are the same."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Fraction(str(value))
    return value


MEASURED: Mapping[str, Callable[[Any], Any]] = {
    "plain": plain,
    "number": number,
    "duration": seconds,
    "quantity": quantity,
    "version": version,
    "instant": instant,
    "reference": bare,
    "licence": plain,
}


def parse_literal(value: Any, measure: str) -> Any:
    """A literal of a rule under the measure; ValueError when it is not one."""
    if measure == "licence":
        return licence_id(str(value))
    if measure == "duration" and isinstance(value, int | float):
        return Fraction(str(value))
    result = MEASURED[measure](value)
    if result is None:
        raise ValueError(f"{value!r} cannot be read as a {measure}")
    return result


def local_minutes(text: str) -> int:
    """Minutes since midnight of "08:00"."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def full_moment(text: str) -> str:
    """A date or date with clock as "2025-12-20T08:00:00"; ValueError when it is none."""
    moment = datetime.fromisoformat(text)
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def moment_at(timestamp: float) -> datetime:
    """The instant of a timestamp; far dates do not overflow a platform's clock."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(timestamp))
