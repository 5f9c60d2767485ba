"""An engine that misbehaves on purpose: one server on loopback, one mode at a time."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

ROW = {
    "id": "acme/rule", "policy": "rule", "policy_scope": "acme", "set": "basics", "scope": "acme",
    "severity": "error", "mode": "enforce",
}  # fmt: skip


def allow(revision: str = "right", **more: Any) -> dict[str, Any]:
    """What the router answers when the one policy that applies has nothing against it."""
    result = {"applicable": [ROW], "loaded": {"acme/rule": "d"}, "said": {"deny": {}, "violations": {}}}
    return {
        "result": {**result, **more},
        "provenance": {"version": "1.22.2", "bundles": {"portal": {"revision": revision}}},
    }


def http(body: bytes, *, status: str = "200 OK", headers: str = "") -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


def said(value: Any) -> bytes:
    return http(json.dumps(value).encode())


def _raw(text: str) -> bytes:
    return http(text.encode())


Mode = Callable[[socket.socket, "EngineDouble"], None]


def _answer(reply: bytes) -> Mode:
    return lambda link, double: link.sendall(reply)


def _hang(link: socket.socket, double: EngineDouble) -> None:
    double.stopped.wait(20)


def _slow_headers(link: socket.socket, double: EngineDouble) -> None:
    _drip(link, double, step=0.2)


def _drip(link: socket.socket, double: EngineDouble, step: float = 0.1) -> None:
    for byte in said(allow()):
        if double.stopped.wait(step):
            return
        link.sendall(bytes([byte]))


def _close_in_the_middle(link: socket.socket, double: EngineDouble) -> None:
    link.sendall(said(allow())[:-20])
    link.shutdown(socket.SHUT_RDWR)


def _reset(link: socket.socket, double: EngineDouble) -> None:
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    link.close()


def _redirect(link: socket.socket, double: EngineDouble) -> None:
    link.sendall(http(b"", status="302 Found", headers=f"Location: {double.allowing}\r\n"))


def _endless(link: socket.socket, double: EngineDouble) -> None:
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    with contextlib.suppress(OSError):
        while not double.stopped.is_set():
            link.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def right_then_old(link: socket.socket, double: EngineDouble) -> None:
    link.sendall(said(allow("right" if double.calls == 1 else "old")))


_bomb = gzip.compress(b" " * 50_000_000 + json.dumps(allow()).encode())
_allowed = json.dumps(allow())

MODES: dict[str, Mode] = {
    "reset": _reset,
    "hang": _hang,
    "slow headers": _slow_headers,
    "drip": _drip,
    "closed in the middle": _close_in_the_middle,
    "endless": _endless,
    "empty object": _answer(said({})),
    "no content": _answer(http(b"", status="204 No Content")),
    "result null": _answer(said({"result": None})),
    "result true": _answer(said({"result": True})),
    "result the text true": _answer(said({"result": "true"})),
    "allow twice": _answer(_raw('{"result":{"allow":false,"allow":true}}')),
    "a key twice": _answer(_raw(_allowed.replace('"loaded":', '"loaded":{},"loaded":', 1))),
    "NaN": _answer(_raw(_allowed[:-1] + ',"x":NaN}')),
    "out of range": _answer(_raw(_allowed[:-1] + ',"x":1e999}')),
    "HTML": _answer(http(b"<html>allowed</html>")),
    "an error that allows": _answer(http(_allowed.encode(), status="500 Internal Server Error")),
    "not found": _answer(http(b'{"result":true}', status="404 Not Found")),
    "redirect": _redirect,
    "gzip bomb": _answer(http(_bomb, headers="Content-Encoding: gzip\r\n")),
    "not UTF-8": _answer(http(b'{"result":"\xff\xfe"}')),
    "deep": _answer(_raw('{"result":' + "[" * 100_000 + "]" * 100_000 + "}")),
    "wrong revision": _answer(said(allow("another"))),
    "no revision": _answer(said({"result": allow()["result"]})),
    "nothing loaded": _answer(said(allow(loaded={}))),
    "another policy loaded": _answer(said(allow(loaded={"acme/other": "d"}))),
    "one policy too many loaded": _answer(said(allow(loaded={"acme/rule": "d", "acme/more": "d"}))),
    "loaded without a digest": _answer(said(allow(loaded={"acme/rule": None}))),
    "deny is a number": _answer(said(allow(said={"deny": {"acme/rule": 0}, "violations": {}}))),
    "deny of another policy": _answer(said(allow(said={"deny": {"x": []}, "violations": {}}))),
    "severity unknown": _answer(said(allow(applicable=[{**ROW, "severity": "info"}]))),
    "mode off": _answer(said(allow(applicable=[{**ROW, "mode": "off"}]))),
    "applicable missing": _answer(said(allow(applicable=None))),
    "garbage": _answer(b"\x00\x01\x02 not HTTP at all\r\n\r\n"),
}


class EngineDouble:
    """`mode` decides what each request gets; `url` is where to ask."""

    def __init__(self) -> None:
        self.mode: Mode = _answer(said(allow()))
        self.calls = 0
        self.allowing = ""
        self.stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._loop = threading.Thread(target=self._accept, daemon=True)
        self._loop.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(link,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _serve(self, link: socket.socket) -> None:
        with link, contextlib.suppress(OSError):
            while _read_request(link) and not self.stopped.is_set():
                self.calls += 1
                self.mode(link, self)

    def stop(self) -> None:
        self.stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        ends = time.monotonic() + 2
        for thread in [self._loop, *self._threads]:
            thread.join(max(0.0, ends - time.monotonic()))


def _read_request(link: socket.socket) -> bool:
    seen = b""
    while b"\r\n\r\n" not in seen:
        part = link.recv(65536)
        if not part:
            return False
        seen += part
    head, _, body = seen.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
    while len(body) < length:
        part = link.recv(65536)
        if not part:
            return False
        body += part
    return True


@contextlib.contextmanager
def double() -> Iterator[EngineDouble]:
    """A misbehaving engine, and a second one that would allow everything, for redirects."""
    other, made = EngineDouble(), EngineDouble()
    made.allowing = f"{other.url}/v1/data/portal/router/decide"
    try:
        yield made
    finally:
        made.stop()
        other.stop()
