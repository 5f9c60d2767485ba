"""One ASGI application: streams and the engine's two addresses natively, the rest to Django in threads.

Django's synchronous views lose most of their throughput under ASGI; in a2wsgi's threads they do not.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from importlib import import_module
from typing import Any

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from portal import env
from portal.wsgi import application as django

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Path prefix -> the small ASGI callable that answers below it. Named by address, so that a missing one
# stops the start instead of turning into a page that is not found.
NATIVE = {
    "/stream/": "portal.web.streams:application",
    "/bundles/": "portal.sidecar:bundles",
    "/opa/status": "portal.sidecar:status",
}
THREADS = env.integer("WEB_THREADS", 16, low=1, high=256)


def _load(address: str) -> App:
    module, _, name = address.partition(":")
    return getattr(import_module(module), name)  # type: ignore[no-any-return]


class Dispatcher:
    """Chooses by path; knows nothing of what the parts do."""

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


application = Dispatcher(
    {prefix: _load(address) for prefix, address in NATIVE.items()},
    WSGIMiddleware(django, workers=THREADS),  # type: ignore[arg-type]
)
