"""Requests are read whole before anybody answers them, and are put plainly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from portal import incoming
from portal.incoming import MOST_BODY_BYTES, Whole

Messages = list[dict[str, Any]]
LONG = (b"content-length", b"8")


def posted(*headers: tuple[bytes, bytes], **more: Any) -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": "/", "http_version": "1.1", "headers": headers, **more}


class Door:
    """What an application behind a Whole was given, and what the visitor was sent."""

    def __init__(self, wait_s: float = 5.0) -> None:
        self.given: list[tuple[dict[str, Any], bytes]] = []
        self.sent: Messages = []
        self.whole = Whole(self._app, wait_s)

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        assert not message.get("more_body")
        self.given.append((scope, message["body"]))

    async def _send(self, message: Any) -> None:
        self.sent.append(message)

    async def ask(self, scope: dict[str, Any], receive: Callable[[], Awaitable[Any]]) -> None:
        await self.whole(scope, receive, self._send)

    def asks(self, scope: dict[str, Any], *messages: dict[str, Any]) -> None:
        waiting = list(messages)

        async def receive() -> Any:
            return waiting.pop(0)

        asyncio.run(self.ask(scope, receive))


def part(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_an_application_is_asked_once_everything_is_there() -> None:
    door = Door()
    door.asks(posted(LONG), part(b"one "), part(b"two.", more=False))
    assert [body for _, body in door.given] == [b"one two."]


def test_half_a_form_is_not_taken_for_a_shorter_one() -> None:
    door = Door()
    door.asks(posted(LONG), part(b"one "), {"type": "http.disconnect"})
    assert (door.given, door.sent) == ([], [])


def test_a_slow_visitor_holds_nobody_who_answers() -> None:
    async def never() -> Any:
        await asyncio.sleep(60)

    door = Door(wait_s=0.01)
    asyncio.run(door.ask(posted(LONG), never))
    assert door.given == []
    assert door.sent[0]["status"] == 408


def test_a_body_that_says_it_is_too_large_is_refused_unread() -> None:
    door = Door()
    door.asks(posted((b"content-length", str(MOST_BODY_BYTES + 1).encode())))
    assert door.given == []
    assert door.sent[0]["status"] == 413


def test_a_body_that_comes_in_chunks_ends_at_the_limit() -> None:
    door = Door()
    half = part(b"x" * (MOST_BODY_BYTES // 2))
    door.asks(posted((b"transfer-encoding", b"chunked")), half, half, part(b"x", more=False))
    assert door.given == []
    assert door.sent[0]["status"] == 413


def test_large_bodies_share_memory_and_give_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "HELD_BYTES", incoming.SMALL_BYTES)
    door = Door()
    full, small = b"x" * (2 * incoming.SMALL_BYTES), b"x" * incoming.SMALL_BYTES
    chunked = posted((b"transfer-encoding", b"chunked"))

    async def two() -> None:
        blocked = asyncio.Event()

        async def slow() -> Any:
            if blocked.is_set():
                await asyncio.sleep(0.05)
                return part(b"", more=False)
            blocked.set()
            return part(full)

        async def quick() -> Any:
            return part(b"x" * (incoming.SMALL_BYTES + 1), more=False)

        async def little() -> Any:
            return part(small, more=False)

        first = asyncio.create_task(door.ask(chunked, slow))
        await blocked.wait()
        await door.ask(chunked, quick)
        await door.ask(chunked, little)
        await first
        await door.ask(chunked, quick)

    asyncio.run(two())
    assert [m["status"] for m in door.sent if m["type"] == "http.response.start"] == [503]
    assert [len(body) for _, body in door.given] == [len(small), len(full), len(small) + 1]


@pytest.mark.parametrize(
    "scope", [posted((b"transfer-encoding", b"chunked"), (b"content-length", b"3")), posted(http_version="2")]
)
def test_however_a_body_comes_its_length_is_known(scope: dict[str, Any]) -> None:
    door = Door()
    door.asks(scope, part(b"one "), part(b"two.", more=False))
    assert door.given[0][0]["headers"] == [LONG]
    assert door.given[0][1] == b"one two."


def test_a_header_that_only_looks_like_one_of_a_proxy_is_dropped() -> None:
    door = Door()
    door.asks(
        posted((b"x-forwarded-for", b"192.0.2.7"), (b"x_forwarded_for", b"127.0.0.1")), part(b"", False)
    )
    assert door.given[0][0]["headers"] == [(b"x-forwarded-for", b"192.0.2.7")]


def test_bytes_that_no_browser_sends_are_escaped() -> None:
    door = Door()
    target = {"raw_path": b"/n\xc3\xa9w%2F", "query_string": b"a=\xff&b=%20+c"}
    door.asks(posted(**target), part(b"", False))
    assert {key: door.given[0][0][key] for key in target} == {
        "raw_path": b"/n%C3%A9w%2F", "query_string": b"a=%FF&b=%20+c",
    }  # fmt: skip
