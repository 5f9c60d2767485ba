"""A local server that speaks OpenAI's wire protocol, for tests: it says what it was told to, in turn."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    body = {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "double",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def words(*parts: str) -> list[bytes]:
    return [*(chunk({"content": p}) for p in parts), chunk({}, "stop"), b"data: [DONE]\n\n"]


def calls(name: str, **arguments: Any) -> list[bytes]:
    """A tool call as an answer."""
    made = {"index": 0, "id": "t1", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}  # fmt: skip
    return [chunk({"tool_calls": [made]}), chunk({}, "tool_calls"), b"data: [DONE]\n\n"]


class Hang:
    """Says nothing until the one who asked has gone."""


@dataclass
class ModelServer:
    """answers: text, chunks of a stream, an HTTP status, or Hang; asked: the bodies of the requests."""

    address: str
    answers: list[str | list[bytes] | int | type[Hang]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)


@contextlib.contextmanager
def model_server() -> Iterator[ModelServer]:
    stopped = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_POST(self) -> None:
            made.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            answer = made.answers.pop(0) if made.answers else 500
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._say(answer)

        def _say(self, answer: str | list[bytes] | int | type[Hang]) -> None:
            if answer is Hang:
                stopped.wait(30)
                return
            self.send_response(answer if isinstance(answer, int) else 200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for part in (
                words(answer) if isinstance(answer, str) else answer if isinstance(answer, list) else []
            ):
                self.wfile.write(part)
                self.wfile.flush()

        def log_message(self, *args: object) -> None:
            return None

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = ModelServer(f"http://127.0.0.1:{server.server_address[1]}/v1")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
