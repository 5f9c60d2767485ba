"""The portal as the engine sees it: bundles that are waited for, and a place to say what is loaded."""

from __future__ import annotations

import contextlib
import http.client
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from governance.engines.opa_config import BUNDLE_PATH, IN_FORCE_PATH, LONG_POLL_S

# Within this time a report reaches the portal again: a third of the time after which a silent engine no longer counts.
REPORT_EVERY_S = 3.0
PATIENCE_S = 5.0
AFTER_TROUBLE_S = 1.0


@dataclass(frozen=True, slots=True)
class Offered:
    """A bundle the portal offers. in_force: decisions rest on it already, so it has loaded before."""

    revision: str
    archive: bytes
    in_force: bool = False


class Portal:
    """The addresses of the portal; a connection per call, as calls last seconds. Raises OSError, HTTPException."""

    def __init__(self, url: str, token: str) -> None:
        self._address = urlsplit(url)
        self._headers = {"Authorization": f"Bearer {token}"}

    def newer_than(self, revision: str) -> Offered | None:
        """The bundle as soon as another one is offered; None when the wait is over."""
        asked = {"If-None-Match": f'"{revision}"', "Prefer": f"modes=snapshot;wait={LONG_POLL_S}"}
        found = self._bundle(BUNDLE_PATH, LONG_POLL_S + PATIENCE_S, asked)
        return None if found is None else Offered(*found)

    def in_force(self) -> Offered | None:
        """The bundle that decisions rest on now; None before the first."""
        found = self._bundle(IN_FORCE_PATH, PATIENCE_S, {})
        return None if found is None else Offered(*found, in_force=True)

    def _bundle(self, path: str, timeout_s: float, asked: dict[str, str]) -> tuple[str, bytes] | None:
        status, headers, body = self._call("GET", path, timeout_s, headers=asked)
        if status in {http.client.NOT_MODIFIED, http.client.NOT_FOUND}:
            return None
        if status != http.client.OK:
            raise ConnectionError(f"the portal answered {status} when asked for the bundle")
        return (headers.get("ETag") or "").strip('"'), body

    def tell(self, report: dict[str, Any]) -> None:
        status, _, _ = self._call("POST", "/opa/status", PATIENCE_S, body=json.dumps(report).encode())
        if status != http.client.OK:
            raise ConnectionError(f"the portal answered {status} to a report of the policy engine")

    def _call(
        self,
        method: str,
        path: str,
        timeout_s: float,
        *,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
    ) -> tuple[int, Any, bytes]:
        secure = self._address.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        link = kind(self._address.hostname or "localhost", self._address.port, timeout=timeout_s)
        try:
            link.request(method, path, body=body or None, headers={**self._headers, **(headers or {})})
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            link.close()


class Follower:
    """Keeps the bundle in force at the start, then the newest that nobody took yet, in a thread of its own."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._known = ""
        self._lock = threading.Lock()
        self._untaken: list[Offered] = []
        self._begun = False
        self._arrived = threading.Event()

    def start(self) -> None:
        threading.Thread(target=repeat, args=(self.look,), daemon=True, name="bundles").start()

    def wait(self, timeout_s: float) -> None:
        """Until there is something to take, or the time is over."""
        self._arrived.wait(timeout_s)

    def take(self) -> Offered | None:
        with self._lock:
            if len(self._untaken) <= 1:
                self._arrived.clear()
            return self._untaken.pop(0) if self._untaken else None

    def look(self) -> None:
        """One wait for another bundle than the last; at the start, for none."""
        found = self._portal.newer_than(self._known) if self._begun else self._portal.in_force()
        self._begun = True
        if found is not None:
            with self._lock:
                self._known = found.revision
                self._untaken = [*(o for o in self._untaken if o.in_force), found]
                self._arrived.set()


class Reporter:
    """Says every few seconds, and at once when woken, what the engine itself says of its bundle."""

    def __init__(self, portal: Portal, report: Callable[[], dict[str, Any] | None]) -> None:
        self._portal = portal
        self._report = report
        self._woken = threading.Event()

    def start(self) -> None:
        threading.Thread(target=repeat, args=(self.tell,), daemon=True, name="reports").start()

    def wake(self) -> None:
        self._woken.set()

    def tell(self) -> None:
        """An engine that does not answer is not spoken for: its silence is what the portal must notice."""
        self._woken.wait(REPORT_EVERY_S)
        self._woken.clear()
        if (report := self._report()) is not None:
            self._portal.tell(report)


def repeat(work: Callable[[], None]) -> None:
    """For ever, whatever happens: nobody would notice that new bundles are no longer looked for.

    Trouble is said once, and the next try comes a little later.
    """
    said = ""
    while True:
        try:
            work()
            said = ""
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            if text != said:
                say(f"portal: {text}")
            said = text
            time.sleep(AFTER_TROUBLE_S)


def say(text: str) -> None:
    """To the log. On a full disk nothing can be written, and deciding goes on."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)
