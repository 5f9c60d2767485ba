"""`make test`: everything CI runs, one after the other, each named; the last line says how many failed.

deploy/checks.py              all of it
deploy/checks.py --only=lint  what reads the code without running it (also: tests, journeys)
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import opa
import postgres
import system
from machine import PYTHON, ROOT, VENV, Stop, say
from reports import never_ran

BIN = VENV / "bin"


@dataclass
class Checks:
    """Runs commands and remembers which failed. Nothing is skipped because something before it failed."""

    folder: Path
    env: dict[str, str]
    results: dict[str, bool] = field(default_factory=dict)

    def run(self, name: str, command: Sequence[str | Path], **extra: str) -> bool:
        say(f"\n=== {name}")
        began = time.monotonic()
        done = subprocess.run(
            [str(word) for word in command], cwd=ROOT, env={**self.env, **extra},
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        return self.note(name, done.returncode == 0, time.monotonic() - began)

    def note(self, name: str, passed: bool, took_s: float = 0.0) -> bool:
        self.results[name] = passed
        say(f"--- {name}: {'passed' if passed else 'FAILED'} ({took_s:.0f} s)")
        return passed

    def manage(self, name: str, *words: str, **extra: str) -> bool:
        return self.run(name, [PYTHON, "manage.py", *words], **extra)


def lint(checks: Checks) -> None:
    checks.run("ruff", [BIN / "ruff", "check", "--output-format=concise", "."])
    checks.run("ruff format", [BIN / "ruff", "format", "--check", "--output-format=concise", "."])
    checks.run("mypy", [BIN / "mypy"])
    checks.run("import contracts", [BIN / "lint-imports"])
    checks.manage("migrations are complete", "makemigrations", "--check", "--dry-run")
    checks.manage(
        "check --deploy", "check", "--deploy", "--fail-level", "WARNING", **_production(checks.folder)
    )
    rego(checks)


def _production(folder: Path) -> dict[str, str]:
    """Settings as an operator would give them, so that what is checked is what would be deployed."""
    made_up = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "TOKEN_PEPPER", "OPA_TOKEN")}
    return {
        "PRODUCTION": "yes",
        "ALLOWED_HOSTS": "portal.example.com",
        "DATA_DIR": str(folder / "production"),
        "DATABASE_URL": "postgresql://portal@db.example.com/portal",
        **made_up,
    }


def rego(checks: Checks) -> None:
    """Router, library and starter policies; files by name, as a folder's JSON would be read as data."""
    engine = checks.env["OPA_BIN"]
    files = sorted((ROOT / "governance").rglob("*.rego"))
    starters = sorted(path for path in (ROOT / "governance" / "rego").glob("*") if path.is_dir())
    untested = [folder.name for folder in starters if not any(folder.glob("*_test.rego"))]
    if untested or not starters:
        say(f"Without tests: {', '.join(untested) or 'there is no starter policy at all'}")
    checks.note("starter policies have tests", bool(starters) and not untested)
    checks.run("opa check", [engine, "check", "--strict", *files])
    checks.run("opa test", [engine, "test", *files])
    checks.run("opa fmt", [engine, "fmt", "--diff", "--fail", *files])


def tests(checks: Checks, database_url: str) -> None:
    """The same tests on both databases. One that ran on neither was skipped silently: a failure."""
    reports = {}
    for name, address in (("SQLite", ""), ("PostgreSQL", database_url)):
        reports[name] = checks.folder / f"{name}.xml"
        _run_tests(checks, f"tests on {name}", reports[name], "not browser and not journey", "2", address)
    _complain_about(checks, "tests", list(reports.values()))


def journeys(checks: Checks, database_url: str) -> None:
    """Whole portals and browsers, one test after the other: they measure time and need the machine."""
    reports = {}
    for name, address in (("SQLite", ""), ("PostgreSQL", database_url)):
        reports[name] = checks.folder / f"journeys-{name}.xml"
        _run_tests(checks, f"journeys on {name}", reports[name], "browser or journey", "0", address)
    _complain_about(checks, "journeys", list(reports.values()))


