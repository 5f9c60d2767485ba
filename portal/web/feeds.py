"""What several people watch is read once: one poller per log or history, shared by all who follow it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import close_old_connections

from audit import executions, logs
from audit.wiring import log_store

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOK_EVERY_S = 0.1
# What a feed keeps in memory for those who are up to date; who is further behind reads the store.
KEPT_BYTES = 256 * 1024
MOST_AT_ONCE = 256 * 1024

# Threads with connections of their own: watchers take none from the pages.
_database = ThreadPoolExecutor(max_workers=3, thread_name_prefix="streams")


async def ask(question: Callable[[], T]) -> T:
    """Ask the database in one of the streams' own threads."""

    def answer() -> T:
        close_old_connections()
        try:
            return question()
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_database, answer)


@dataclass
class Feed:
    """One thing that is watched. `number` grows with every news; waiters are woken."""

    viewers: int = 0
    number: int = 0
    ended: bool = False
    broken: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    task: asyncio.Task[None] | None = None

    def look(self) -> bool:
        """Runs in a thread: read what is new; whether there was anything."""
        raise NotImplementedError

    async def follow(self) -> None:
        while self.viewers and not self.ended:
            try:
                news = await ask(self.look)
                self.broken = False
            except Exception:
                # The database may be away for a while; the viewers' own checks decide when to give up.
                log.warning("a feed could not be read", exc_info=not self.broken)
                self.broken, news = True, False
            if news:
                self.number += 1
                async with self.changed:
                    self.changed.notify_all()
            await asyncio.sleep(LOOK_EVERY_S if not self.broken else 1.0)

    async def news(self, known: int, timeout_s: float) -> int:
        """The feed's number as soon as it is not `known`, or after the timeout."""
        if self.number == known:
            try:
                async with asyncio.timeout(timeout_s), self.changed:
                    await self.changed.wait()
            except TimeoutError:
                pass
        return self.number


@dataclass(frozen=True, slots=True)
class Window:
    """The end of a log as last read. start: offset of the first byte kept in `tail`."""

    fence: int = 0
    start: int = 0
    tail: bytes = b""

    @property
    def length(self) -> int:
        return self.start + len(self.tail)

    def with_more(self, start: int, data: bytes) -> Window:
        kept, begin = (self.tail + data, self.start) if start == self.length else (data, start)
        surplus = max(len(kept) - KEPT_BYTES, 0)
        return Window(self.fence, begin + surplus, kept[surplus:])


@dataclass
class LogFeed(Feed):
    """The newest attempt of one step's log. The window is replaced as a whole: it is read by others."""

    execution_id: str = ""
    step: str = ""
    window: Window = field(default_factory=Window)
    complete: bool = True
    note: str = ""

    def look(self) -> bool:
        over = _is_over(self.execution_id)
        found = logs.info(self.execution_id, self.step)
        if found is None:
            self.ended = over
            return over
        window = self.window if found.fence == self.window.fence else Window(found.fence)
        if found.length > window.length:
            start = max(window.length, found.length - KEPT_BYTES)
            part = logs.read(
                log_store(), self.execution_id, self.step, start, found.length - start, fence=found.fence
            )
            window = window.with_more(start, part.data)
        news = window is not self.window
        self.window = window
        if not found.open and (found.complete or over):
            self.complete, self.note, self.ended = found.complete, found.note, True
        return news or self.ended

    async def read(self, window: Window, offset: int) -> bytes:
        """Bytes of a window's log from an offset on, at most 256 kB."""
        if offset >= window.start:
            return window.tail[offset - window.start :][:MOST_AT_ONCE]
        size = min(window.start - offset, MOST_AT_ONCE)
        return await ask(
            lambda: (
                logs.read(log_store(), self.execution_id, self.step, offset, size, fence=window.fence).data
            )
        )


@dataclass
class HistoryFeed(Feed):
    """How far the history of one run has come."""

    execution_id: str = ""
    last: int = 0

    def look(self) -> bool:
        over = _is_over(self.execution_id)
        rows = executions.events(self.execution_id, self.last)
        if rows:
            self.last = rows[-1].n
        elif over:
            self.ended = True
        return bool(rows) or self.ended


def _is_over(execution_id: str) -> bool:
    run = executions.get(execution_id)
    return run is None or run.ended


_feeds: dict[tuple[Any, ...], Feed] = {}


@asynccontextmanager
async def watch(key: tuple[Any, ...], make: Callable[[], Feed]) -> AsyncIterator[Feed]:
    """The shared feed of a key, followed for as long as somebody watches it."""
    feed = _feeds.get(key)
    if feed is None:
        feed = _feeds[key] = make()
    feed.viewers += 1
    if feed.task is None:
        feed.task = asyncio.create_task(feed.follow())
    try:
        yield feed
    finally:
        feed.viewers -= 1
        if not feed.viewers:
            _feeds.pop(key, None)
