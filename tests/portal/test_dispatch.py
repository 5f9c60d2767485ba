"""Streams and the engine's addresses are answered natively, everything else by Django."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from portal.dispatch import Dispatcher
from portal.plainly import App


def named(name: str, calls: list[str]) -> App:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        calls.append(name)

    return app


async def unused(*args: Any) -> Any:
    raise AssertionError("nothing is read or sent here")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/stream/runs/7", "stream"),
        ("/opa/status", "status"),
        ("/streaming", "django"),
        ("/s/halden/stream/", "django"),
        ("/", "django"),
    ],
)
def test_the_path_decides_who_answers(path: str, expected: str) -> None:
    calls: list[str] = []
    native = {"/stream/": named("stream", calls), "/opa/status": named("status", calls)}
    dispatcher = Dispatcher(native, named("django", calls))
    asyncio.run(dispatcher({"type": "http", "path": path}, unused, unused))
    assert calls == [expected]


def test_start_and_stop_of_the_server_are_acknowledged() -> None:
    incoming = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[str] = []

    async def receive() -> dict[str, str]:
        return incoming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(Dispatcher({}, named("django", []))({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_visitor_who_leaves_is_no_error() -> None:
    async def left(*args: Any) -> None:
        raise asyncio.CancelledError

    asyncio.run(Dispatcher({}, left)({"type": "http", "path": "/"}, unused, unused))
