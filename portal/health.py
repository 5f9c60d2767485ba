"""What the portal depends on, asked one by one: behind /readyz and `manage.py doctor` alike."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx2
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from audit import guards
from governance import upkeep

LEAST_FREE_BYTES = 500 * 1024 * 1024
WORKER_TIMEOUT_S = 1.5
ENGINE_TIMEOUT_MS = 1_500
DRAFTS_TIMEOUT_S = 3.0
# To ask a worker takes two connections of ten that all threads share: ten who each held one waited for ever.
_ASKING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Check:
    """One dependency: whether it is well, what is wrong with it and how to repair that."""

    name: str
    ok: bool
    problem: str = ""
    repair: str = ""


class _Wrong(Exception):
    def __init__(self, problem: str, repair: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.repair = repair


def database() -> None:
    """Reads and writes: a database on a full or read-only disk still answers reads."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS health_probe (n integer)")
            cursor.execute("INSERT INTO health_probe VALUES (1)")
            cursor.execute("DROP TABLE health_probe")
    except Exception as error:
        connection.close()
        raise _Wrong(
            f"the database does not take a write ({_first_line(error)})",
            "check DATABASE_URL, that the server runs, and that its disk has room",
        ) from error


def migrations() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        first = plan[0][0]
        raise _Wrong(
            f"{len(plan)} migrations are not applied, the first is {first.app_label}.{first.name}",
            "run: make setup",
        )


def trail() -> None:
    """The database itself refuses changes of what was recorded."""
    if "audit_auditevent" not in connection.introspection.table_names():
        raise _Wrong("the trail has no tables yet", "run: make setup")
    missing = guards.missing_triggers()
    if missing:
        raise _Wrong(
            f"the trail can be changed: trigger {missing[0]} is gone ({len(missing)} in all)",
            "find out who removed it, run `manage.py verify_audit`, then restore the database's schema",
        )


def engine() -> None:
    """OPA answers, and from a revision the gate accepts."""
    from governance import wiring

    try:
        loaded = wiring.engine().revision(timeout_ms=ENGINE_TIMEOUT_MS)
    except Exception as error:
        raise _Wrong(
            f"the policy engine does not answer ({_first_line(error)}), so nothing can be saved",
            f"{_log_of('opa')}; with an engine of your own, check OPA_URL",
        ) from error
    state = apps.get_model("governance", "GateState").objects.first()
    acceptable = {state.pinned, state.pending} - {""} if state else set()
    if not acceptable:
        raise _Wrong(
            "no policy bundle is published yet", f"wait a moment; if it stays so, {_log_of('keeper')}"
        )
    if loaded not in acceptable:
        raise _Wrong(
            f"the policy engine holds revision {loaded or 'none'}, the pinned one is {state.pinned}",
            "see log/keeper.log and log/opa.log: the sidecar fetches bundles from our web server",
        )


def newest_bundle() -> None:
    """What was published last can be loaded. The gate decides by the pinned revision all the same."""
    from governance import gate_query

    found = gate_query.gate_status()
    if found.failing:
        goes_on = f"decisions go on from {found.pinned[:12]}" if found.pinned else "nothing can be saved"
        raise _Wrong(
            f"the newest policies (revision {found.pending[:12]}) cannot be loaded, so {goes_on}:"
            f" {_first_line(found.failing)}",
            f"change the policy it names, or take it out of its sets; if it names none, {_log_of('opa')}",
        )


def drafts() -> None:
    """The server for drafts answers, whatever it says to somebody who comes without a host's name."""
    transport = httpx2.HTTPTransport(uds=str(settings.DRAFTS_SOCKET))
    try:
        with httpx2.Client(transport=transport, timeout=DRAFTS_TIMEOUT_S) as client:
            client.get("http://localhost/healthz")
    except httpx2.HTTPError as error:
        raise _Wrong(
            f"the server for drafts does not answer ({_first_line(error)}), so no policy can be written or reviewed",
            _log_of("drafts"),
        ) from error


def broker() -> None:
    from portal.celery import app

    try:
        with app.connection_for_write(connect_timeout=1) as link:
            link.ensure_connection(max_retries=0, timeout=1)
    except Exception as error:
        raise _Wrong(
            f"the message broker does not answer ({_first_line(error)}), so runs start late",
            f"{_log_of('broker')}; with a broker of your own, check BROKER_URL",
        ) from error


def worker() -> None:
    from portal.celery import app

    try:
        with _ASKING:
            replies = app.control.broadcast("ping", reply=True, timeout=WORKER_TIMEOUT_S, limit=1)
    except Exception as error:
        raise _Wrong(f"no worker could be asked ({_first_line(error)})", "repair the broker first") from error
    if not replies:
        raise _Wrong("no worker answers, so runs wait in the queue", _log_of("worker"))


