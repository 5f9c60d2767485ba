"""A portal under siege: hostile drafts through every door at once, and what a neighbour's pages and saves pay for it.

    python -m bench.hostile              every hostile draft through every door
    python -m bench.hostile --quick      every hostile draft through one door in turn, some two minutes

Real parts: the web server, worker, keeper, engine and SQLite as `make run` starts them. The neighbour works in a
process of its own, ten requests a second, before the attack, during it and after it; printed is the ratio of the
neighbour's p95 during the attack to that of the time around it. Beside it, in the same run: the slowest answer to
an attacker, answers that are none, dead workers, and the memory of the web workers.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, Queue

import httpx2

from tests.governance import draft_doors
from tests.governance.draft_doors import DOORS, PIPELINE, Door, Person
from tests.governance.hostile import DRAFTS
from tests.running import ROOT, Portal, portal

ATTACKERS = ("pat", "mallory", "trudy")
CONNECTIONS = 4  # of each attacker
EVERY_S = 0.1
GOAL_S, GOAL_RATIO = 3.0, 1.30
WEB, APART = "web server", "server for drafts"
# Who is told that the server is busy asks again, at most so often.
MOST_AGAIN = 5
PAGES = (
    "/", "/s/acme.shop.payments/pipelines/", "/s/acme.shop.payments/catalogue/", "/s/acme.shop.payments/policies/",
    "/s/acme.shop.payments/pipelines/nightly/", "/s/acme.shop.payments/runs/",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure a neighbour of hostile drafts.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=0, help="of quiet before, and after, the attack")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {load:.1f}"
    )
    os.environ.pop("DATABASE_URL", None)
    with portal(DEMO="no") as running:
        people = draft_doors.let_in(running, [*ATTACKERS, "dana"])
        siege = Siege(
            running, people, quick=asked.quick, quiet_s=asked.seconds or (20 if asked.quick else 60)
        )
        for line in siege.run():
            print(line, flush=True)
    return 1 if siege.broken else 0


@dataclass(frozen=True)
class Phase:
    """A part of the time, with the seconds of processor that were used: by the web server, by the server for
    drafts, and by the processes they had run."""

    began: float
    ended: float
    used_s: tuple[float, float, float]

    def __contains__(self, at: float) -> bool:
        return self.began <= at < self.ended


def _shown(phase: Phase) -> str:
    took = phase.ended - phase.began
    web, drafts, run = (used / took for used in phase.used_s)
    return (
        f"web server {web:.2f} s, server for drafts {drafts:.2f} s, what they ran {run:.2f} s ({took:.0f} s)"
    )


@dataclass
class Answers:
    """What the attackers got."""

    took: list[tuple[float, str, str]] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    unclear: list[str] = field(default_factory=list)

    def add(self, door: str, draft: str, seconds: float, status: str, unclear: str) -> None:
        self.took.append((seconds, door, draft))
        self.statuses[status] += 1
        if unclear:
            self.unclear.append(f"{door}, {draft}: {unclear}")


class Siege:
    def __init__(self, running: Portal, people: dict[str, Person], *, quick: bool, quiet_s: float) -> None:
        self.portal, self.people, self.quiet_s = running, people, quiet_s
        self.answers = Answers()
        self.broken = False
        self.waiting: Queue[tuple[str, str]] = Queue()
        pairs = list(draft_doors.diagonal(DRAFTS) if quick else itertools.product(DRAFTS, DOORS))
        random.Random(7).shuffle(pairs)
        for draft, door in pairs:
            self.waiting.put((draft, door))

    def run(self) -> list[str]:
        before = self.portal.processes()
        workers = servers(before)
        memory = {pid: resident_mb(pid) for pid in workers}
        neighbour = Neighbour(self.people["dana"])
        time.sleep(3)
        quiet = [self._watched(self._wait)]
        attack = self._watched(self._attack)
        # What the attackers queued is still worked on for a while; the quiet after it begins then.
        time.sleep(5)
        quiet.append(self._watched(self._wait))
        rows = neighbour.stop()
        return [
            *self._neighbours(rows, quiet, attack), *self._answered(), *self._dead(before, self.portal.processes()),
            *(f"processor time a second, {what}: {_shown(phase)}" for what, phase in
              (("alone", quiet[0]), ("under attack", attack), ("after it", quiet[1]))),
            *(f"{workers[pid]}, process {pid}: {mb} MB before, {resident_mb(pid)} MB after"
              for pid, mb in memory.items()),
        ]  # fmt: skip

    def _wait(self) -> None:
        time.sleep(self.quiet_s)

    def _watched(self, work: Callable[[], None]) -> Phase:
        began, used = time.monotonic(), self._used_s()
        work()
        web, drafts, run = (now - then for now, then in zip(self._used_s(), used, strict=True))
        return Phase(began, time.monotonic(), (web, drafts, run))

    def _used_s(self) -> tuple[float, float, float]:
        """Processor time of the web server, of the server for drafts, and of the processes they had run."""
        own = {WEB: 0.0, APART: 0.0}
        run = 0.0
        for pid, server in servers(self.portal.processes()).items():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            own[server] += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            run += (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
        return own[WEB], own[APART], run

    # --- the attack -------------------------------------------------------------------------------

    def _attack(self) -> None:
        threads = [
            threading.Thread(target=self._connection, args=(name,))
            for name in ATTACKERS
            for _ in range(CONNECTIONS)
        ]
        threads.append(threading.Thread(target=self._folders))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _connection(self, name: str) -> None:
        who = self.people[name].another()
        while True:
            try:
                draft, door = self.waiting.get_nowait()
            except Empty:
                return
            for _ in range(MOST_AGAIN):
                again_s = self._ask(door, draft, who, DOORS[door])
                if not again_s:
                    break
                time.sleep(again_s)

    def _ask(self, door: str, draft: str, who: Person, way: Door) -> float:
        """One answer; seconds after which to ask again, 0 when there is nothing more to say."""
        text = DRAFTS[draft].text if draft in DRAFTS else ""
        began = time.monotonic()
        try:
            took, answer = draft_doors.timed(way, who, text)
        except httpx2.HTTPError as error:
            self.answers.add(door, draft, time.monotonic() - began, "none", repr(error))
            return 0.0
        self.answers.add(door, draft, took, str(answer.status_code), draft_doors.clear(answer))
        return float(answer.headers.get("Retry-After", "1")) if answer.status_code == 429 else 0.0

    def _folders(self) -> None:
        """A whole folder of everything, once for each attacker."""
        texts = {name: hostile.text for name, hostile in DRAFTS.items()}
        for name in ATTACKERS:
            self._ask(
                "import of a folder",
                "all of them",
                self.people[name].another(),
                lambda who, _: draft_doors.folder(who, texts),
            )

    # --- what is said -----------------------------------------------------------------------------

    def _neighbours(self, rows: list[Row], quiet: list[Phase], attack: Phase) -> list[str]:
        lines = []
        for what in ("page", "save", ""):
            alone = [r.ms for r in rows if what in ("", r.what) and any(r.at in phase for phase in quiet)]
            beside = [r.ms for r in rows if what in ("", r.what) and r.at in attack]
            ratio = p95(beside) / p95(alone)
            lines.append(
                f"neighbour's {what or 'request'}s, p95: alone {p95(alone):.0f} ms ({len(alone)}), under attack"
                f" {p95(beside):.0f} ms ({len(beside)}), ratio {ratio:.2f} (goal {GOAL_RATIO:.2f});"
                f" medians {statistics.median(alone):.0f} and {statistics.median(beside):.0f} ms"
            )
        bad = Counter(f"{r.what} {r.status}" for r in rows if r.status not in (200, 201))
        self.broken |= bool(bad)
        return [
            *lines,
            f"neighbour's answers that failed: {sum(bad.values())} of {len(rows)} {dict(bad) or ''}",
        ]

    def _answered(self) -> list[str]:
        took = sorted(self.answers.took)
        slowest, door, draft = took[-1]
        late = [t for t in took if t[0] > GOAL_S]
        self.broken |= bool(self.answers.unclear)
        lines = [
            f"attackers: {len(took)} answers, p95 {p95([t[0] for t in took]):.2f} s, slowest {slowest:.2f} s"
            f" (goal {GOAL_S:.0f} s) at '{door}' with '{draft}'; {len(late)} later than the goal;"
            f" statuses {dict(sorted(self.answers.statuses.items()))}",
            f"answers that say nothing: {len(self.answers.unclear)}",
        ]
        doors = Counter(t[1] for t in late)
        lines += [f"    late: {door}, {n} times, slowest {max(t[0] for t in late if t[1] == door):.2f} s"
                  for door, n in doors.most_common(12)]  # fmt: skip
        return [*lines, *(f"    {line}" for line in self.answers.unclear[:10])]

    def _dead(self, before: dict[int, str], after: dict[int, str]) -> list[str]:
        gone = {pid: name for pid, name in before.items() if pid not in after}
        said = (self.portal.data / "supervisor.out").read_text(errors="replace")
        restarts = [line for line in said.splitlines() if " ended (" in line]
        self.broken |= bool(gone or restarts)
        lines = [
            f"dead processes: {len(gone)} of {len(before)} {sorted(gone.values()) or ''}, restarts: {len(restarts)}"
        ]
        if self.portal.process.poll() is not None:
            restarts += said.splitlines()[-10:]
        return [*lines, *(f"    {line}" for line in restarts)]


def p95(numbers: list[float]) -> float:
    return statistics.quantiles(numbers, n=20)[-1] if len(numbers) > 1 else 0.0


# --- processes ------------------------------------------------------------------------------------


def servers(found: dict[int, str]) -> dict[int, str]:
    """The processes of both servers, by id, with which of them it is."""
    return {
        pid: APART if "drafts.sock" in command else WEB
        for pid, command in found.items()
        if "granian" in command
    }


def resident_mb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(text.split("VmRSS:")[1].split()[0]) // 1024


# --- the neighbour --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    at: float
    what: str
    ms: float
    status: int


class Neighbour:
    """Somebody who browses and saves in a process of their own until told to stop."""

    def __init__(self, who: Person) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.hostile", "neighbour"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "DJANGO_SETTINGS_MODULE": ""},
        )  # fmt: skip
        assert self._process.stdin
        self._process.stdin.write(json.dumps([who.name, who.address, who.password, who.token]) + "\n")
        self._process.stdin.flush()

    def stop(self) -> list[Row]:
        out, _ = self._process.communicate()
        return [Row(*json.loads(line)) for line in out.splitlines()]


def work() -> int:
    """One page or save every tenth of a second, measured on the clock that all processes share."""
    who = Person(*json.loads(sys.stdin.readline()))
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    due = time.monotonic()
    for number in itertools.count():
        if ended.is_set():
            return 0
        began = time.monotonic()
        if number % 3 == 2:
            what, answer = "save", _save(who, number)
        else:
            what, answer = "page", who.browser.get(PAGES[number % len(PAGES)])
        took = (time.monotonic() - began) * 1000
        print(json.dumps([began, what, took, answer.status_code]), flush=True)
        due = max(due + EVERY_S, time.monotonic())
        time.sleep(max(0.0, due - time.monotonic()))
    return 0


def _save(who: Person, number: int):  # type: ignore[no-untyped-def]
    body = {
        "source": PIPELINE.replace("make clean", f"make clean{number}").replace("nightly", f"n{number % 20}")
    }
    return who.rest.post(f"/api/v1/scopes/acme.shop.payments/changes/pipeline/n{number % 20}/save", json=body)


if __name__ == "__main__":
    sys.exit(work() if sys.argv[1:] == ["neighbour"] else main())
