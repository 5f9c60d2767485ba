"""Amounts said against what is there: ten minutes more, twice as long, half of it."""

from __future__ import annotations

import re
from typing import Any

from templates_catalog.authoring.said import durations
from templates_catalog.authoring.words import NUMBERS, number_of

UP = r"increas\w+|rais\w+|extend\w*|lengthen\w*|prolong\w*|bump\w*|add\w*"
DOWN = r"reduc\w+|lower\w*|shorten\w*|decreas\w+|cut\w*"
BY = re.compile(
    rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN}))\b[^.;]*?\bby\b(?P<rest>.+)|(?P<more>.+?)\b(?:more|longer|less|shorter)\b",
    re.I,
)
FACTORS = ((r"\bdoubl\w+\b|\btwice (?:as|the|that)\b", 2), (r"\btripl\w+\b|\bthree times (?:as|the)\b", 3), (r"\bhalv\w+\b|\bhalf (?:of )?(?:it|the|as)\b", 0.5))  # fmt: skip
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def is_relative(text: str) -> bool:
    """Whether a text changes an amount by another one, instead of naming the new one."""
    return factor(text) is not None or step(text) is not None


def changed(text: str, old: Any) -> Any:
    """What becomes of an amount; None when it cannot be reckoned."""
    times, by = factor(text), step(text)
    if isinstance(old, int) and not isinstance(old, bool):
        if times is not None:
            return int(old * times) if old * times == int(old * times) else None
        count = re.search(rf"(?<![\w.])(\d+|{NUMBERS})(?![\w.-])", by[1], re.I) if by else None
        return old + by[0] * int(number_of(count[1])) if by and count else None
    held = seconds(str(old))
    if held is None:
        return None
    if times is not None:
        return written(held * times)
    more = next((seconds(said) for said in durations(by[1])), None) if by else None
    return written(held + by[0] * more) if by and more is not None else None


def factor(text: str) -> float | None:
    return next((times for words, times in FACTORS if re.search(words, text, re.I)), None)


def step(text: str) -> tuple[int, str] | None:
    """(1 or -1, the words of the amount) of "raise it by ten minutes" and of "ten minutes more"."""
    hit = BY.search(text)
    if not hit:
        return None
    if hit["rest"]:
        return (1 if hit["up"] else -1), hit["rest"]
    down = re.search(r"\b(?:less|shorter)\b", hit[0], re.I)
    # "More than ten minutes" is a bound, and "no more mails" no amount.
    amount = re.search(rf"(?<![\w.])(?:\d+|{NUMBERS})\W+(?:\w+\W+)?$", hit["more"], re.I)
    return ((-1 if down else 1), amount[0]) if amount else None


def seconds(text: str) -> int | None:
    parts = re.fullmatch(r"(?:\d+[smhdw])+", text)
    return sum(int(n) * SECONDS[unit] for n, unit in re.findall(r"(\d+)([smhdw])", text)) if parts else None


def written(amount: float) -> str | None:
    """Seconds as a duration in the largest whole unit."""
    if amount <= 0 or amount != int(amount):
        return None
    unit = next(unit for unit in "dhms" if amount % SECONDS[unit] == 0)
    return f"{int(amount) // SECONDS[unit]}{unit}"
