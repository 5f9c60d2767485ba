"""Whatever the engine does, a save passes only with a clear allow from the revision in force."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from governance import wiring
from governance.admission import admit
from governance.engines.breaker import Breaker
from governance.engines.opa import OpaEngine
from governance.errors import GateUnavailable
from governance.kinds import Change
from governance.models import Evaluation
from tests.governance.engine_double import MODES, EngineDouble, double, right_then_old
from tests.people import PROJECT, by_hand
from tests.stubs import pin

SERVICE = "service:\n  name: ship\n  identifier: ship\n"
DEADLINE_MS = 400
SLACK_S = 0.5


@pytest.fixture
def engine(cast: SimpleNamespace, settings: Any) -> Iterator[EngineDouble]:
    """A double behind the gate, with the revision it should answer from pinned."""
    settings.POLICY_TIMEOUT_MS = DEADLINE_MS
    pin("right")
    with double() as made, wiring.use_engine(OpaEngine(made.url, breaker=Breaker(failures=10_000))):
        made.cast = cast
        yield made


def save(engine: Any) -> Any:
    from templates_catalog.models import Entity

    started = time.monotonic()
    try:
        change = Change("save", "service", PROJECT, "ship", SERVICE)
        return admit(change, actor=by_hand(engine.cast.dana))
    finally:
        engine.took = time.monotonic() - started
        engine.kept = Entity.objects.filter(identifier="ship").exists()


def test_a_clear_allow_from_the_pinned_revision_saves(engine: Any) -> None:
    save(engine)
    assert engine.kept
    assert Evaluation.objects.get().status == "pass"


@pytest.mark.parametrize("mode", MODES)
def test_no_save_passes_when_the_engine_misbehaves(engine: Any, mode: str) -> None:
    engine.mode = MODES[mode]
    with pytest.raises(GateUnavailable) as refused:
        save(engine)
    assert not engine.kept
    assert engine.took < DEADLINE_MS / 1000 + SLACK_S
    row = Evaluation.objects.get()
    assert row.status == "unavailable"
    assert row.reason == str(refused.value)
    assert "'ship' was not changed" in row.reason, "the message says what did not happen"


def test_an_engine_that_is_not_there_refuses_at_once(engine: Any) -> None:
    engine.stop()
    with pytest.raises(GateUnavailable, match="could not be asked"):
        save(engine)
    assert not engine.kept


def test_it_recovers_without_a_restart(engine: Any) -> None:
    good = engine.mode
    for mode in ("hang", "HTML", "drip"):
        engine.mode = MODES[mode]
        with pytest.raises(GateUnavailable):
            save(engine)
        engine.mode = good
        save(engine)
        assert engine.kept


def test_an_engine_that_falls_back_to_an_old_revision_is_refused(engine: Any) -> None:
    engine.mode = right_then_old
    save(engine)
    with pytest.raises(GateUnavailable, match="revision old"):
        save(engine)


def test_while_no_revision_is_pinned_nothing_is_saved(engine: Any) -> None:
    pin("")
    with pytest.raises(GateUnavailable, match="no policy bundle is in force yet"):
        save(engine)
    assert not engine.kept


def test_a_frozen_engine_costs_one_deadline_and_then_nothing(cast: SimpleNamespace, settings: Any) -> None:
    settings.POLICY_TIMEOUT_MS = 200
    pin("right")
    with double() as made:
        good, made.mode, made.cast = made.mode, MODES["hang"], cast
        with wiring.use_engine(OpaEngine(made.url, breaker=Breaker(failures=3, probe_s=0.3))):
            for _ in range(3):
                with pytest.raises(GateUnavailable):
                    save(made)
            with pytest.raises(GateUnavailable, match="did not answer within"):
                save(made)
            assert made.took < 0.15, "the breaker answers"
            made.mode = good
            time.sleep(0.35)
            save(made)
            assert made.kept, "a probe found it well again"


def test_a_kept_connection_that_the_engine_closed_is_replaced(engine: Any) -> None:
    from tests.governance.engine_double import allow, said

    def once(link: Any, double: Any) -> None:
        link.sendall(said(allow()))
        link.close()

    engine.mode = once
    save(engine)
    save(engine)
    assert engine.calls == 2


def test_the_engine_is_never_asked_inside_a_transaction(engine: Any) -> None:
    from django.db import transaction

    from governance import gate
    from governance.kinds import Prepared
    from governance.models import Scope

    scope = Scope.objects.get(path=PROJECT)
    change = Change("save", "service", PROJECT, "ship", SERVICE)
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        gate.ask(change, scope, Prepared(document={}), by_hand(engine.cast.dana), event="onsave")
    assert engine.calls == 0
