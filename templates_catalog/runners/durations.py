"""Durations as documents write them: "10m", "1h 30m", "2d"."""

from __future__ import annotations

import re
from typing import Any

UNITS = {"w": 604_800.0, "d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0}
PART = re.compile(r"(\d+)\s*([wdhms])")
WHOLE = re.compile(r"\s*(?:\d+\s*[wdhms]\s*)+")


def understood(text: Any) -> bool:
    """Whether this is a duration, or nothing at all."""
    return text in (None, "") or bool(isinstance(text, str) and WHOLE.fullmatch(text))


def seconds(text: Any, otherwise: float) -> float:
    """The duration in seconds; `otherwise` when none is given. Raises ValueError for anything else."""
    if text in (None, ""):
        return otherwise
    if not understood(text):
        raise ValueError(f"{text!r} is not a duration; write it like 10m or 1h 30m")
    return sum(int(count) * UNITS[unit] for count, unit in PART.findall(str(text)))
