"""A real OPA with the portal's two addresses in front of it, and the keeper's steps, for tests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import connection

from governance import publishing
from governance.bundle import Builder
from governance.engines import opa_config
from governance.engines.opa import OpaEngine
from governance.ports import EngineUnavailable
from governance.publishers.bundle_server import BundleServer
from portal import sidecar

TOKEN = "only-for-tests"
ROOT = Path(__file__).resolve().parents[2]


def opa_binary() -> str:
    from portal.supervising.programs import find_opa

    return find_opa()


def key_pair() -> tuple[bytes, str]:
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public.decode()


class Front(BaseHTTPRequestHandler):
    """Runs the portal's ASGI callables for one request in a loop of its own."""

    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        # A sidecar that is killed leaves in the middle of a sentence.
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        self._run(sidecar.bundles)

    def do_POST(self) -> None:
        self._run(sidecar.status)

    def _run(self, app: Any) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        sent: list[Any] = []
        given = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            if given:
                return given.pop()
            while not self.server.closing.is_set():
                await asyncio.sleep(0.02)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(k.lower().encode(), v.encode()) for k, v in self.headers.items()]
        asyncio.run(
            app(
                {"type": "http", "method": self.command, "path": self.path, "headers": headers}, receive, send
            )
        )
        text = b"".join(m.get("body", b"") for m in sent[1:])
        with contextlib.suppress(OSError):
            self.send_response(sent[0]["status"])
            for name, value in sent[0]["headers"]:
                if name != b"content-length":
                    self.send_header(name.decode(), value.decode())
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    def log_message(self, *words: Any) -> None:
        """Tests print nothing."""


@dataclass
class Machinery:
    """folder is short enough for a socket; `process` is the sidecar."""

    folder: Path
    private: bytes
    public: str
    front: ThreadingHTTPServer
    process: subprocess.Popen[bytes] | None = None
    builder: Builder | None = None
    cast: Any = None

    @property
    def url(self) -> str:
        return f"unix:{self.folder}/opa.sock"

    @property
    def publisher(self) -> BundleServer:
        return BundleServer()

    def start_engine(self) -> None:
        """As `make run` has it: an OPA for each revision, all behind one address."""
        setup = {
            "opa": opa_binary(),
            "folder": str(self.folder),
            "portal_url": f"http://127.0.0.1:{self.front.server_address[1]}",
            "token": TOKEN,
            "public_key_pem": self.public,
            "name": "one",
        }
        file = self.folder / "engine.json"
        file.write_text(json.dumps(setup))
        command = [sys.executable, "-m", "portal.engine", str(file)]
        with (self.folder / "opa.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT, start_new_session=True)

    def start_opa(self, name: str = "one", *, fetches: bool = True) -> None:
        """An OPA that fetches bundles itself, as one that is run beside the portal does."""
        port = self.front.server_address[1] if fetches else 9
        config = opa_config.sidecar_config(
            portal_url=f"http://127.0.0.1:{port}",
            token=TOKEN,
            public_key_pem=self.public,
            name=name,
        )
        file = self.folder / "opa.json"
        file.write_text(json.dumps(config))
        guard = self.folder / "authorization.rego"
        guard.write_text(opa_config.authorization(""))
        (self.folder / "opa.sock").unlink(missing_ok=True)
        command = opa_config.command(
            opa_binary(),
            address=f"unix://{self.folder}/opa.sock",
            config_file=str(file),
            authorization_file=str(guard),
        )
        log = (self.folder / "opa.log").open("ab")
        self.process = subprocess.Popen(command, stdout=log, stderr=log, env=opa_config.environment())
        log.close()

    def stop_opa(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                # The family of an engine of revisions; a single OPA leads no group.
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()
            self.process = None

    def step(self) -> None:
        """What the keeper does every tenth of a second."""
        self.builder = self.builder or Builder(self.private)
        publishing.publish_if_due(self.builder, BundleServer())
        publishing.pin_if_ready()

    def settle(self, timeout_s: float = 15.0, every_s: float = 0.02) -> str:
        """Keep until everything changed so far is in force; the pinned revision."""
        ends = time.monotonic() + timeout_s
        while time.monotonic() < ends:
            self.step()
            state = publishing.gate_state()
            counted = publishing.GateState.objects.filter(name=publishing.UNBUILT).first()
            if state.pinned and not state.pending and state.built >= (counted.dirty if counted else 0):
                return state.pinned
            time.sleep(every_s)
        raise AssertionError(f"nothing was pinned: {list(publishing.heard().values())}, {self.log()}")

    def wait_for_revision(self, revision: str, timeout_s: float = 10.0) -> None:
        self._wait(lambda: self.engine().revision(timeout_ms=500) == revision, timeout_s)

    def wait_until_loaded(self) -> None:
        self.wait_for_revision(publishing.gate_state().pinned)

    def wait_until_up(self) -> None:
        self._wait(lambda: self.engine().revision(timeout_ms=500) == "", 10.0)

    def _wait(self, seen: Callable[[], bool], timeout_s: float) -> None:
        ends = time.monotonic() + timeout_s
        while time.monotonic() < ends:
            with contextlib.suppress(EngineUnavailable):
                if seen():
                    return
            time.sleep(0.02)
        raise AssertionError(f"the sidecar did not come to it: {self.log()}")

    def log(self) -> str:
        file = self.folder / "opa.log"
        return file.read_text()[-2000:] if file.exists() else ""

    def engine(self) -> OpaEngine:
        return OpaEngine(self.url)


@contextlib.contextmanager
def machinery(settings: Any, *, changing_over: bool = False) -> Iterator[Machinery]:
    """The front and an OPA that fetches from it, or an engine of revisions; nothing is published yet."""
    folder = Path(tempfile.mkdtemp(prefix="pc-opa-", dir="/tmp"))
    private, public = key_pair()
    front = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    front.daemon_threads = False
    front.closing = threading.Event()
    threading.Thread(target=front.serve_forever, daemon=True).start()
    settings.OPA_TOKEN = TOKEN
    made = Machinery(folder, private, public, front)
    settings.OPA_URL = made.url
    made.start_engine() if changing_over else made.start_opa()
    try:
        yield made
    finally:
        front.closing.set()
        made.stop_opa()
        front.shutdown()
        front.server_close()
        sidecar._database.submit(lambda: connection.close()).result()
        shutil.rmtree(folder)
