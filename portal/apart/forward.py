"""Hands a request on to the server for drafts, over its socket, and its answer back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx2

from portal.apart.visitor import headers_of, without_own
from portal.plainly import Receive, Scope, Send, say

CONNECT_S = 2.0
# A model is asked up to three times before it answers; everything else ends in seconds.
ANSWER_S = 600.0
MOST_CONNECTIONS = 256
AGAIN_S = 2
# Of one connection, and nobody else's business (RFC 9110, 7.6.1).
HOP_BY_HOP = frozenset(
    {
        b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te", b"trailer",
        b"transfer-encoding", b"upgrade",
    }
)  # fmt: skip
UNAVAILABLE = (
    "Drafts are not answered at the moment: their server is being started again. Try again in a few seconds."
)


class _Left(Exception):
    """The visitor left before everything was said."""


class Forward:
    """An ASGI application whose answers come from another server."""

    def __init__(self, socket: Path) -> None:
        limits = httpx2.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=16)
        # Asked again only when there was no connection at all: nothing is done twice.
        self._transport = httpx2.AsyncHTTPTransport(uds=str(socket), limits=limits, retries=2)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = _request(scope, await _body(receive) if _has_body(scope) else b"")
        except _Left:
            return
        answer = asyncio.create_task(self._answer(request, scope, send))
        # Nobody waits for what a visitor who has left asked; a connection held for them is one less for others.
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            answer.cancel()
            await asyncio.wait({answer})
        if not answer.cancelled():
            answer.result()

    async def _answer(self, request: httpx2.Request, scope: Scope, send: Send) -> None:
        begun = False
        try:
            answer = await self._transport.handle_async_request(request)
            try:
                headers = [(k.lower(), v) for k, v in _passed_on(answer.headers.raw)]
                await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
                begun = True
                async for part in answer.aiter_raw():
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            finally:
                await answer.aclose()
            await send({"type": "http.response.body", "body": b""})
        except httpx2.LocalProtocolError as error:
            # What our own web server lets pass, like two hosts, and the client of the other does not.
            if begun:
                raise
            await say(send, 400, f"This request cannot be passed on: {error}.\n")
        except httpx2.TransportError:
            if begun:
                # Cut off: an answer without its end must not look whole.
                raise
            await _unavailable(scope, send)


def _request(scope: Scope, body: bytes) -> httpx2.Request:
    headers = [*_passed_on(without_own(scope["headers"])), *headers_of(scope)]
    wait = {"connect": CONNECT_S, "pool": CONNECT_S, "read": ANSWER_S, "write": ANSWER_S}
    target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    return httpx2.Request(
        scope["method"], "http://drafts/", headers=headers, content=body or None,
        extensions={"timeout": wait, "target": target},
    )  # fmt: skip


def _passed_on(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    return ((name, value) for name, value in headers if name.lower() not in HOP_BY_HOP)


def _has_body(scope: Scope) -> bool:
    return bool({name.lower() for name, _ in scope["headers"]} & {b"content-length", b"transfer-encoding"})


async def _body(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Left
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _unavailable(scope: Scope, send: Send) -> None:
    """In words, and for machines as the API answers."""
    again = (b"retry-after", str(AGAIN_S).encode())
    if scope["path"].startswith("/api/"):
        said = {"title": "Unavailable", "status": 503, "refused": "unavailable", "detail": UNAVAILABLE}
        body = json.dumps({"type": "about:blank", **said})
        await say(send, 503, body, again, kind=b"application/problem+json")
    else:
        await say(send, 503, f"{UNAVAILABLE}\n", again)
