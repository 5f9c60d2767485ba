"""The policy engine as a sidecar: OPA over a unix socket or loopback, one request per decision."""

from __future__ import annotations

import http.client
import threading
import time
from typing import Any
from urllib.parse import unquote, urlsplit

from governance.engines import answers, strict_json
from governance.engines.breaker import Breaker
from governance.engines.deadline import (
    Deadline,
    TimedSocket,
    TimedTlsSocket,
    connect_tcp,
    connect_unix,
    wrap_tls,
)
from governance.ports import Answer, BadDecision, EngineUnavailable, Question

DECIDE = "/v1/data/portal/router/decide?strict-builtin-errors=true&provenance=true"
REVISION = "/v1/data/portal/router/ready?provenance=true"
MAX_ANSWER_BYTES = 256 * 1024
KEPT_CONNECTIONS = 32


class OpaEngine:
    """Asks the router of the loaded bundle. Safe to share between threads.

    url    "unix:/path/to/socket" or "http://host:port"
    token  sent as a bearer token when given
    """

    def __init__(self, url: str, *, token: str = "", breaker: Breaker | None = None) -> None:
        self._url = url
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._breaker = breaker or Breaker()
        self._idle: list[_Connection] = []
        self._lock = threading.Lock()

    def decide(self, question: Question, body: bytes, *, timeout_ms: int) -> Answer:
        asked = strict_json.canonical(question.plain())
        started = time.monotonic_ns()
        reply = self._post(DECIDE, b'{"input":{"document":%b,"question":%b}}' % (body, asked), timeout_ms)
        return answers.read_decision(reply, duration_us=(time.monotonic_ns() - started) // 1000)

    def revision(self, *, timeout_ms: int) -> str:
        return answers.read_revision(self._post(REVISION, b"{}", timeout_ms, probing=True))

    def _post(self, path: str, body: bytes, timeout_ms: int, *, probing: bool = False) -> Any:
        if not probing and (why := self._breaker.refusal()):
            raise EngineUnavailable(why)
        try:
            status, text = self._exchange(path, body, Deadline(timeout_ms))
        except TimeoutError:
            raise self._unavailable(f"the policy engine did not answer within {timeout_ms} ms") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._unavailable(f"the policy engine could not be asked: {_named(error)}") from error
        self._breaker.succeeded()
        if status != http.client.OK:
            raise answers.failure(status, text)
        try:
            return strict_json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadDecision(f"the policy engine answered something that is not JSON: {error}") from error

    def _unavailable(self, why: str) -> EngineUnavailable:
        self._breaker.failed(why)
        return EngineUnavailable(why)

    def _exchange(self, path: str, body: bytes, deadline: Deadline) -> tuple[int, bytes]:
        """Send and receive. A kept connection that the engine closed meanwhile is replaced once."""
        kept = self._take()
        if kept is not None:
            try:
                return self._use(kept, path, body, deadline)
            except (ConnectionError, http.client.RemoteDisconnected, http.client.CannotSendRequest):
                kept.close()
        return self._use(_Connection(self._url), path, body, deadline)

    def _use(self, link: _Connection, path: str, body: bytes, deadline: Deadline) -> tuple[int, bytes]:
        try:
            found = link.exchange(path, body, self._headers, deadline)
        except BaseException:
            link.close()
            raise
        self._give_back(link)
        return found

    def _take(self) -> _Connection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, link: _Connection) -> None:
        with self._lock:
            if len(self._idle) < KEPT_CONNECTIONS and link.open:
                self._idle.append(link)
                return
        link.close()


class _Connection(http.client.HTTPConnection):
    """One kept-alive connection. No proxies, no redirects, no cookies: only this exchange."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._unix = unquote(parts.path) if parts.scheme == "unix" else ""
        self._tls = parts.scheme == "https"
        default = 443 if self._tls else 8181
        super().__init__(parts.hostname or "localhost", None if self._unix else parts.port or default)
        self._deadline = Deadline(0)

    @property
    def open(self) -> bool:
        return self.sock is not None

    def connect(self) -> None:
        if self._unix:
            self.sock = connect_unix(self._unix, self._deadline)
            return
        self.sock = connect_tcp(self.host, self.port, self._deadline)
        if self._tls:
            self.sock = wrap_tls(self.sock, self.host, self._deadline)

    def exchange(
        self, path: str, body: bytes, headers: dict[str, str], deadline: Deadline
    ) -> tuple[int, bytes]:
        self._deadline = deadline
        if isinstance(self.sock, TimedSocket | TimedTlsSocket):
            self.sock.deadline = deadline
        self.request("POST", path, body=body, headers=headers)
        response = self.getresponse()
        if (response.headers.get("Content-Encoding") or "identity").lower() != "identity":
            raise ValueError("the answer is compressed, which was not asked for")
        text = response.read(MAX_ANSWER_BYTES + 1)
        if len(text) > MAX_ANSWER_BYTES:
            raise ValueError(f"the answer is longer than {MAX_ANSWER_BYTES} bytes")
        if not response.isclosed():
            # Read to its end with the limit reached exactly: nothing more may follow.
            response.read()
        return response.status, text


def _named(error: BaseException) -> str:
    """What went wrong, without whatever bytes the other side sent."""
    said = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    text = "".join(c if c.isprintable() else "�" for c in said).strip()
    return text if len(text) <= 200 else f"{text[:200]}…"
