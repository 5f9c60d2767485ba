"""The OpenAI-compatible model against a local server that speaks the wire protocol, well and badly."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
import time
from collections.abc import Iterator

import pytest

from portal.assistant.models.openai import OpenAIModel
from portal.assistant.ports import Cancelled, ModelRefused, ModelUnavailable, Reply
from tests.model_server import chunk, words

TOOL_CALL = [
    chunk(
        {
            "tool_calls": [
                {
                    "index": 0,
                    "id": "t1",
                    "type": "function",
                    "function": {"name": "search", "arguments": '{"te'},
                }
            ]
        }
    ),
    chunk({"tool_calls": [{"index": 0, "function": {"arguments": 'xt": "java"}'}}]}),
    chunk({}, "tool_calls"),
    b"data: [DONE]\n\n",
]


class Double(http.server.BaseHTTPRequestHandler):
    """Answers in the way `server.mode` names; keeps what it was asked."""

    protocol_version = "HTTP/1.0"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.asked.append(json.loads(self.rfile.read(length)))  # type: ignore[attr-defined]
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"say_{self.server.mode}")()  # type: ignore[attr-defined]

    def start(self, status: int = 200, kind: str = "text/event-stream") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def send(self, parts: list[bytes], pause_s: float = 0.0) -> None:
        for part in parts:
            self.wfile.write(part)
            self.wfile.flush()
            time.sleep(pause_s)

    def say_well(self) -> None:
        self.start()
        self.send(words('{"colour": ', '"red"}'))

    def say_tool_call(self) -> None:
        self.start()
        self.send(TOOL_CALL)

    def say_cut(self) -> None:
        self.start()
        self.send(words('{"colour": ')[:1])

    def say_no(self) -> None:
        self.start()
        self.send([chunk({"refusal": "I cannot help with that."}), *words("")])

    def say_garbled(self) -> None:
        self.start()
        self.send([b"data: {not json\n\n"])

    def say_html(self) -> None:
        self.start(kind="text/html")
        self.send([b"<html><body>Sign in to the proxy</body></html>"])

    def say_slowly(self) -> None:
        self.start()
        self.send(words(*["x"] * 200), pause_s=0.05)

    def say_nothing(self) -> None:
        time.sleep(5)

    def say_without_end(self) -> None:
        self.start()
        self.send([chunk({"content": "x" * 65_536})] * 40)

    def say_redirect(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        self.end_headers()

    def say_error(self) -> None:
        self.start(500, "application/json")
        self.send([b'{"error": {"message": "no"}}'])

    def say_too_many(self) -> None:
        self.start(429, "application/json")
        self.send([b'{"error": {"message": "slow down"}}'])

    def log_message(self, *args: object) -> None:
        return None


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Double)
    made.daemon_threads = True
    made.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def ask(server, mode: str, seconds: float = 3.0, **more) -> Reply:
    server.mode = mode
    model = OpenAIModel(f"http://127.0.0.1:{server.server_address[1]}/v1", "key", "double")
    asked = {
        "tools": (),
        "schema": {"type": "object"},
        "on_text": lambda text: None,
        "cancelled": lambda: False,
    }
    messages = [{"role": "user", "content": "which colour?"}]
    return model.reply(messages, deadline=time.monotonic() + seconds, **{**asked, **more})


def test_a_streamed_answer_arrives_whole_and_in_pieces(server):
    heard: list[str] = []
    assert ask(server, "well", on_text=heard.append).text == '{"colour": "red"}'
    assert len(heard) == 2
    sent = server.asked[0]
    assert sent["stream"] is True
    assert sent["response_format"]["type"] == "json_schema"


def test_a_tool_call_in_pieces_is_put_together(server):
    (call,) = ask(server, "tool_call").tool_calls
    assert (call.name, json.loads(call.arguments)) == ("search", {"text": "java"})


@pytest.mark.parametrize("mode", ["cut", "garbled", "html", "without_end", "redirect", "error", "too_many"])
def test_what_is_no_answer_is_said_to_be_none(server, mode):
    with pytest.raises(ModelUnavailable, match=r"double|answer"):
        ask(server, mode)


def test_a_refusal_is_told_from_a_failure(server):
    with pytest.raises(ModelRefused, match="will not answer"):
        ask(server, "no")


@pytest.mark.parametrize("mode", ["slowly", "nothing"])
def test_the_deadline_is_over_everything(server, mode):
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match="time"):
        ask(server, mode, seconds=1.0)
    assert time.monotonic() - started < 2.5


def test_nothing_is_asked_twice(server):
    with pytest.raises(ModelUnavailable):
        ask(server, "error")
    assert len(server.asked) == 1


def test_a_person_can_stop_it(server):
    heard: list[str] = []
    with pytest.raises(Cancelled):
        ask(server, "slowly", seconds=10, on_text=heard.append, cancelled=lambda: len(heard) > 3)


def test_an_endpoint_that_is_not_there_is_named():
    model = OpenAIModel("http://127.0.0.1:9/v1", "key", "double")
    with pytest.raises(ModelUnavailable, match="could not be reached"):
        model.reply(
            [{"role": "user", "content": "x"}],
            tools=(),
            schema=None,
            deadline=time.monotonic() + 3,
            on_text=print,
            cancelled=lambda: False,
        )
