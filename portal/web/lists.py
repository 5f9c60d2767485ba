"""Lists: keyset pages that stay right while rows arrive, and filters that are the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from governance.keyset import Page


@dataclass(frozen=True, slots=True)
class Pager:
    """The ways to the rows before and after those of this page; no page numbers, no total."""

    words: str
    newer_url: str = ""
    older_url: str = ""
    newer: str = "Newer"
    older: str = "Older"


def pager(
    request: HttpRequest, page: Page[Any], noun: str, nouns: str = "", *, by_name: bool = False
) -> Pager:
    """The pager of a keyset page; `by_name`: in order of names, so previous and next."""
    count = len(page.rows)
    word = noun if count == 1 else (nouns or f"{noun}s")
    whole = not page.newer and not page.older
    up, down = ("Previous", "Next") if by_name else ("Newer", "Older")
    return Pager(
        words=f"{count} {word}" if whole else f"{count} {word} on this page",
        newer_url=with_query(request, before=page.newer, after="") if page.newer else "",
        older_url=with_query(request, after=page.older, before="") if page.older else "",
        newer=up,
        older=down,
    )


def cursors(request: HttpRequest) -> dict[str, str]:
    """`after` and `before` of this address, for a query function."""
    return {"after": request.GET.get("after", ""), "before": request.GET.get("before", "")}


def with_query(request: HttpRequest, **changed: Any) -> str:
    """This page's address with some of its query changed; "" takes a key away."""
    query = [(k, v) for k, values in request.GET.lists() for v in values if k not in changed]
    query += [(k, v) for k, v in changed.items() if v not in ("", None)]
    return f"{request.path}?{urlencode(query)}" if query else request.path


@dataclass(frozen=True, slots=True)
class Pill:
    key: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Choice:
    title: str
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """A list's filters as the address has them. values: known key → what was asked for."""

    text: str
    values: dict[str, list[str]]
    pills: list[Pill]
    known: list[str]
    url: str
    unknown: list[str] = field(default_factory=list)
    placeholder: str = ""
    label: str = "Filter"
    target: str = "rows"
    choices: list[Choice] = field(default_factory=list)

    def first(self, key: str) -> str:
        return self.values.get(key, [""])[0]

    @property
    def any(self) -> bool:
        return bool(self.text or self.pills)


def filters(
    request: HttpRequest,
    known: Sequence[str],
    *,
    placeholder: str = "",
    label: str = "Filter",
    target: str = "rows",
    choices: Callable[[Filters], list[Choice]] | None = None,
) -> Filters:
    """Read filters from the query: each known key, and `key:value` words typed into `q`."""
    values = {k: [v for v in request.GET.getlist(k) if v] for k in known}
    words, unknown = [], []
    for word in request.GET.get("q", "").split():
        key, colon, value = word.partition(":")
        if colon and value and key in known:
            values[key].append(value)
        elif colon and value and key.isalpha():
            unknown.append(key)
        else:
            words.append(word)
    values = {k: v for k, v in values.items() if v}
    found = Filters(
        text=" ".join(words),
        values=values,
        pills=[Pill(k, v, _without(request, k, v)) for k, vs in values.items() for v in vs],
        known=[f"{k}:" for k in known],
        url=request.path,
        unknown=unknown,
        placeholder=placeholder,
        label=label,
        target=target,
    )
    if choices:
        found.choices.extend(choices(found))
    return found


def _without(request: HttpRequest, key: str, value: str) -> str:
    dropped = (*_PLACES, "q")
    query = [
        (k, v) for k, vs in request.GET.lists() for v in vs if (k, v) != (key, value) and k not in dropped
    ]
    text = " ".join(w for w in request.GET.get("q", "").split() if w != f"{key}:{value}")
    if text:
        query.append(("q", text))
    return f"{request.path}?{urlencode(query)}" if query else request.path


_PLACES = ("after", "before")


def time_pager(request: HttpRequest, newer: str, older: str, count: int, noun: str, nouns: str = "") -> Pager:
    """The pager of facts (runs, events): `before` a cursor is older, `after` it newer."""
    word = noun if count == 1 else (nouns or f"{noun}s")
    return Pager(
        words=f"{count} {word}" if not newer and not older else f"{count} {word} on this page",
        newer_url=with_query(request, after=newer, before="") if newer else "",
        older_url=with_query(request, before=older, after="") if older else "",
    )
