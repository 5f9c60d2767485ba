"""Hands a request to the part its path belongs to; knows nothing of what the parts do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


# More than the largest form: an import of policies with its boundaries. Uploads are spooled to the disk before a
# form can look at them, so the door has to count.
MOST_BODY_BYTES = 8 * 1024 * 1024
TOO_LARGE = b"The request is larger than 8 MB.\n"


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
        if _announced(scope) > MOST_BODY_BYTES:
            await _too_large(send)
            return
        try:
            await self.rest(scope, _counted(receive), send)
        except asyncio.CancelledError:
            # The visitor left; a2wsgi's thread ends by itself with its answer.
            return


def _announced(scope: Scope) -> int:
    """The length of the body as its header says it; 0 for none and for one that comes in chunks."""
    said = dict(scope.get("headers", ())).get(b"content-length", b"0")
    return int(said) if said.isdigit() else 0


async def _too_large(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE})


def _counted(receive: Receive) -> Receive:
    """What the visitor sends, up to the limit; who sends more in chunks is taken for gone.

    Also a coroutine, as a2wsgi's other thread needs one and the server answers an awaitable.
    """
    got = 0

    async def received() -> MutableMapping[str, Any]:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        return {"type": "http.disconnect"} if got > MOST_BODY_BYTES else message

    return received


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
