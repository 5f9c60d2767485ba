"""Makes a fresh clone ready: packages, front end, policy engine, keys, database. Safe to run again.

    python3 deploy/setup.py          what `make run` needs
    python3 deploy/setup.py --test   and what `make test` needs beside it
    python3 deploy/setup.py --start  what `make run` needs, leaving keys and database to the start itself

Needs nothing but Python 3.11 and its standard library. Each step is skipped when its inputs did not change.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import frontend
import opa
import python_packages
import system
from machine import PYTHON, ROOT, CommandFailed, Stop, require_python, run, say, step

RUN_PROGRAMS = ("bwrap", "git")
TEST_PROGRAMS = ("bwrap", "git", "chromium")


def set_up(*, test: bool = False, prepare: bool = True) -> None:
    require_python()
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "setup.lock").open("w") as lock:
        # A second one waits: the two would otherwise write the same environment.
        fcntl.flock(lock, fcntl.LOCK_EX)
        lacking = system.provide(TEST_PROGRAMS if test else RUN_PROGRAMS)
        python_packages.provide("test" if test else "run")
        frontend.provide()
        opa.provide()
        if prepare:
            _prepare()
    for line in lacking:
        say(f"! {line}")


def _prepare() -> None:
    with step("Keys and database"):
        try:
            run([PYTHON, "-m", "portal.supervisor", "prepare"], timeout_s=600)
        except CommandFailed as failed:
            raise Stop(
                f"The database could not be prepared: {failed.last_line}", "Details: var/log/setup.log"
            ) from failed


def main(arguments: list[str]) -> int:
    try:
        set_up(test="--test" in arguments, prepare="--start" not in arguments)
    except Stop as stop:
        return _report(stop)
    except KeyboardInterrupt:
        say("Stopped. Run it again to go on where it was.")
        return 130
    except OSError as error:
        return _report(
            Stop(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), _advice(error))
        )
    if "--start" not in arguments:
        say("Ready. Start it with: make run")
    return 0


def _advice(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"Make the clone writable for {os.environ.get('USER', 'this user')}."
    return "Repair that and run it again; what is done already is kept."


def _report(stop: Stop) -> int:
    print(f"\n{stop.what}", file=sys.stderr)
    if stop.how:
        print(stop.how, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
