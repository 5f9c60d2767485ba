"""Hands a request to the part its path belongs to; knows nothing of what the parts do."""

from __future__ import annotations

import asyncio

from portal.incoming import Whole
from portal.plainly import App, Receive, Scope, Send


class Dispatcher:
    """Chooses by path prefix; everything else goes to `rest`."""

    def __init__(self, native: dict[str, App], rest: App) -> None:
        self.native = native
        self.rest = Whole(rest)

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
            await self.rest(scope, receive, send)
        except asyncio.CancelledError:
            # The visitor left; a2wsgi's thread ends by itself with its answer.
            return


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
