"""A whole portal as `make run` starts it, on a free port with data of its own, for tests over HTTP."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
START_TIMEOUT_S = 180


@dataclass(frozen=True)
class Portal:
    """address ends without a slash; `data` is its DATA_DIR; `process` the supervisor's outer process."""

    address: str
    data: Path
    env: dict[str, str]
    process: subprocess.Popen[bytes]

    def get(self, path: str, timeout_s: float = 5.0) -> tuple[int, str]:
        """Status and text; 0 when nobody answers."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.address + path, timeout=timeout_s) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def manage(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """`manage.py` against the same data."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.env, input=stdin, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def wait_ready(self, timeout_s: float = START_TIMEOUT_S) -> None:
        until = time.monotonic() + timeout_s
        status, body = 0, "nothing"
        while time.monotonic() < until and self.process.poll() is None:
            status, body = self.get("/readyz")
            if status == 200:
                return
            time.sleep(0.2)
        raise AssertionError(f"not ready after {timeout_s:.0f} s: {status} {body}\n{self.logs()}")

    def logs(self) -> str:
        """The last lines of every log, for a failed test."""
        parts = []
        for log in sorted((self.data / "log").glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()[-15:]
            parts.append("\n".join([f"== {log.name}", *lines]))
        return "\n".join(parts)

    def processes(self) -> dict[int, str]:
        """What lives below the supervisor, and that itself, by id with its command.

        Drafts come and go beside it, and each revision has an engine of its own: `engine_deaths` tells of those.
        """
        found: dict[int, str] = {self.process.pid: "supervisor"}
        waiting = [self.process.pid]
        while waiting:
            children = subprocess.run(
                ["ps", "-o", "pid=,args=", "--ppid", str(waiting.pop())],
                capture_output=True, text=True, check=False,
            ).stdout  # fmt: skip
            for line in children.splitlines():
                pid, _, command = line.strip().partition(" ")
                if not any(word in command for word in ("policy.rego", "ulimit", "<defunct>", "opa run")):
                    found[int(pid)] = command
                    waiting.append(int(pid))
        return found

    def engine_deaths(self) -> list[str]:
        """Engines that ended without being told to."""
        log = self.data / "log" / "opa.log"
        return [line for line in log.read_text().splitlines() if "ended with code" in line]

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(20)


def demo_said(portal: Portal) -> str:
    """What the making of the demo's data said so far."""
    log = portal.data / "log" / "demo.log"
    return log.read_text() if log.exists() else ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, **settings: str) -> Portal:
    """Starts without waiting. The settings are environment values, e.g. DEMO="yes"."""
    port = settings.pop("PORT", "") or str(free_port())
    given = {"DEMO": "no", "DATA_DIR": str(data), "PORT": port, "PYTHONUNBUFFERED": "1", **settings}
    env = {name: value for name, value in os.environ.items() if name != "MAKELEVEL"} | given
    data.mkdir(parents=True, exist_ok=True)
    with (data / "supervisor.out").open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.supervisor"],
            cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        )  # fmt: skip
    return Portal(f"http://127.0.0.1:{port}", data, env, process)


@contextlib.contextmanager
def portal(**settings: str) -> Iterator[Portal]:
    """A ready portal; stopped, and its data removed, afterwards. Paths stay short, as sockets need."""
    with tempfile.TemporaryDirectory(prefix="pc-", ignore_cleanup_errors=True) as folder, _database() as own:
        running = start(Path(folder), **own, **settings)
        try:
            running.wait_ready()
            yield running
        finally:
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.stop()
            running.process.kill()
            running.process.wait()


@contextlib.contextmanager
def _database() -> Iterator[dict[str, str]]:
    """On PostgreSQL a new database on the server under test; on SQLite the portal's folder holds it."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield {}
        return
    name = f"portal_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            address = f"{server.rpartition('/')[0]}/{name}"
            yield {"DATABASE_URL": address, "DATABASE_OWNER_URL": address}
        finally:
            link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
