"""Hands a request to the part its path belongs to; knows nothing of what the parts do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Dispatcher:
    """Chooses by path prefix; everything else goes to `rest`."""

    def __init__(self, native: dict[str, App], rest: App) -> None:
        self.native = native
        self.rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        path = scope["path"]
        for prefix, app in self.native.items():
            if path.startswith(prefix):
                await app(scope, receive, send)
                return
        try:
            await self.rest(scope, _as_coroutine(receive), send)
        except asyncio.CancelledError:
            # The visitor left; a2wsgi's thread ends by itself with its answer.
            return


def _as_coroutine(receive: Receive) -> Receive:
    """The server's `receive` answers an awaitable; a2wsgi's other thread needs a coroutine."""

    async def received() -> MutableMapping[str, Any]:
        return await receive()

    return received


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
