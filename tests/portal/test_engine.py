"""The embedded engine: each revision has an OPA of its own, and the address moves when it has loaded."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from governance import bundle, publishing
from governance.admission import admit
from governance.errors import Blocked, GateUnavailable
from governance.kinds import Change
from governance.models import Evaluation, GateState
from portal import health
from tests import people
from tests.audit.conftest import own_database
from tests.governance.drafting import NO_LATEST, bind, put_in_force
from tests.governance.sidecars import Machinery, machinery
from tests.people import PROJECT, by_hand

__all__ = ["own_database"]
pytestmark = [pytest.mark.opa, pytest.mark.slow]

GOOD = "service:\n  name: ship\n  identifier: ship\n  tags: {tier: gold}\n"


@pytest.fixture
def gate(own_database: None, settings: Any) -> Iterator[Machinery]:
    with machinery(settings, changing_over=True) as made:
        made.settle()
        made.cast = people.move_in()
        yield made


def save(gate: Machinery, source: str = GOOD) -> Any:
    return admit(Change("save", "service", PROJECT, "ship", source), actor=by_hand(gate.cast.dana))


def engines(gate: Machinery) -> list[int]:
    assert gate.process is not None
    pid = gate.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until(holds: Callable[[], bool], timeout_s: float = 15.0) -> None:
    ends = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.02)


def complained(gate: Machinery) -> bool:
    gate.step()
    return bool(publishing.heard().exclude(error="").exists())


def refused(gate: Machinery) -> bool:
    try:
        save(gate)
    except GateUnavailable:
        return True
    return False


def test_a_policy_that_is_put_in_force_decides(gate: Machinery) -> None:
    save(gate)
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["no_latest"])
    gate.settle()
    with pytest.raises(Blocked):
        save(gate, GOOD.replace("gold", "latest"))
    save(gate)


def test_after_a_change_one_engine_and_its_files_are_left(gate: Machinery) -> None:
    for _ in range(3):
        publishing.mark_changed()
        put_in_force(gate, f"policy_{_}", NO_LATEST, entity="service")
        gate.settle()
    until(lambda: len(engines(gate)) == 1)
    held = sorted(file.suffix for file in gate.folder.glob("opa-*"))
    assert held == [".gz", ".json", ".sock"]


def test_no_decision_is_lost_or_stale_while_revisions_change(gate: Machinery) -> None:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["no_latest"])
    gate.settle()
    stop, lost, made = threading.Event(), [], []

    def go_on() -> None:
        from django.db import connection

        while not stop.is_set():
            try:
                save(gate, GOOD.replace("gold", f"gold-{len(made)}"))
                made.append(1)
            except Exception as error:
                lost.append(f"{type(error).__name__}: {error}")
        connection.close()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        pinned = []
        for n in range(6):
            put_in_force(gate, f"also_{n}", NO_LATEST, entity="service")
            pinned.append(gate.settle(timeout_s=60))
    finally:
        stop.set()
        thread.join()
    assert lost == []
    assert len(made) > 6
    assert len(set(pinned)) == 6


def test_an_engine_that_is_killed_refuses_and_comes_back_by_itself(gate: Machinery) -> None:
    (engine,) = engines(gate)
    os.kill(engine, signal.SIGKILL)
    assert refused(gate)
    until(lambda: not refused(gate))
    assert engines(gate) != [engine]


def test_a_frozen_engine_is_not_spoken_for(gate: Machinery) -> None:
    (engine,) = engines(gate)
    os.kill(engine, signal.SIGSTOP)
    try:
        assert refused(gate)
        publishing.SidecarReport.objects.all().delete()
        time.sleep(5)
        assert not publishing.heard().exists()
    finally:
        os.kill(engine, signal.SIGCONT)
    until(lambda: not refused(gate))
    until(lambda: publishing.heard().exists())


def test_a_bundle_that_cannot_be_loaded_is_reported_and_the_one_in_force_stays(
    gate: Machinery, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force = publishing.gate_state().pinned
    (engine,) = engines(gate)
    archive = publishing.archive_of
    monkeypatch.setattr(publishing, "archive_of", lambda revision: archive(revision)[:-4000])
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    until(lambda: complained(gate))
    report = publishing.heard().get()
    assert (report.revision, GateState.objects.get(name="gate").pinned) == (in_force, in_force)
    assert engines(gate) == [engine]
    save(gate)


def test_an_engine_that_starts_while_no_engine_can_load_the_newest_bundle_decides_by_the_one_in_force(
    gate: Machinery, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["no_latest"])
    in_force = gate.settle()
    written = bundle.module
    monkeypatch.setattr(bundle, "module", lambda policy: written(policy) + "\nbroken if { nowhere(1) }\n")
    put_in_force(gate, "also", NO_LATEST, entity="service")
    bind(gate, "more", "service", ["also"])
    until(lambda: complained(gate))
    gate.stop_opa()
    publishing.SidecarReport.objects.all().delete()
    gate.start_engine()
    until(lambda: not refused(gate))
    with pytest.raises(Blocked):
        save(gate, GOOD.replace("gold", "latest"))
    assert Evaluation.objects.filter(kind="service").latest("at").revision == in_force
    until(lambda: complained(gate))
    state = publishing.gate_state()
    assert (state.pinned, publishing.heard().get().revision) == (in_force, in_force)
    assert state.pending not in {"", in_force}
    (found,) = health.look((health.newest_bundle,))
    assert f"decisions go on from {in_force[:12]}" in found.problem
    assert "policies/acme/also" in found.problem
    assert health.look((health.engine,))[0].ok
    monkeypatch.setattr(bundle, "module", written)
    put_in_force(gate, "also", NO_LATEST.replace("latest", "newest"), entity="service")
    assert gate.settle() not in {in_force, state.pending}
    assert health.look((health.newest_bundle,))[0].ok
    save(gate)


def test_a_bundle_signed_by_another_key_is_not_loaded(gate: Machinery) -> None:
    from governance.bundle import Builder
    from tests.governance.sidecars import key_pair

    in_force = publishing.gate_state().pinned
    gate.builder = Builder(key_pair()[0])
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    until(lambda: complained(gate))
    assert "signature" in publishing.heard().get().error
    assert publishing.gate_state().pinned == in_force


def test_the_end_of_the_engine_leaves_no_opa(gate: Machinery) -> None:
    children = engines(gate)
    assert gate.process is not None
    gate.process.terminate()
    assert gate.process.wait(10) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
