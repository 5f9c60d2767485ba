"""One OPA that holds one revision from its start to its end."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from governance.engines import opa_config
from governance.engines.answers import BUNDLE
from portal.engine.upstream import Offered
from portal.supervising.private import write_private

ANSWER_WITHIN_S = 1.0
# The whole state is 70 kB of JSON with figures: while a bundle loads, the short question of health is asked more often.
LOOK_EVERY_S = 1.0
# A decision that is being made when the next revision takes over ends within the gate's deadline.
END_WITHIN_S = 4.0


class Engine:
    """Started at once; `state` says when it has loaded its bundle, or why it could not."""

    def __init__(self, opa: str, folder: Path, number: int, offered: Offered, public_key_pem: str) -> None:
        self.offered = offered
        self.socket = folder / f"opa-{number}.sock"
        self._config = folder / f"opa-{number}.json"
        self._archive = folder / f"opa-{number}.tar.gz"
        self._began = time.monotonic()
        self._look_at = 0.0
        try:
            self._process = self._start(opa, folder / "authorization.rego", public_key_pem)
        except OSError:
            self._forget()
            raise

    def _start(self, opa: str, rights: Path, public_key_pem: str) -> subprocess.Popen[bytes]:
        self.socket.unlink(missing_ok=True)
        self._archive.write_bytes(self.offered.archive)
        config = opa_config.fixed_config(str(self._archive), public_key_pem=public_key_pem)
        write_private(self._config, json.dumps(config))
        # On a socket that only we may open, who asks need not be asked again.
        write_private(rights, opa_config.authorization(token=""))
        command = opa_config.command(
            opa,
            address=f"unix://{self.socket}",
            config_file=str(self._config),
            authorization_file=str(rights),
        )
        # No session of its own: it ends with the group of whoever started us.
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, env={**os.environ, **opa_config.environment()}
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._began

    def ended(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._process.poll()

    def outcome(self) -> dict[str, Any]:
        """What loading has come to, as `state` says it; {} while it is at work."""
        now = time.monotonic()
        if self._get("/health?bundles") is None and now < self._look_at:
            return {}
        self._look_at = now + LOOK_EVERY_S
        return self.state() or {}

    def state(self) -> dict[str, Any] | None:
        """What OPA reports of its bundle: `active_revision`, or `code` and `message`. None without an answer."""
        text = self._get("/v1/status")
        if text is None:
            return None
        try:
            found = json.loads(text)["result"]["bundles"][BUNDLE]
        except (ValueError, KeyError, TypeError):
            return {}
        return found if isinstance(found, dict) else {}

    def _get(self, path: str) -> bytes | None:
        """What it answers with status 200; None otherwise."""
        link = http.client.HTTPConnection("opa", timeout=ANSWER_WITHIN_S)
        try:
            link.sock = socket.socket(socket.AF_UNIX)
            link.sock.settimeout(ANSWER_WITHIN_S)
            link.sock.connect(str(self.socket))
            link.request("GET", path)
            answer = link.getresponse()
            return answer.read() if answer.status == http.client.OK else None
        except (OSError, http.client.HTTPException):
            return None
        finally:
            link.close()

    def retire(self) -> None:
        """Let it finish what it is asked just now; it takes nothing new."""
        self._process.terminate()

    def end(self, *, within_s: float = END_WITHIN_S) -> None:
        """Gone, with what it left behind."""
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(within_s)
        self._process.kill()
        self._process.wait()
        self._forget()

    def _forget(self) -> None:
        for file in (self.socket, self._config, self._archive):
            file.unlink(missing_ok=True)