def _run_tests(checks: Checks, name: str, report: Path, marks: str, workers: str, address: str) -> None:
    """Tests that kill processes and race each other share two cores; what failed gets the machine to itself once.

    A test that fails alone as well has failed. What only passed alone is printed, so that it is seen.
    """
    if checks.run(name, _pytest(report, marks, workers), **_database(address)):
        return
    again = [*_pytest(report.with_suffix(".again.xml"), marks, "0"), "--last-failed", "-rA"]
    say(f"\n    {name}: what failed is run again, alone")
    checks.results[name] = checks.run(f"{name}, what failed, alone", again, **_database(address))


def _pytest(report: Path, marks: str, workers: str) -> list[str]:
    # --dist loadscope keeps a module's tests in one process, as its fixtures start engines and servers.
    return [str(BIN / "pytest"), "-n", workers, "--dist", "loadscope", "-m", marks, "-rfEs", "--durations=5",
            f"--junitxml={report}"]  # fmt: skip


def _database(address: str) -> dict[str, str]:
    return {"DATABASE_URL": address, "DATABASE_OWNER_URL": address} if address else {}


def _complain_about(checks: Checks, what: str, reports: list[Path]) -> None:
    # Two things a test may lack: the exam's questions, which lie beside the repository, and root.
    absent, skipped = [], []
    for name, reason in never_ran(reports):
        (absent if reason.endswith("is not here") or reason.startswith("only root") else skipped).append(
            (name, reason)
        )
    for name, reason in absent + skipped:
        say(f"    ran nowhere: {name} ({reason})")
    checks.note(f"no {what} skipped on both databases", not skipped)


def environment(folder: Path) -> dict[str, str]:
    """Nothing of the developer's own portal is touched, and nothing of the environment decides a test."""
    keep = (
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TERM",
        "CI",
        "XDG_CACHE_HOME",
        "PLAYWRIGHT_BROWSERS_PATH",
        "ARGS",
    )
    env = {name: os.environ[name] for name in keep if name in os.environ}
    env |= {
        "DATA_DIR": str(folder / "data"),
        "OPA_BIN": str(opa.provide()),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(folder),
    }
    if browser := system.find_browser():
        env["CHROMIUM"] = browser
    return env


def require_all() -> None:
    """Raises Stop naming everything that is missing at once, each with the way to get it."""
    lines = [system.advice(name) for name in system.missing(("bwrap", "git", "chromium"))]
    if postgres.find_server() is None:
        lines.append(f"No PostgreSQL server. Run: {system.command_for(['postgresql'])}")
    if lines:
        raise Stop("Not everything can be tested here:", "\n".join(lines))


def run_all(parts: Mapping[str, bool]) -> dict[str, bool]:
    folder = Path(tempfile.mkdtemp(prefix="pct-"))
    # Tests that become another user have to get through; nobody gets a list of what is inside.
    folder.chmod(0o711)
    try:
        checks = Checks(folder, environment(folder))
        if parts["lint"]:
            lint(checks)
        if parts["tests"] or parts["journeys"]:
            require_all()
            with postgres.cluster() as address:
                if parts["tests"]:
                    tests(checks, address)
                if parts["journeys"]:
                    journeys(checks, address)
        return checks.results
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    only = [word.removeprefix("--only=") for word in arguments if word.startswith("--only=")]
    known = ("lint", "tests", "journeys")
    if set(only) - set(known) or len(only) != len(arguments):
        print(f"Usage: {sys.argv[0]} [--only={'|'.join(known)}]", file=sys.stderr)
        return 2
    began = time.monotonic()
    try:
        results = run_all({name: not only or name in only for name in known})
    except Stop as stop:
        print(f"\n{stop.what}\n{stop.how}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped before the end; nothing is proved.")
        return 130
    failed = [name for name, passed in results.items() if not passed]
    verdict = f"Failed: {', '.join(failed)}" if failed else "All of it holds"
    say(f"\n{verdict} ({time.monotonic() - began:.0f} s)")
    say(f"checks: {len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
