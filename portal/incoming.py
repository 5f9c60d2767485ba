"""What a visitor sends, read whole before a thread of ours is given to it, and put plainly.

A thread that waits for a slow visitor answers nobody else: sixteen of them, who need not even sign in, would be all of
a server. And a request whose end never comes is not answered: half a form must not pass for a shorter one.
"""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from portal.outgoing import Answer, Shelf
from portal.plainly import App, Headers, Message, Receive, Scope, Send, say

# More than the largest form: an import of policies with its boundaries.
MOST_BODY_BYTES = 8 * 1024 * 1024
# Enough for the largest over a poor line; whoever is slower costs a connection and no thread.
WAIT_S = 60.0
# Bodies under way share so much memory. Small ones, which are nearly all, come in beside it.
HELD_BYTES, SMALL_BYTES = 128 * 1024 * 1024, 64 * 1024
# What may stand in a target as it is; the rest is sent by hand only, and nobody behind us takes it.
PRINTABLE = bytes(range(0x21, 0x7F))
LENGTHS = frozenset({b"content-length", b"transfer-encoding"})


class _Left(Exception):
    """The visitor left before everything was said."""


class _Refused(Exception):
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


TOO_LARGE = "The request is larger than 8 MB."
TOO_SLOW = f"The request did not arrive within {WAIT_S:.0f} seconds."
TOO_MANY = "Too many large requests are on their way. Try again in a few seconds."


class Whole:
    """An ASGI application that hands requests on once all of their body is there."""

    def __init__(self, app: App, wait_s: float = WAIT_S) -> None:
        self._app = app
        self._wait_s = wait_s
        self._held = 0
        self._shelf = Shelf()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = _plain(scope)
        if not _has_body(scope):
            await self._answered(scope, receive, send)
            return
        body = bytearray()
        try:
            await self._read(scope, receive, body)
            await self._answered(_measured(scope, body), _given(bytes(body), receive), send)
        except _Left:
            return
        except _Refused as refused:
            again = [(b"retry-after", b"5")] if refused.status == 503 else []
            await say(send, refused.status, f"{refused.text}\n", (b"connection", b"close"), *again)
        finally:
            self._held -= _counted(body)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = Answer(send, self._shelf)
        try:
            await self._app(scope, receive, answer)
            await answer.finish()
        finally:
            answer.close()

    async def _read(self, scope: Scope, receive: Receive, body: bytearray) -> None:
        if _announced(scope) > MOST_BODY_BYTES:
            raise _Refused(413, TOO_LARGE)
        try:
            async with asyncio.timeout(self._wait_s):
                await self._all_of_it(receive, body)
        except TimeoutError as error:
            raise _Refused(408, TOO_SLOW) from error

    async def _all_of_it(self, receive: Receive, body: bytearray) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Left
            self._take(message.get("body", b""), body)
            more = message.get("more_body", False)

    def _take(self, part: bytes, body: bytearray) -> None:
        if len(body) + len(part) > MOST_BODY_BYTES:
            raise _Refused(413, TOO_LARGE)
        before = _counted(body)
        body += part
        self._held += _counted(body) - before
        if _counted(body) and self._held > HELD_BYTES:
            raise _Refused(503, TOO_MANY)


def _counted(body: bytearray) -> int:
    return max(0, len(body) - SMALL_BYTES)


def _plain(scope: Scope) -> Scope:
    """As applications expect it.

    A header with an underscore is dropped: for WSGI it has the name of the one with a hyphen, so that a visitor could
    say in X_Forwarded_For what only our proxies may say.
    """
    headers = [(name, value) for name, value in scope.get("headers", ()) if b"_" not in name]
    return {**scope, "headers": headers} | {
        part: _printable(scope[part]) for part in ("raw_path", "query_string") if scope.get(part)
    }


def _printable(target: bytes) -> bytes:
    return target if target.isascii() else quote(target, safe=PRINTABLE).encode("ascii")


def _has_body(scope: Scope) -> bool:
    """Its headers say so; in HTTP/2 they need not."""
    names = {name for name, _ in scope["headers"]}
    if b"content-length" in names and b"transfer-encoding" not in names:
        return _announced(scope) > 0
    return b"transfer-encoding" in names or str(scope.get("http_version", "")).startswith("2")


def _announced(scope: Scope) -> int:
    """The length of the body as its header says it; 0 for none and for one that comes in chunks."""
    said = dict(scope["headers"]).get(b"content-length", b"0")
    return int(said) if said.isdigit() else 0


def _measured(scope: Scope, body: bytearray) -> Scope:
    """With the length it turned out to have, however it came."""
    others: Headers = [(name, value) for name, value in scope["headers"] if name not in LENGTHS]
    return {**scope, "headers": [*others, (b"content-length", str(len(body)).encode())]}


def _given(body: bytes, receive: Receive) -> Receive:
    """All of the body at once, then whatever the visitor does next.

    A coroutine, as a2wsgi's other thread needs one and the server answers an awaitable.
    """
    told = False

    async def received() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received
