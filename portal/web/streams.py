"""Runs as they happen: history and logs as server-sent events below /stream/, with a plain way to poll.

A stream belongs to a session: whoever is signed out, deactivated or loses the right to see the run is cut off
within seconds. Text of logs is made harmless before it leaves.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Protocol
from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from audit import executions
from audit.logs import LogPart
from audit.neutral import neutral
from governance.actor import Actor, Channel
from governance.errors import NotFound
from portal.plainly import Receive, Scope, Send, say
from portal.web.feeds import Feed, HistoryFeed, LogFeed, ask, watch
from templates_catalog import execution_query

PATH = re.compile(r"/stream/executions/(?P<run>[0-9a-f-]{36})/(?P<what>events|log|poll)/?")
CHECK_EVERY_S = 3.0
STILL_HERE_S = 10.0
MOST_STREAMS_OF_ONE = 40
# A line without an end is shown once it is this long, or the log has ended.
LONG_LINE = 8 * 1024
HEADERS = [
    (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"), (b"x-accel-buffering", b"no"),
]  # fmt: skip

_open: Counter[str] = Counter()


class Gone(Exception):
    """The watcher may no longer watch, or has left."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who watches what. session: its key, looked up again and again."""

    session: str
    run: str
    asked: dict[str, str]
    last: str

    def actor(self) -> Actor | None:
        """The person of the session as it stands now; None when there is nobody any more."""
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(self.session)
        user = get_user(request)
        return Actor(user, Channel.UI) if user.is_authenticated and user.is_active else None

    def may_watch(self) -> str:
        """The person's key. Raises Gone (nobody is signed in) or NotFound (there is no such run for them)."""
        actor = self.actor()
        if actor is None:
            raise Gone("sign in again")
        execution_query.execution(actor, self.run)
        return str(actor.user.pk)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """GET /stream/executions/<id>/events, …/log?step= and …/poll?step=&offset=."""
    found = PATH.fullmatch(scope["path"])
    if found is None:
        return await _say(send, 404, "there is no such stream")
    if scope["method"] != "GET":
        return await _say(send, 405, "only GET")
    watcher = _watcher(scope, found["run"])
    try:
        person = await ask(watcher.may_watch)
    except Gone as error:
        return await _say(send, 401, str(error))
    except NotFound:
        return await _say(send, 404, "there is no such run")
    if found["what"] == "poll":
        return await _poll(watcher, send)
    if _open[person] >= MOST_STREAMS_OF_ONE:
        return await _say(send, 429, f"more than {MOST_STREAMS_OF_ONE} open streams; close some pages")
    _open[person] += 1
    try:
        return await Stream(watcher, receive, send).run(found["what"])
    finally:
        _open[person] -= 1
        if not _open[person]:
            del _open[person]


def _watcher(scope: Scope, run: str) -> Watcher:
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        cookies = SimpleCookie(headers.get(b"cookie", ""))
    except CookieError:
        cookies = SimpleCookie()
    session = cookies.get(settings.SESSION_COOKIE_NAME)
    asked = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
    last = headers.get(b"last-event-id", "") or asked.get("after", "")
    return Watcher(session.value if session else "", run, asked, last)


class Teller(Protocol):
    """Tells one watcher what is new to them; False when everything was told and all is over."""

    async def tell(self, stream: Stream) -> bool: ...


