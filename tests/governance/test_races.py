"""Writers against revocations, policy flips and activations: nothing slips through, nothing is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from audit.models import AuditEvent
from governance.admission import admit
from governance.engines.opa import OpaEngine
from governance.errors import Blocked, Conflict, Denied, NotFound
from governance.kinds import Change
from governance.models import Bundle, Evaluation
from tests.governance.drafting import NO_LATEST, approve, bind, put_in_force
from tests.people import PROJECT, by_hand

pytestmark = [pytest.mark.opa, pytest.mark.slow]

GOOD = "service:\n  name: ship\n  identifier: {name}\n  tags: {{tier: gold}}\n"
BAD = GOOD.replace("gold", "latest")
WRITERS = 4


class Writers:
    """Threads that save until they are stopped; every outcome is kept with its time."""

    def __init__(self, actor: Any, source: str) -> None:
        self.stop = threading.Event()
        self.saved: list[tuple[float, Any]] = []
        self.refused: list[Exception] = []
        self.broken: list[BaseException] = []
        self._work = [threading.Thread(target=self._write, args=(i, actor, source)) for i in range(WRITERS)]

    def _write(self, writer: int, actor: Any, source: str) -> None:
        number = 0
        try:
            while not self.stop.is_set():
                name = f"w{writer}_{number}"
                change = Change("save", "service", PROJECT, name, source.format(name=name))
                number += 1
                try:
                    self.saved.append((time.monotonic(), admit(change, actor=actor)))
                except (Blocked, Denied, NotFound, Conflict) as refused:
                    self.refused.append(refused)
        except BaseException as error:
            self.broken.append(error)
        finally:
            connection.close()

    def __enter__(self) -> Writers:
        for thread in self._work:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self._work:
            thread.join(30)


@contextmanager
def keeping(gate: Any) -> Iterator[list[BaseException]]:
    """A keeper's loop in a thread of its own."""
    stop, broken = threading.Event(), []

    def loop() -> None:
        try:
            while not stop.wait(0.02):
                gate.step()
        except BaseException as error:
            broken.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield broken
    finally:
        stop.set()
        thread.join(30)


def wait_for(seen: Callable[[], bool], timeout_s: float = 20.0) -> None:
    ends = time.monotonic() + timeout_s
    while not seen():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.02)


def in_order() -> list[AuditEvent]:
    """Events in the order in which their transactions took their place in the log."""
    return list(AuditEvent.objects.order_by("recorded_at", "id"))


def test_no_save_is_admitted_after_the_right_was_taken_away(gate: Any) -> None:
    ada, omar = by_hand(gate.cast.ada), by_hand(gate.cast.omar)
    grant = {"role": "developer", "principal": "user:omar"}
    admit(Change("revoke", "role_binding", PROJECT, "omar_developer"), actor=ada)
    for round_ in range(6):
        admit(Change("grant", "role_binding", PROJECT, f"r{round_}", fields=grant), actor=ada)
        with Writers(omar, GOOD.replace("w", f"r{round_}w", 0)) as writers:
            wait_for(lambda w=writers: len(w.saved) >= 3)
            admit(Change("revoke", "role_binding", PROJECT, f"r{round_}"), actor=ada)
            revoked = time.monotonic()
            time.sleep(0.1)
        assert writers.broken == []
        # A save that was committed before the revocation may return after it, within a moment.
        late = [done for at, done in writers.saved if at > revoked]
        positions = {str(e.pk): n for n, e in enumerate(in_order())}
        revocation = AuditEvent.objects.filter(action="role_binding.revoke").latest("recorded_at")
        assert [d for d in late if positions[d.audit_event] > positions[str(revocation.pk)]] == []


def test_no_save_is_kept_under_a_revision_that_is_not_acceptable(gate: Any) -> None:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    pat, eli = by_hand(gate.cast.pat), by_hand(gate.cast.eli)
    share = Change("save", "setting", "acme", "shadow_first_percent", fields={"value": 100})
    admit(share, actor=by_hand(gate.cast.ada))
    bind(gate, "services", "service", ["no_latest"], enabled=False)
    gate.settle()
    with keeping(gate) as broken:
        for _ in range(4):
            with Writers(by_hand(gate.cast.dana), BAD) as writers:
                wait_for(lambda w=writers: len(w.saved) >= 2)
                admit(Change("enable", "policy_set", "acme", "services"), actor=pat)
                wait_for(lambda w=writers: any(isinstance(r, Blocked) for r in w.refused))
                asked = Change("request", "policy_set", "acme", "services", fields={"do": "disable"})
                key = admit(asked, actor=pat).data["request"]
                admit(Change("confirm", "policy_set", "acme", "services", fields={"request": key}), actor=eli)
                seen = len(writers.saved)
                wait_for(lambda w=writers, s=seen: len(w.saved) > s)
            assert writers.broken == []
    assert broken == []
    # Each save rests on a revision that was pinned, or pending, when it was committed.
    pins = {e.pk: e for e in AuditEvent.objects.filter(action="bundle.pin")}
    pinned, pending = "", ""
    for event in in_order():
        if event.pk in pins:
            pinned, pending = _revision(event), ""
        elif event.action == "bundle.publish":
            pending = _revision(event)
        elif event.action == "service.save" and event.outcome == "admitted":
            used = Evaluation.objects.get(pk=event.evaluation).revision
            assert used in {pinned, pending}, f"{used} is neither {pinned} nor {pending}"


def _revision(event: AuditEvent) -> str:
    import json

    return str(json.loads(event.data)["revision"])


def test_fifty_activations_in_a_row_lose_no_save(gate: Any) -> None:
    put_in_force(gate, "first", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["first"])
    gate.settle()
    serial = Bundle.objects.latest("serial").serial
    for number in range(50):
        text = f'package service\n\ndeny contains "{number}" if input.serviceEntity.tags.n == "{number}"\n'
        approve(gate, f"p{number}", text, entity="service")
    with keeping(gate) as broken, Writers(by_hand(gate.cast.dana), GOOD) as writers:
        for number in range(50):
            admit(Change("activate", "policy", "acme", f"p{number}"), actor=by_hand(gate.cast.eli))
        gate_is_at = Bundle.objects.latest("serial").serial
        wait_for(lambda: Bundle.objects.filter(serial__gte=gate_is_at, pinned_at__isnull=False).exists())
    assert broken == []
    assert writers.broken == []
    assert writers.refused == []
    assert len(writers.saved) > 50
    assert gate_is_at > serial + 5


def test_reading_an_answer_never_mixes_two_threads(gate: Any) -> None:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["no_latest"])
    gate.settle()
    from governance.ports import Question

    engine, wrong = OpaEngine(gate.url), []
    question = Question(("acme",), "service", "onsave")

    def ask(bad: bool) -> None:
        body = b'{"serviceEntity":{"tags":{"tier":"%b"}}}' % (b"latest" if bad else b"gold")
        for _ in range(200):
            answer = engine.decide(question, body, timeout_ms=5000)
            if bool(answer.found["acme/no_latest"]) != bad:
                wrong.append(answer)

    threads = [threading.Thread(target=ask, args=(n % 2 == 0,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
