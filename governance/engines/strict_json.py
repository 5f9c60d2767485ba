"""JSON as the standard has it: one value per key, no NaN, no infinity."""

from __future__ import annotations

import json
import math
from typing import Any


def loads(text: bytes) -> Any:
    """Raises ValueError for anything that is not strict JSON in UTF-8, twice-given keys included."""
    return json.loads(
        text.decode("utf-8"),
        object_pairs_hook=_once,
        parse_constant=_refuse,
        parse_float=_finite,
    )


def canonical(value: Any) -> bytes:
    """The one way a value is written: sorted keys, no spaces, UTF-8. Raises ValueError for NaN."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON value")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is out of range")
    return number