def keeper() -> None:
    """Without it nothing is sealed, published or taken back from a dead worker."""
    found = upkeep.heartbeat("keeper")
    if not found.alive:
        since = f"since {found.at:%Y-%m-%d %H:%M:%S} UTC" if found.at else "so far"
        raise _Wrong(f"the keeper gave no sign of life {since}", _log_of("keeper"))
    if found.trouble:
        raise _Wrong(f"the keeper cannot do its work ({_first_line(found.trouble)})", _log_of("keeper"))


def sandbox() -> None:
    """Steps run only inside a sandbox; without one every run is refused."""
    if not shutil.which("bwrap"):
        raise _Wrong("bwrap is not installed, so runs are refused", "run: sudo apt-get install -y bubblewrap")
    tried = subprocess.run(
        ["bwrap", "--ro-bind", "/", "/", "--unshare-all", "--die-with-parent", "true"],
        capture_output=True, text=True, timeout=10, check=False,
    )  # fmt: skip
    if tried.returncode:
        raise _Wrong(
            f"bwrap cannot make a sandbox ({_first_line(tried.stderr)}), so runs are refused",
            "allow unprivileged user namespaces, e.g. sysctl kernel.unprivileged_userns_clone=1",
        )


def keys() -> None:
    for name in ("AUDIT_SIGNING_KEY_FILE", "BUNDLE_SIGNING_KEY_FILE"):
        file = Path(getattr(settings, name))
        if not file.exists():
            raise _Wrong(
                f"{name}: {file} is missing",
                "restore it from your backup; a fresh portal makes it: make setup",
            )
    for file in Path(settings.KEYS_DIR).iterdir():
        if file.stat().st_mode & 0o077:
            raise _Wrong(f"{file} can be read by others", f"run: chmod 600 {file}")


def disk() -> None:
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < LEAST_FREE_BYTES:
        raise _Wrong(
            f"only {free // 1024 // 1024} MB are free in {settings.DATA_DIR}", "make room, or move DATA_DIR"
        )


def opa_binary() -> None:
    from portal.supervising.programs import find_opa

    try:
        subprocess.run([find_opa(), "version"], capture_output=True, timeout=20, check=True)
    except (SystemExit, OSError, subprocess.SubprocessError) as error:
        raise _Wrong(
            f"opa does not run ({_first_line(error)}), so no policy can be checked", "run: make setup"
        ) from error


def front_end() -> None:
    if not (settings.ROOT / "static" / "dist" / "main.js").exists():
        raise _Wrong("the front end is not built, so pages have no styles", "run: make setup")


def browser() -> None:
    """Only `make test` needs one."""
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        raise _Wrong("no Chromium, which only `make test` needs", "run: sudo apt-get install -y chromium")


def python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036
        raise _Wrong(f"Python {sys.version.split()[0]}", "install Python 3.11 or newer, then: make setup")


APART: tuple[Callable[[], None], ...] = (drafts,) if settings.DRAFTS_APART else ()
READY: tuple[Callable[[], None], ...] = (database, migrations, engine, broker, worker, keeper, *APART)
SHOWN: tuple[Callable[[], None], ...] = (
    database, migrations, engine, newest_bundle, broker, worker, keeper, *APART,
)  # fmt: skip
ALL: tuple[Callable[[], None], ...] = (
    python, database, migrations, trail, opa_binary, engine, newest_bundle, broker, worker, keeper, drafts,
    sandbox, keys, disk, front_end, browser,
)  # fmt: skip


def _log_of(name: str) -> str:
    """Where to read on; for a portal that nobody started, the way to start it."""
    with (settings.DATA_DIR / "supervisor.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return f"see {settings.DATA_DIR / 'log' / name}.log"
    return "start the portal: make run"


def look(checks: tuple[Callable[[], None], ...]) -> list[Check]:
    """Asks each one. A check that breaks is a dependency that is not well, never an error page."""
    return [_ask(check) for check in checks]


def _ask(check: Callable[[], None]) -> Check:
    name = check.__name__
    try:
        check()
    except _Wrong as wrong:
        return Check(name, False, wrong.problem, wrong.repair)
    except Exception as error:
        return Check(
            name, False, f"could not be checked ({_first_line(error)})", "repair what stands above first"
        )
    return Check(name, True)


def _first_line(error: object) -> str:
    text = str(error).strip().splitlines()
    return text[0][:200] if text else type(error).__name__
