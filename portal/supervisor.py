"""`make run`: starts web, worker, keeper, engine and broker, restarts what dies, stops what it started.

Two processes share the work. The outer one only waits; the inner one supervises. Whichever of them is killed,
the other ends what is left, so that not even `kill -9` leaves a process behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import signal
import sys
import time
import traceback
import urllib.error
import urllib.request
from pathlib import Path

from portal.supervising import tagged
from portal.supervising.process import Process, die_with_parent

TICK_S = 0.1
STOP_PATIENCE_S = 8.0
# After this long without being ready, the reasons are shown instead of silence.
EXPLAIN_AFTER_S = 25.0


def say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(text, flush=True)


def main(arguments: list[str]) -> int:
    if arguments == ["prepare"]:
        from portal.supervising.prepare import prepare

        prepare()
        return 0
    if arguments:
        print("Usage: python -m portal.supervisor [prepare]", file=sys.stderr)
        return 2
    return _watch_over()


def _watch_over() -> int:
    """The outer process: forwards the signals, waits, and sweeps when the inner one is gone."""
    tag = f"{os.getpid()}-{secrets.token_hex(8)}"
    os.environ[tagged.VARIABLE] = tag
    if "MAKELEVEL" in os.environ:
        # Under make, the end of make is the end of the run; started by itself it outlives its terminal.
        die_with_parent()
    inner = os.fork()
    if inner == 0:
        _become_supervisor(tag)

    def forward(number: int, frame: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(inner, signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, forward)
    _, status = os.waitpid(inner, 0)
    tagged.end_all(tag, patience_s=3.0)
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1


def _become_supervisor(tag: str) -> None:
    """The rest of the inner process's life; never returns."""
    die_with_parent()
    code = 1
    try:
        code = Supervisor().run()
    except SystemExit as stop:
        if stop.code and not isinstance(stop.code, int):
            print(stop.code, file=sys.stderr, flush=True)
        code = stop.code if isinstance(stop.code, int) else 1
    except Exception:
        # A fault of ours: nobody catches it further up, since this process ends without returning.
        traceback.print_exc()
    finally:
        # The outer process may be gone already; it does the same.
        tagged.end_all(tag, patience_s=1.0)
        os._exit(code)


class Supervisor:
    """Owns the processes from the first start to the last stop."""

    def __init__(self) -> None:
        self.stopping = False
        self.programs: list[Process] = []
        self.began = time.monotonic()
        self._web_answered = False

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        from portal.supervising import programs
        from portal.supervising.prepare import prepare

        with _only_one(programs.settings.DATA_DIR):
            if not programs.port_is_free():
                port = programs.settings.PORT
                raise SystemExit(
                    f"Port {port} is taken by another program. Choose another: make run PORT={port + 1}"
                )
            programs.forget_temporary()
            prepare()
            self.programs = programs.all_programs(self.web_answers)
            try:
                self._loop(programs.address())
            finally:
                self._end_all()
                programs.forget_temporary()
        return 0

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _loop(self, address: str) -> None:
        announced = explained = False
        next_look = 0.0
        while not self.stopping:
            for program in self.programs:
                program.tick(say)
            if not announced and time.monotonic() >= next_look:
                next_look = time.monotonic() + 0.3
                ready, reasons = self._ready()
                announced = ready
                if ready:
                    self._announce(address)
                elif not explained and time.monotonic() - self.began > EXPLAIN_AFTER_S:
                    explained = True
                    say(f"Not ready yet: {reasons}. Logs: {self.programs[0].log.parent}")
            time.sleep(TICK_S)

    def web_answers(self) -> bool:
        if not self._web_answered:
            self._web_answered = _get("/healthz")[0] == 200
        return self._web_answered

    def _ready(self) -> tuple[bool, str]:
        if not self.web_answers():
            return False, "the web server does not answer"
        status, body = _get("/readyz")
        if status == 200:
            return True, ""
        with contextlib.suppress(ValueError, KeyError, TypeError):
            checks = json.loads(body)["checks"]
            return False, ", ".join(f"{c['name']}: {c['problem']}" for c in checks if not c["ok"])
        return False, f"/readyz answers {status}"

    def _announce(self, address: str) -> None:
        from portal.supervising import programs

        say(f"Portcullis is ready after {time.monotonic() - self.began:.0f} s: {address}")
        if programs.settings.DEMO:
            for line in programs.demo_lines():
                say(line)
        say("Ctrl-C stops everything.")

    def _end_all(self) -> None:
        """Work first, then what the work needs: the broker goes last."""
        broker = [program for program in self.programs if program.name == "broker"]
        others = [program for program in self.programs if program.name != "broker"]
        for group, patience_s in ((others, STOP_PATIENCE_S), (broker, 3.0)):
            for program in group:
                program.ask_to_stop()
            until = time.monotonic() + patience_s
            while time.monotonic() < until and any(program.is_running for program in group):
                time.sleep(0.05)
            for program in group:
                program.kill()
        say("Stopped.")


@contextlib.contextmanager
def _only_one(data_dir: Path):  # type: ignore[no-untyped-def]
    """Two supervisors on the same data would fight over database, sockets and keys."""
    lock = data_dir / "supervisor.lock"
    with lock.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            pid = handle.read().strip()
            raise SystemExit(
                f"The portal already runs on {data_dir} (process {pid}). Stop it first."
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _get(path: str) -> tuple[int, str]:
    """Asks our own web server; 0 when it does not answer."""
    from portal.supervising import programs

    # The proxy of the environment is not for our own address.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(programs.address().rstrip("/") + path, timeout=3) as answer:
            return answer.status, answer.read(65536).decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read(65536).decode(errors="replace")
    except OSError:
        return 0, ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
