"""Whatever workers, keepers and people do in whatever order, a run keeps to its automaton and its fence."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest
from django.db import transaction

from audit import executions, logs
from audit.executions import Lease, LeaseLost, NotAllowed
from audit.logstores.memory import MemoryLogStore
from audit.models import AuditEvent, Execution, ExecutionEvent, LogChunk
from audit.states import ALLOWED, FINAL
from tests.audit.test_executions import ELI, expire, new

ROUNDS = 60


class World:
    """One run, the leases that were ever given for it, and what was seen."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.store = chance, MemoryLogStore()
        self.id = new().id
        self.leases: list[Lease] = []
        self.states = ["queued"]

    def lease(self) -> Lease:
        return self.chance.choice(self.leases) if self.leases else Lease(self.id, 99, "nobody")

    def act(self) -> None:
        """One random act; refusals are part of life, anything else is a failure."""
        acts: list[Callable[[], object]] = [
            self.claim,
            lambda: executions.start(self.lease()),
            lambda: executions.beat(self.lease()),
            lambda: executions.step(
                self.lease(), self.chance.choice("ab"), status=self.chance.choice(["running", "succeeded"]),
                repeatable=self.chance.choice(["yes", "no"]),
            ),
            lambda: executions.wait(self.lease(), "gate", waits_for={"groups": ["x"]}),
            lambda: executions.answer(self.id, "gate", status="approved", by=ELI),
            lambda: executions.requeue(self.lease(), "the worker stops"),
            lambda: executions.finish(self.lease(), self.chance.choice(["succeeded", "failed"])),
            lambda: executions.request_cancel(self.id, ELI),
            lambda: executions.resolve(self.id, self.chance.choice(["queued", "failed"]), ELI),
            self.write,
            self.lose,
            executions.sweep,
        ]  # fmt: skip
        weights = [6, 6, 3, 6, 2, 3, 1, 1, 1, 2, 4, 3, 4]
        try:
            with transaction.atomic():
                self.chance.choices(acts, weights)[0]()
        except (LeaseLost, NotAllowed, executions.Unknown):
            pass

    def claim(self) -> None:
        lease = executions.claim(self.id, self.chance.choice(["w1", "w2"]))
        if lease:
            self.leases.append(lease)

    def lose(self) -> None:
        expire(self.lease())

    def write(self) -> None:
        lease = self.lease()
        writer = logs.LogWriter(self.store, lease, "a")
        writer.write("stdout", f"fence {lease.fence}\n".encode())
        writer.flush()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(15))
def test_a_run_keeps_to_its_automaton_under_any_order_of_acts(seed: int) -> None:
    world = World(random.Random(seed))
    fence = 0
    for _ in range(ROUNDS):
        before = Execution.objects.get(id=world.id)
        world.act()
        now = Execution.objects.get(id=world.id)
        if now.state != before.state:
            world.states.append(now.state)
        assert now.fence >= fence
        assert now.fence - before.fence <= 1
        assert (now.state in ("leased", "running")) == bool(
            now.lease_owner and now.lease_until
        ) or now.state in FINAL
        if before.state in FINAL:
            assert now.state == before.state
        fence = now.fence
    seen = list(ExecutionEvent.objects.filter(execution_id=world.id).order_by("n"))
    assert [line.n for line in seen] == list(range(1, len(seen) + 1))
    path = ["queued", *(line.data["to"] for line in seen if "to" in line.data)]
    assert all(new in ALLOWED[old] for old, new in itertools.pairwise(path))
    assert AuditEvent.objects.count() == len(path) - 1
    for lease in world.leases:
        rows = LogChunk.objects.filter(execution_id=world.id, fence=lease.fence).order_by("n")
        ends = [(row.offset, row.offset + row.length) for row in rows]
        assert all(a[1] == b[0] for a, b in itertools.pairwise(ends))
        assert logs.check(world.store, world.id, "a", fence=lease.fence) == []
