"""Typed readers for environment values; a wrong one stops the start with its name and the reason."""

from __future__ import annotations

import os
from pathlib import Path

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class BadSetting(SystemExit):
    """A setting that cannot be used. Leaves with one line, never a traceback."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{name}={value!r}: expected {expected}")


def text(name: str, default: str = "") -> str:
    """The value of NAME, else the content of the file that NAME_FILE names, else the default."""
    if name in os.environ:
        return os.environ[name]
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return default
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{name}_FILE", file, f"a readable file ({error.strerror})") from error


def flag(name: str, default: bool = False) -> bool:
    value = text(name, str(default)).strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise BadSetting(name, value, "yes or no")


def integer(name: str, default: int, *, low: int, high: int, unit: str = "") -> int:
    value = text(name, str(default))
    expected = f"a whole number {f'of {unit} ' if unit else ''}between {low} and {high}"
    try:
        number = int(value)
    except ValueError as error:
        raise BadSetting(name, value, expected) from error
    if not low <= number <= high:
        raise BadSetting(name, value, expected)
    return number


def milliseconds(name: str, default: int, *, low: int, high: int) -> int:
    return integer(name, default, low=low, high=high, unit="milliseconds")


def words(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def path(name: str, default: Path) -> Path:
    return Path(text(name, str(default))).expanduser().resolve()


def one_of(name: str, default: str, known: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in known:
        raise BadSetting(name, value, f"one of {', '.join(known)}")
    return value


def url(name: str, default: str = "", *, schemes: tuple[str, ...]) -> str:
    value = text(name, default)
    if value and value.partition(":")[0] not in schemes:
        raise BadSetting(name, value, f"an address that starts with {' or '.join(schemes)}:")
    return value