class Stream:
    """One open connection."""

    def __init__(self, watcher: Watcher, receive: Receive, send: Send) -> None:
        self.watcher, self.receive, self.send = watcher, receive, send
        self.checked = self.spoke = time.monotonic()

    async def run(self, what: str) -> None:
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), *HEADERS]
        await self.send({"type": "http.response.start", "status": 200, "headers": headers})
        left = asyncio.create_task(self._until_left())
        try:
            await self._follow(what, left)
        except (Gone, NotFound):
            await self.event("gone", {"reason": "you may no longer watch this run"})
        finally:
            left.cancel()
        await self.send({"type": "http.response.body", "body": b""})

    async def _follow(self, what: str, left: asyncio.Task[None]) -> None:
        async with watch(*_feed_of(self.watcher, what)) as feed:
            teller = _teller(feed, self.watcher)
            known = -1
            while not left.done():
                await self._still_allowed()
                known = await feed.news(known, 1.0)
                if not await teller.tell(self):
                    return
                if time.monotonic() - self.spoke > STILL_HERE_S:
                    await self._write(": still here\n\n")

    async def _until_left(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            continue

    async def _still_allowed(self) -> None:
        if time.monotonic() - self.checked >= CHECK_EVERY_S:
            await ask(self.watcher.may_watch)
            self.checked = time.monotonic()

    async def event(self, name: str, data: dict[str, Any], key: str = "") -> None:
        head = f"id: {key}\n" if key else ""
        text = json.dumps(data, ensure_ascii=False, default=str)
        await self._write(f"{head}event: {name}\ndata: {text}\n\n")

    async def _write(self, text: str) -> None:
        self.spoke = time.monotonic()
        await self.send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def _feed_of(watcher: Watcher, what: str) -> tuple[tuple[str, ...], Callable[[], Feed]]:
    run, step = watcher.run, watcher.asked.get("step", "")
    if what == "log":
        return (what, run, step), lambda: LogFeed(execution_id=run, step=step)
    return (what, run), lambda: HistoryFeed(execution_id=run)


def _teller(feed: Feed, watcher: Watcher) -> Teller:
    if isinstance(feed, LogFeed):
        return LogTeller(feed, watcher)
    assert isinstance(feed, HistoryFeed)  # noqa: S101  (there are two kinds)
    return HistoryTeller(feed, watcher)


class LogTeller:
    """A step's log from where the watcher is.

    Their place is "fence:offset", sent as the event's id, so nothing is lost or said twice.
    """

    def __init__(self, feed: LogFeed, watcher: Watcher) -> None:
        self.feed = feed
        # 0 = from the start of whichever attempt; a bare offset is of whichever attempt, too.
        self.fence = self.offset = 0
        fence, _, offset = watcher.last.partition(":")
        if fence.isdigit() and offset.isdigit():
            self.fence, self.offset = int(fence), int(offset)
        elif watcher.asked.get("offset", "").isdigit():
            self.offset = int(watcher.asked["offset"])

    async def tell(self, stream: Stream) -> bool:
        feed = self.feed
        ended, window = feed.ended, feed.window
        if window.fence and self.fence != window.fence:
            if self.fence:
                await stream.event("restart", {"reason": "the step was started again by another worker"})
                self.offset = 0
            self.fence = window.fence
        while self.offset < window.length:
            data = whole_lines(await feed.read(window, self.offset), ended)
            if not data:
                break
            start, self.offset = self.offset, self.offset + len(data)
            text = neutral(data.decode("utf-8", "replace"))
            await stream.event(
                "log", {"offset": start, "next": self.offset, "text": text}, f"{self.fence}:{self.offset}"
            )
        if ended and self.offset >= window.length:
            await stream.event("end", {"complete": feed.complete, "note": feed.note})
            return False
        return True


def whole_lines(data: bytes, ended: bool) -> bytes:
    """As much of the data as may be shown: up to the last end of a line, the rest when nothing follows."""
    if ended:
        return data
    end = data.rfind(b"\n") + 1
    if end or len(data) < LONG_LINE:
        return data[:end]
    cut = len(data)
    while cut > len(data) - 4 and data[cut - 1] & 0xC0 == 0x80:
        cut -= 1
    return data[: cut - 1] if data[cut - 1] >= 0xC0 else data


class HistoryTeller:
    """The history of a run, line by line."""

    def __init__(self, feed: HistoryFeed, watcher: Watcher) -> None:
        self.feed, self.watcher = feed, watcher
        self.last = int(watcher.last) if watcher.last.isdigit() else 0

    async def tell(self, stream: Stream) -> bool:
        while self.last < self.feed.last:
            rows = await ask(partial(executions.events, self.watcher.run, self.last))
            if not rows:
                break
            for row in rows:
                told = {"n": row.n, "at": row.at.isoformat(), "kind": row.kind, "step": row.step}
                await stream.event("run", {**told, "data": row.data}, str(row.n))
            self.last = rows[-1].n
        if self.feed.ended and self.last >= self.feed.last:
            run = await ask(lambda: executions.get(self.watcher.run))
            told = {"state": run.state, "reason": run.reason} if run else {"state": "", "reason": ""}
            await stream.event("end", told)
            return False
        return True


async def _poll(watcher: Watcher, send: Send) -> None:
    """One piece of a log and the state of its run, for pages without events."""
    offset = watcher.asked.get("offset", "0")
    start = int(offset) if offset.lstrip("-").isdigit() else 0

    def look() -> tuple[LogPart, str]:
        actor = watcher.actor()
        if actor is None:
            raise Gone("sign in again")
        part = execution_query.log(actor, watcher.run, watcher.asked.get("step", ""), start)
        return part, execution_query.execution(actor, watcher.run).state

    try:
        part, state = await ask(look)
    except (Gone, NotFound) as error:
        return await _say(send, 401 if isinstance(error, Gone) else 404, str(error))
    data = whole_lines(part.data, part.end)
    answer = {
        "state": state, "offset": part.offset, "next": part.offset + len(data),
        "text": neutral(data.decode("utf-8", "replace")), "end": part.end, "note": part.note,
    }  # fmt: skip
    await _answer(send, 200, answer)


async def _say(send: Send, status: int, text: str) -> None:
    await _answer(send, status, {"detail": text})


async def _answer(send: Send, status: int, data: dict[str, Any]) -> None:
    body = json.dumps(data, ensure_ascii=False)
    length = (b"content-length", str(len(body.encode())).encode())
    await say(send, status, body, length, *HEADERS, kind=b"application/json")
