"""Plain scalars after the YAML 1.2 core schema: `on` and `no` are text, `1_0` is text, numbers are finite."""

from __future__ import annotations

import re
from functools import lru_cache

LARGEST_INTEGER = 2**53
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TRUES = frozenset({"true", "True", "TRUE"})
FALSES = frozenset({"false", "False", "FALSE"})
DECIMAL = re.compile(r"[-+]?[0-9]+\Z")
OCTAL = re.compile(r"0o[0-7]+\Z")
HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+\Z")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
NOT_FINITE = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
LONGEST_NUMBER = 64


class ScalarError(ValueError):
    """The scalar is a number we do not accept."""


def read_plain(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar; ScalarError says what is wrong with a number."""
    return read_short(text) if len(text) <= LONGEST_NUMBER else read_any(text)


def read_any(text: str) -> str | int | float | bool | None:
    if text in NULLS:
        return None
    if text in TRUES:
        return True
    if text in FALSES:
        return False
    if text[0] not in "+-.0123456789":
        return text
    if NOT_FINITE.match(text):
        raise ScalarError(f"{text} is not a number every reader accepts; quote it if it is text")
    for pattern, digits in ((DECIMAL, 10), (OCTAL, 8), (HEXADECIMAL, 16)):
        if pattern.match(text):
            return read_integer(text, digits)
    return read_float(text) if FLOAT.match(text) else text


# Documents repeat a few short values many times.
read_short = lru_cache(maxsize=1024)(read_any)


def read_integer(text: str, digits: int) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ScalarError(too_large(text))
    number = int(text if digits == 10 else text[2:], digits)
    if abs(number) > LARGEST_INTEGER:
        raise ScalarError(too_large(text))
    return number


def read_float(text: str) -> float:
    if len(text) > LONGEST_NUMBER:
        raise ScalarError(too_large(text))
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ScalarError(too_large(text))
    return number


def too_large(text: str) -> str:
    shown = text if len(text) <= 24 else text[:20] + "…"
    return f"the number {shown} is larger than 2^53 or too long to keep exactly; quote it if it is text"
