"""Typed readers for environment values; a wrong one stops the start with its name and the reason."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

SECRET_LENGTH = 50
# Addresses of these schemes name a file or a socket, or nothing; all others name a host.
WITHOUT_HOST = ("sqlite", "unix", "redis+socket", "memory")
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
    except UnicodeDecodeError as error:
        raise BadSetting(f"{name}_FILE", file, "a file that holds text in UTF-8") from error


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


def folder(name: str, default: Path) -> Path:
    """A folder that is there from now on, ours alone when we make it."""
    return made(name, path(name, default))


def made(name: str, wanted: Path) -> Path:
    """Makes a folder that the setting NAME asks for, and sees that files can be kept in it."""
    try:
        wanted.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=wanted):
            pass
    except OSError as error:
        raise BadSetting(name, str(wanted), f"a folder that can be written to ({error.strerror})") from error
    return wanted


def secret(name: str) -> str:
    """A given secret, never shown; the empty text when none is given."""
    value = text(name)
    if value and len(value) < SECRET_LENGTH:
        raise BadSetting(name, "***", f"a secret of at least {SECRET_LENGTH} characters")
    return value


def one_of(name: str, default: str, known: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in known:
        raise BadSetting(name, value, f"one of {', '.join(known)}")
    return value


def url(name: str, default: str = "", *, schemes: tuple[str, ...]) -> str:
    value = text(name, default)
    if not value:
        return value
    scheme = value.partition(":")[0]
    if scheme not in schemes:
        raise BadSetting(
            name, without_password(value), f"an address that starts with {' or '.join(schemes)}:"
        )
    if scheme not in WITHOUT_HOST and not _names_a_host(value):
        raise BadSetting(name, without_password(value), f"an address like {scheme}://host:port/…")
    return value


def origins(name: str) -> list[str]:
    """Names of hosts as browsers say them, with the scheme."""
    values = words(name)
    for value in values:
        if not value.startswith(("http://", "https://")):
            raise BadSetting(name, value, "origins such as https://portal.example.com, parted by commas")
    return values


def without_password(address: str) -> str:
    """An address as it may be shown: a complaint must not print what it complains about in full."""
    return re.sub(r"//[^/@]*@", "//***@", address)


def _names_a_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
