"""What a visitor is answered, kept for them while they read, so that the thread that made it need not wait.

Sixteen visitors who read slowly, and need not even sign in, would be all threads of a server. What is longer than
KEPT_BYTES, as exports are, goes out as fast as it is read; so many at a time belong to each person.
"""

from __future__ import annotations

import asyncio
from collections import deque

from portal.plainly import Message, Send

KEPT_BYTES = 1024 * 1024
# All answers under way share so much memory. Small ones, which are nearly all, have their place beside it.
HELD_BYTES, SMALL_BYTES = 128 * 1024 * 1024, 64 * 1024
# Who takes nothing for so long is not there any more.
STALLED_S = 30.0


class CutOff(ConnectionError):
    """The visitor did not get all of it; the connection must end so that they notice."""


class Shelf:
    """Where answers wait for their readers; one for a server."""

    def __init__(self) -> None:
        self.held = 0


class Answer:
    """Takes what an application sends, and sends it on."""

    def __init__(self, send: Send, shelf: Shelf, stalled_s: float = STALLED_S) -> None:
        self._send = send
        self._shelf = shelf
        self._stalled_s = stalled_s
        self._waiting: deque[Message] = deque()
        self._kept = 0
        self._failed: Exception | None = None
        self._moved = asyncio.Event()
        self._sending: asyncio.Task[None] | None = None

    async def __call__(self, message: Message) -> None:
        """Returns while the message waits. What comes after a failure is dropped: the thread ends by itself."""
        if self._failed is None:
            self._keep(message)
        while self._kept > KEPT_BYTES and self._failed is None:
            self._moved.clear()
            await self._moved.wait()

    async def finish(self) -> None:
        """Everything was read. Raises what kept it from being."""
        if self._sending is not None:
            await self._sending
        if self._failed is not None:
            raise self._failed

    def close(self) -> None:
        """Nothing more is sent."""
        if self._sending is not None:
            self._sending.cancel()
        self._drop(CutOff("the answer was given up"))

    def _keep(self, message: Message) -> None:
        self._count(len(message.get("body", b"")))
        if _large(self._kept) and self._shelf.held > HELD_BYTES:
            self._drop(CutOff("too many answers wait for their readers"))
            return
        self._waiting.append(message)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send_on())

    async def _send_on(self) -> None:
        try:
            while self._waiting:
                message = self._waiting.popleft()
                async with asyncio.timeout(self._stalled_s):
                    await self._send(message)
                self._count(-len(message.get("body", b"")))
                self._moved.set()
        except TimeoutError:
            self._drop(CutOff(f"nothing was read for {self._stalled_s:.0f} s"))
        except Exception as error:
            self._drop(error)

    def _count(self, grown: int) -> None:
        before, self._kept = self._kept, self._kept + grown
        self._shelf.held += _large(self._kept) - _large(before)

    def _drop(self, error: Exception) -> None:
        self._failed = self._failed or error
        self._waiting.clear()
        self._count(-self._kept)
        self._moved.set()


def _large(kept: int) -> int:
    return max(0, kept - SMALL_BYTES)
