"""Requests about drafts go to a server of their own, and come back as if there were none."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from portal.apart.forward import UNAVAILABLE, Forward
from portal.apart.lanes import Lanes
from portal.apart.visitor import Told

SCOPE = "acme.shop.payments"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "here"),
        (f"/s/{SCOPE}/policies/", "here"),
        (f"/s/{SCOPE}/policies/new", "drafts"),
        (f"/s/{SCOPE}/policies/check", "drafts"),
        (f"/s/{SCOPE}/policies/no_root/v2/review", "drafts"),
        (f"/s/{SCOPE}/drafts/7/checks", "drafts"),
        ("/describe/policy", "drafts"),
        (f"/s/{SCOPE}/describe/policy", "drafts"),
        (f"/s/{SCOPE}/pipelines/policies/policies/", "here"),
        (f"/api/v1/scopes/{SCOPE}/policies", "here"),
        (f"/api/v1/scopes/{SCOPE}/policies/no_root/versions/1/report", "drafts"),
        (f"/api/v1/scopes/{SCOPE}/drafts/policy/check", "drafts"),
        (f"/api/v1/scopes/{SCOPE}/ask/fix", "drafts"),
        (f"/api/v1/scopes/{SCOPE}/changes/policy/no_root/save", "drafts"),
        (f"/api/v1/scopes/{SCOPE}/dry-run/policy/no_root/save", "drafts"),
        (f"/api/v1/scopes/{SCOPE}/changes/pipeline/nightly/save", "here"),
        (f"/s/{SCOPE}/policies/a\nb/", "drafts"),
    ],
)
def test_the_path_says_what_is_about_drafts(path: str, expected: str) -> None:
    calls: list[str] = []

    def named(name: str) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            calls.append(name)

        return app

    asyncio.run(Lanes(named("drafts"), named("here"))({"type": "http", "path": path}, None, None))  # type: ignore[arg-type]
    assert calls == [expected]


def asked(path: str = "/s/acme/policies/new", method: str = "GET", headers: Any = ()) -> dict[str, Any]:
    return {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"a=%2F",
        "headers": [(b"host", b"portal.example"), *headers], "client": ("192.0.2.7", 4711), "scheme": "https",
    }  # fmt: skip


Spoken = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def exchanged(
    answer: Spoken | None, scope: dict[str, Any], *body: dict[str, Any]
) -> tuple[list[dict[str, Any]], BaseException | None]:
    """What the visitor is sent by a Forward to a server that speaks as told; None: nobody listens."""
    sent: list[dict[str, Any]] = []
    incoming = list(body) or [{"type": "http.request", "body": b""}]

    async def receive() -> dict[str, Any]:
        if not incoming:
            await asyncio.sleep(60)
        return incoming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    async def run() -> BaseException | None:
        with tempfile.TemporaryDirectory() as folder:
            socket = Path(folder) / "drafts.sock"
            server = await asyncio.start_unix_server(answer, socket) if answer else None
            try:
                await Forward(socket)(scope, receive, send)
            except Exception as error:
                return error
            finally:
                if server:
                    server.close()
        return None

    return sent, asyncio.run(run())


def said(text: bytes, heard: list[bytes] | None = None, until: bytes = b"\r\n\r\n") -> Spoken:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(until)
        if heard is not None:
            heard.append(request)
        writer.write(text)
        await writer.drain()
        writer.close()

    return answer


def test_the_other_server_hears_who_asks_and_nobody_else_says_so() -> None:
    heard: list[bytes] = []
    forged = [(b"x-portcullis-client", b"127.0.0.1 1"), (b"connection", b"upgrade"), (b"cookie", b"a=b")]
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\r\nhi"
    sent, error = exchanged(said(answer, heard), asked(headers=forged))
    lines = heard[0].lower().split(b"\r\n")
    assert error is None
    assert lines[0] == b"get /s/acme/policies/new?a=%2f http/1.1"
    assert lines.count(b"x-portcullis-client: 192.0.2.7 4711") == 1
    assert not any(b"127.0.0.1" in line or b"upgrade" in line for line in lines)
    assert b"x-portcullis-scheme: https" in lines
    assert b"cookie: a=b" in lines
    assert b"host: portal.example" in lines
    assert sent[0]["status"] == 200
    assert [v for k, v in sent[0]["headers"] if k == b"set-cookie"] == [b"a=1", b"b=2"]
    assert b"".join(m["body"] for m in sent[1:]) == b"hi"
    assert not sent[-1].get("more_body")


def test_what_comes_in_parts_is_passed_on_whole() -> None:
    heard: list[bytes] = []
    scope = asked(method="POST", headers=[(b"content-length", b"8")])
    parts = (
        {"type": "http.request", "body": b"one ", "more_body": True},
        {"type": "http.request", "body": b"two."},
    )
    sent, error = exchanged(said(b"HTTP/1.1 204 No Content\r\n\r\n", heard, b"two."), scope, *parts)
    assert error is None
    assert heard[0].endswith(b"\r\n\r\none two.")
    assert sent[0]["status"] == 204


def test_without_the_other_server_people_and_machines_are_told_to_ask_again() -> None:
    sent, error = exchanged(None, asked())
    assert error is None
    assert sent[0]["status"] == 503
    assert (b"retry-after", b"2") in sent[0]["headers"]
    assert UNAVAILABLE.encode() in sent[1]["body"]
    sent, _ = exchanged(None, asked("/api/v1/scopes/acme/ask/policy"))
    assert b'"refused": "unavailable"' in sent[1]["body"]


def test_what_cannot_be_passed_on_is_told_apart_from_a_server_that_is_away() -> None:
    sent, error = exchanged(said(b"HTTP/1.1 204 No Content\r\n\r\n"), asked(headers=[(b"host", b"other")]))
    assert error is None
    assert sent[0]["status"] == 400
    assert b"cannot be passed on" in sent[1]["body"]


def test_an_answer_that_is_cut_off_does_not_look_whole() -> None:
    sent, error = exchanged(said(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nhalf"), asked())
    assert error is not None
    assert not sent or sent[-1]["type"] == "http.response.start" or sent[-1]["more_body"]


def test_a_visitor_who_leaves_half_way_is_no_error() -> None:
    scope = asked(method="POST", headers=[(b"content-length", b"8")])
    parts = ({"type": "http.request", "body": b"one ", "more_body": True}, {"type": "http.disconnect"})
    sent, error = exchanged(said(b"HTTP/1.1 204 No Content\r\n\r\n"), scope, *parts)
    assert error is None
    assert sent == []


def test_nobody_is_waited_for_on_behalf_of_a_visitor_who_left() -> None:
    heard: list[bytes] = []

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        heard.append(await reader.read())
        writer.close()

    scope = asked(method="POST", headers=[(b"content-length", b"0")])
    sent, error = exchanged(never, scope, {"type": "http.request", "body": b""}, {"type": "http.disconnect"})
    assert (sent, error) == ([], None)
    assert heard[1:] in ([], [b""]), "the other server is told, too"


def test_the_other_server_sees_the_visitor_where_applications_look() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    headers = [(b"x-portcullis-client", b"2001:db8::1 99"), (b"x-portcullis-scheme", b"https"), (b"a", b"b")]
    asyncio.run(Told(app)({"type": "http", "headers": headers, "scheme": "http"}, None, None))  # type: ignore[arg-type]
    assert seen == [
        {"type": "http", "client": ("2001:db8::1", 99), "scheme": "https", "headers": [(b"a", b"b")]}
    ]
