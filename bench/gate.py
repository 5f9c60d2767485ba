"""The policy gate against a bare request to the same OPA: saves, applicable policies, activation.

    python -m bench.gate              with up to 10,000 active policies
    python -m bench.gate --quick      with up to 1,000, fewer rounds, half a minute

Ours and the control take turns in one process; printed are medians in milliseconds and the ratio of the two.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import platform
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
APPLICABLE = 5
PROJECT, ELSEWHERE = "acme/shop/payments", "acme/shop/search"
BATCHES = 3
# What a save waits at most.
DEADLINE_MS = 2000
# (steps, name): documents of about 20 and 200 kB as policies see them.
SIZES = ((55, "20 kB"), (560, "200 kB"))


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the policy gate.")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        for line in measure(rounds=40 if asked.quick else 150, quick=asked.quick):
            print(line, flush=True)
    return 0


def measure(*, rounds: int, quick: bool) -> Iterator[str]:
    """Start an engine, put more and more policies in force and yield one line of figures after another."""
    from django.conf import settings
    from django.core.management import call_command

    from tests import people
    from tests.governance.sidecars import machinery

    call_command("migrate", verbosity=0)
    now, load = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", os.getloadavg()[0]
    yield f"{platform.machine()}, {os.cpu_count()} cores, {now}, load {load:.1f}, SQLite, OPA on a unix socket"
    with machinery(settings, changing_over=True) as gate:
        gate.settle()
        gate.cast = people.move_in()
        for wanted in (10, 1000) if quick else (10, 100, 1000):
            add_policies(wanted)
            bind("few", 0, APPLICABLE, PROJECT)
            bind_the_rest(APPLICABLE)
            gate.settle(timeout_s=300)
            yield from saving(gate, wanted, rounds)
        yield from activating(gate, times=3 if quick else 8)
        yield from applicable(gate, rounds)
        with alone_with_twenty(gate) as small:
            if not quick:
                add_policies(10_000)
            bind_the_rest(20)
            gate.settle(timeout_s=300)
            yield from scaled(gate, small, rounds)
        if not quick:
            yield from activating(gate, times=3)


# --- making policies ------------------------------------------------------------------------------
def add_policies(wanted: int) -> int:
    """Rows of active policies up to so many, beside `admit`: their life is not what is measured here."""
    from governance import publishing
    from governance.authoring.compile import standalone
    from governance.kinds import text_digest
    from governance.models import Policy, PolicyVersion, Scope, User

    acme, author = Scope.objects.get(path="acme"), User.objects.get(username="pat")
    have = Policy.objects.count()
    rows = [Policy(scope=acme, identifier=f"p{n}", name=f"p{n}") for n in range(have, wanted)]
    Policy.objects.bulk_create(rows, batch_size=1000)
    versions = []
    text = standalone(a_rule(SOME_TYPE))
    for n, row in zip(range(have, wanted), rows, strict=True):
        rego, rule = text.replace(SOME_TYPE, f"Forbidden{n}"), a_rule(f"Forbidden{n}").model_dump(mode="json")
        versions.append(
            PolicyVersion(
                policy=row,
                number=1,
                state="active",
                rego=rego,
                rule=rule,
                content_sha256=text_digest(rego),
                author=author,
            )
        )
    PolicyVersion.objects.bulk_create(versions, batch_size=1000)
    publishing.mark_changed()
    return wanted


SOME_TYPE = "SomeForbiddenType"


def a_rule(step_type: str) -> Any:
    """No step of a type, at any depth."""
    from governance.authoring.rule import Clause, Field, Named, Not, Rule, Test

    same = Test(value=Field(of="step", path=("type",)), op="is", to=(step_type,))
    clause = Clause(
        each=Named(name="all_steps"), name="step", demand=Not(of=same), message="Step '{step}' may not be."
    )
    return Rule(entity="pipeline", event="onsave", title=f"No {step_type}", clauses=(clause,))


def bind(name: str, first: int, last: int, scope: str, event: str = "onsave") -> None:
    """One enforced set for pipelines with the policies from `first` to before `last`."""
    from governance import publishing
    from governance.models import Policy, PolicySet, PolicySetMember, Scope

    row, _ = PolicySet.objects.get_or_create(
        scope=Scope.objects.get(path=scope), identifier=name, defaults={"entity": "pipeline", "event": event}
    )
    policies = Policy.objects.filter(identifier__in=[f"p{n}" for n in range(first, last)])
    PolicySetMember.objects.bulk_create(
        [PolicySetMember(policy_set=row, policy=p) for p in policies], batch_size=1000, ignore_conflicts=True
    )
    publishing.mark_changed()


def bind_the_rest(first: int) -> None:
    """All others apply elsewhere: the engine leaves out what no set names, which would be too easy."""
    from governance.models import Policy

    have = Policy.objects.count()
    for start in range(first, have, 500):
        bind("rest", start, min(start + 500, have), ELSEWHERE)


def document(steps: int, identifier: str = "ship") -> dict[str, Any]:
    """A pipeline of one stage with that many Run steps."""
    run = [
        {
            "step": {
                "identifier": f"step_{n}",
                "name": f"Step {n}",
                "type": "Run",
                "timeout": "10m",
                "spec": {"shell": "Bash", "command": f"make target-{n} && echo {'x' * 180}"},
            }
        }
        for n in range(steps)
    ]
    stage = {"identifier": "build", "name": "Build", "type": "CI", "spec": {"execution": {"steps": run}}}
    return {"identifier": identifier, "name": "Ship", "stages": [{"stage": stage}]}


# --- measuring ------------------------------------------------------------------------------------
def in_turns(rounds: int, *works: Callable[[], Any]) -> list[float]:
    """Medians in milliseconds of things that take turns."""
    took: list[list[float]] = [[] for _ in works]
    for n in range(rounds + 3):
        for which, work in enumerate(works):
            began = time.perf_counter()
            work()
            if n >= 3:
                took[which].append((time.perf_counter() - began) * 1000)
    return [statistics.median(each) for each in took]


class Bare(http.client.HTTPConnection):
    """What is left of the gate when everything that makes it safe is taken away."""

    def __init__(self, path: str) -> None:
        super().__init__("opa")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)

    def ask(self, body: bytes) -> Any:
        self.request("POST", "/v1/data/portal/router/decide", body=body)
        return json.loads(self.getresponse().read())


def envelope(change: Any, scope: Any, prepared: Any, actor: Any, event: str = "onsave") -> bytes:
    from governance import policy_input

    seen = policy_input.build(change, scope, prepared, actor, event=event)
    question = {"scopes": scope.chain_paths, "kind": "pipeline", "event": event}
    asked = {"input": {"question": question, "document": seen}}
    return json.dumps(asked, separators=(",", ":")).encode()


def saving(gate: Any, policies: int, rounds: int) -> Iterator[str]:
    """A whole save, and the gate's part of it, against the bare request."""
    from governance import gate as the_gate
    from governance.admission import admit
    from governance.kinds import Change, Prepared
    from governance.models import Scope
    from tests.people import by_hand

    scope, actor = Scope.objects.get(path=PROJECT), by_hand(gate.cast.dana)
    source = json.dumps({"pipeline": document(55)})
    change, prepared = Change("save", "pipeline", PROJECT, "ship", source), Prepared(document=document(55))
    body, bare = envelope(change, scope, prepared, actor), Bare(f"{gate.folder}/opa.sock")
    asked, control = in_turns(
        rounds,
        lambda: the_gate.ask(change, scope, prepared, actor, event="onsave"),
        lambda: bare.ask(body),
    )
    yield (
        f"{policies:>5} active, {APPLICABLE} apply, {len(body) // 1000} kB: gate {asked:6.2f} ms,"
        f" bare OPA {control:6.2f} ms, ratio {asked / control:.2f}"
    )
    saved, control = in_turns(
        max(10, rounds // 3), lambda: admit(change, actor=actor), lambda: bare.ask(body)
    )
    yield (
        f"{policies:>5} active: a whole save {saved:6.2f} ms, bare OPA {control:6.2f} ms,"
        f" ratio {saved / control:.2f}"
    )


def applicable(gate: Any, rounds: int) -> Iterator[str]:
    """1, 5 and 20 policies that apply, in turns, at two sizes of the document."""
    from governance import gate as the_gate
    from governance.kinds import Change, Prepared
    from governance.models import PolicySet, Scope
    from tests.people import by_hand

    PolicySet.objects.all().delete()
    events = {1: "onsave", 5: "onrun", 20: "onstep"}
    for count, event in events.items():
        bind(f"set_{count}", 0, count, PROJECT, event)
    gate.settle(timeout_s=120)
    scope, actor, bare = (
        Scope.objects.get(path=PROJECT),
        by_hand(gate.cast.dana),
        Bare(f"{gate.folder}/opa.sock"),
    )
    change = Change("save", "pipeline", PROJECT, "ship")
    for steps, size in SIZES:
        prepared = Prepared(document=document(steps))
        works = []
        for event in events.values():
            body = envelope(change, scope, prepared, actor, event)
            works += [
                partial(the_gate.ask, change, scope, prepared, actor, event=event),
                partial(bare.ask, body),
            ]
        took = in_turns(rounds // (1 if steps < 100 else 4), *works)
        for n, count in enumerate(events):
            asked, alone = took[2 * n : 2 * n + 2]
            yield (
                f"{size:>6}, {count:>2} apply: gate {asked:6.2f} ms, bare OPA {alone:6.2f} ms, ratio"
                f" {asked / alone:.2f}; against one policy: gate {asked / took[0]:.2f}, bare {alone / took[1]:.2f}"
            )
        times, pid = rounds // (1 if steps < 100 else 4), gate.process.pid
        one, twenty = cpu_ms(times, (pid, works[1]), (pid, works[-1]))
        yield (
            f"{size:>6}: processor time of the engine, 20 apply {twenty:.2f} ms, 1 applies {one:.2f} ms, ratio"
            f" {twenty / one:.2f} (goal 1.5)"
        )


@contextlib.contextmanager
def alone_with_twenty(gate: Any) -> Iterator[Any]:
    """A second engine that stays with a bundle of twenty policies, all of which apply."""
    from governance import publishing
    from governance.models import PolicySet
    from portal.engine.process import Engine
    from portal.engine.upstream import Offered
    from tests.governance.sidecars import opa_binary

    PolicySet.objects.all().delete()
    bind("twenty", 0, 20, PROJECT)
    gate.settle(timeout_s=120)
    revision = publishing.gate_state().pinned
    offered = Offered(revision, publishing.archive_of(revision))
    engine = Engine(opa_binary(), gate.folder, 0, offered, gate.public)
    try:
        while engine.outcome().get("active_revision") != revision:
            time.sleep(0.05)
        yield engine
    finally:
        engine.end()


def scaled(gate: Any, small: Any, rounds: int) -> Iterator[str]:
    """The same twenty policies apply in an engine that holds many and in one that holds nothing else."""
    from governance.kinds import Change, Prepared
    from governance.models import Policy, Scope
    from tests.people import by_hand

    scope, actor = Scope.objects.get(path=PROJECT), by_hand(gate.cast.dana)
    policies = Policy.objects.count()
    large, alone = Bare(f"{gate.folder}/opa.sock"), Bare(str(small.socket))
    for steps, size in SIZES:
        prepared, change = Prepared(document=document(steps)), Change("save", "pipeline", PROJECT, "ship")
        body = envelope(change, scope, prepared, actor)
        for engine in (large, alone):
            assert len(engine.ask(body)["result"]["applicable"]) == 20
        ask_many, ask_few = partial(large.ask, body), partial(alone.ask, body)
        times = rounds // (1 if steps < 100 else 4)
        many, few = in_turns(times, ask_many, ask_few)
        spent, spent_alone = cpu_ms(times, (gate.process.pid, ask_many), (small.pid, ask_few))
        yield (
            f"{size:>6}, 20 apply: of {policies:,} active {many:6.2f} ms, of 20 active {few:6.2f} ms, ratio"
            f" {many / few:.2f} (goal 1.3); processor time {spent:.2f} and {spent_alone:.2f} ms,"
            f" ratio {spent / spent_alone:.2f}"
        )


def activating(gate: Any, *, times: int) -> Iterator[str]:
    """From the change of one policy until its revision is pinned, with decisions going on."""
    from governance import publishing
    from governance.models import Policy
    from governance.ports import Question
    from portal.management.commands.keeper import GATE_TICK_S

    stop, took_ms, lost = threading.Event(), [], []
    body = json.dumps({"pipeline": document(55)}).encode()
    acceptable, policies = {publishing.gate_state().pinned}, Policy.objects.count()

    def decide() -> None:
        engine, question = gate.engine(), Question((PROJECT, "acme/shop", "acme"), "pipeline", "onsave")
        while not stop.wait(0.005):
            began = time.perf_counter()
            try:
                answer = engine.decide(question, body, timeout_ms=DEADLINE_MS)
                seen.add(answer.revision)
            except Exception as error:
                lost.append(f"{type(error).__name__}: {error}")
            took_ms.append((time.perf_counter() - began) * 1000)

    seen: set[str] = set()
    thread = threading.Thread(target=decide)
    thread.start()
    took, cpu = [], []
    try:
        for _ in range(times):
            # Pins are a second apart by design; what is measured is a change after a quiet moment.
            time.sleep(1.2)
            policies = add_policies(policies + 1)
            bind("rest", policies - 1, policies, ELSEWHERE)
            began, used = time.perf_counter(), cpu_s(gate.process.pid)
            acceptable.add(gate.settle(timeout_s=120, every_s=GATE_TICK_S))
            took.append(time.perf_counter() - began)
            cpu.append(cpu_s(gate.process.pid) - used)
    finally:
        stop.set()
        thread.join()
    goal = 1 if policies < 5000 else 12
    yield (
        f"activation until pinned at {policies:,} policies: median {statistics.median(took):.2f} s,"
        f" slowest {max(took):.2f} s (goal {goal} s), of it processor time of the engine {statistics.median(cpu):.2f} s;"
        f" meanwhile {len(took_ms):,} decisions, {len(lost)} not answered within {DEADLINE_MS} ms,"
        f" {len(seen - acceptable)} from another revision, slowest {max(took_ms):.0f} ms"
    )
    for text in sorted(set(lost))[:3]:
        yield f"       {text}"


def cpu_ms(times: int, *asked: tuple[int, Callable[[], Any]]) -> list[float]:
    """What processes spend on a question each; says more than the clock where others compute too."""
    spent = [0.0 for _ in asked]
    for _ in range(BATCHES):
        for which, (pid, work) in enumerate(asked):
            before = cpu_s(pid)
            for _ in range(times):
                work()
            spent[which] += cpu_s(pid) - before
    return [each * 1000 / (BATCHES * times) for each in spent]


def cpu_s(pid: int) -> float:
    """Processor time of a process and of all that it started, ended ones included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    return own + sum(
        cpu_s(int(child)) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    )


if __name__ == "__main__":
    sys.exit(main())
