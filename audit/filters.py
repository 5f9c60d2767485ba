"""What a reader of the trail asked for, from the page's address or an API's query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from audit import actions
from audit.record import OUTCOMES

MOST_VALUES: Final = 50
MOST_TEXT: Final = 200


class FilterError(ValueError):
    """A filter that does not exist, or a value it cannot have; says which there are."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Values of one filter are alternatives, filters add up. Empty means no restriction."""

    user: tuple[str, ...] = ()
    action: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    resource: tuple[str, ...] = ()
    evaluation: tuple[str, ...] = ()
    request: tuple[str, ...] = ()
    ai: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""

    def as_params(self) -> dict[str, str]:
        """The same filters as an address holds them; `parse` gives them back."""
        params: dict[str, str] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None or value in ((), ""):
                continue
            if isinstance(value, tuple):
                params[field.name] = ",".join(value)
            elif isinstance(value, bool):
                params[field.name] = "yes" if value else "no"
            elif isinstance(value, datetime):
                params[field.name] = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
            else:
                params[field.name] = value
        return params


KEYS: Final = tuple(field.name for field in fields(Filters))


def parse(params: Mapping[str, str | Iterable[str]]) -> Filters:
    """Read filters; a key may hold several values, separated by commas or repeated.

    since, until: `2026-10-01`, `2026-10-01T12:00:00Z`, or `7d`, `12h`, `4w` back from now; `until` as a
    date includes that day. Raises FilterError.
    """
    found: dict[str, Any] = {}
    for key, raw in params.items():
        if key not in KEYS:
            raise FilterError(f"there is no filter {key!r}; known ones: {', '.join(KEYS)}")
        values = _values(raw) if key != "text" else [" ".join([raw] if isinstance(raw, str) else raw)]
        if any(values):
            found[key] = _READ.get(key, _several)(key, values)
    if found.get("since") and found.get("until") and found["since"] >= found["until"]:
        raise FilterError("`since` must be before `until`")
    return Filters(**found)


def _values(raw: str | Iterable[str]) -> list[str]:
    parts = [raw] if isinstance(raw, str) else list(raw)
    values = [value.strip() for part in parts for value in part.split(",") if value.strip()]
    if len(values) > MOST_VALUES:
        raise FilterError(f"a filter takes at most {MOST_VALUES} values, not {len(values)}")
    return values


def _several(key: str, values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _outcomes(key: str, values: list[str]) -> tuple[str, ...]:
    for value in values:
        if value not in OUTCOMES:
            raise FilterError(f"there is no outcome {value!r}; known ones: {', '.join(OUTCOMES)}")
    return _several(key, values)


def _actions(key: str, values: list[str]) -> tuple[str, ...]:
    for value in values:
        if not actions.known(value):
            near = [name for name in actions.names() if name.split(".")[0] == value.split(".")[0]]
            nouns = sorted({name.split(".")[0] for name in actions.names()})
            raise FilterError(
                f"there is no action {value!r}; "
                + (f"known ones: {', '.join(near)}" if near else f"actions begin with {', '.join(nouns)}")
            )
    return _several(key, values)


def _kinds(key: str, values: list[str]) -> tuple[str, ...]:
    known = sorted({name.split(".")[0] for name in actions.names()})
    for value in values:
        if value not in known:
            raise FilterError(f"there is no kind {value!r}; known ones: {', '.join(known)}")
    return _several(key, values)


def _scopes(key: str, values: list[str]) -> tuple[str, ...]:
    """Paths, also with dots as in addresses: `halden.freight` is `halden/freight`."""
    return _several(key, [value.replace(".", "/").strip("/") for value in values])


def _yes_or_no(key: str, values: list[str]) -> bool:
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if len(values) != 1 or values[0].lower() not in words:
        raise FilterError(f"{key} is yes or no, not {', '.join(values)!r}")
    return words[values[0].lower()]


def _time(key: str, values: list[str]) -> datetime:
    text = values[0] if len(values) == 1 else ""
    if back := re.fullmatch(r"([0-9]{1,4})([hdw])", text):
        hours = int(back[1]) * {"h": 1, "d": 24, "w": 168}[back[2]]
        return datetime.now(UTC) - timedelta(hours=hours)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            day = date.fromisoformat(text) + timedelta(days=1 if key == "until" else 0)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        shown = ", ".join(values)
        raise FilterError(f"{key} is a date such as 2026-10-01, a time, or 7d; not {shown!r}") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _words(key: str, values: list[str]) -> str:
    if len(values[0]) > MOST_TEXT:
        raise FilterError(f"a search takes at most {MOST_TEXT} characters")
    return values[0].strip()


_READ: Final[dict[str, Callable[[str, list[str]], Any]]] = {
    "outcome": _outcomes,
    "action": _actions,
    "kind": _kinds,
    "scope": _scopes,
    "ai": _yes_or_no,
    "since": _time,
    "until": _time,
    "text": _words,
}
