"""Runs follow their automaton, one worker at a time, and every step of it is on the trail."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit import executions
from audit.database_clock import DatabaseNow
from audit.executions import SYSTEM, By, LeaseLost, NotAllowed
from audit.models import AuditEvent, Execution, ExecutionEvent
from audit.states import ALLOWED, FINAL

SCOPE = "halden/freight/tracking"
ELI = By("u-eli", "eli", "ui")


def new(**fields: Any) -> executions.ExecutionView:
    values: dict[str, Any] = {
        "scope": SCOPE,
        "pipeline": "ship",
        "version": "3",
        "plan": {"pipeline": {"identifier": "ship", "n": 1.0}},
        "requested_by": "u-dana",
        "requested_name": "dana",
        "channel": "ui",
    }
    return executions.create(**{**values, **fields})


def running() -> executions.Lease:
    lease = executions.claim(new().id, "w1")
    assert lease
    executions.start(lease)
    return lease


def expire(lease: executions.Lease) -> None:
    Execution.objects.filter(id=lease.execution_id).update(lease_until=DatabaseNow() - timedelta(seconds=1))


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("recorded_at", "at").values_list("action", flat=True))


@pytest.mark.django_db
class TestLife:
    def test_a_run_is_claimed_started_and_finished_with_an_event_for_each_step(self) -> None:
        run = new()
        assert executions.queued() == [run.id]
        lease = executions.claim(run.id, "w1")
        assert lease is not None
        assert lease.fence == 1
        assert executions.start(lease).state == "running"
        executions.step(lease, "a", status="running", name="Compile", kind="Run")
        executions.step(lease, "a", status="succeeded")
        done = executions.finish(lease, "succeeded")
        assert (done.state, done.ended, done.fence) == ("succeeded", True, 1)
        assert done.started_at
        assert done.ended_at
        assert actions() == ["execution.leased", "execution.started", "execution.succeeded"]
        last = AuditEvent.objects.get(action="execution.succeeded")
        assert (last.on_behalf_of, last.actor_name, last.kind) == ("dana", "system", "execution")

    def test_numbers_count_within_a_pipeline(self) -> None:
        assert [new().number, new().number, new(pipeline="other").number] == [1, 2, 1]

    def test_the_plan_is_given_back_as_it_was_admitted(self) -> None:
        assert executions.plan_of(new().id) == {"pipeline": {"identifier": "ship", "n": 1.0}}

    def test_a_claimed_run_is_not_claimed_twice(self) -> None:
        run = new()
        assert executions.claim(run.id, "w1")
        assert executions.claim(run.id, "w2") is None

    def test_a_finished_run_takes_no_more_writes(self) -> None:
        lease = running()
        executions.finish(lease, "failed", reason="exit 1")
        for write in (
            lambda: executions.beat(lease),
            lambda: executions.step(lease, "a", status="running"),
            lambda: executions.event(lease, "note"),
            lambda: executions.finish(lease, "succeeded"),
        ):
            with pytest.raises(LeaseLost):
                write()

    def test_a_run_cannot_take_a_way_that_the_table_does_not_have(self) -> None:
        lease = executions.claim(new().id, "w1")
        assert lease
        with pytest.raises(NotAllowed, match="is leased; it cannot become succeeded"):
            executions.finish(lease, "succeeded")

    def test_steps_keep_their_order_their_times_and_their_data(self) -> None:
        lease = running()
        executions.step(lease, "b", status="running", name="B", data={"x": "1"})
        executions.step(lease, "a", status="running", name="A")
        executions.step(lease, "b", status="succeeded", data={"y": "2"})
        first, second = executions.steps(lease.execution_id)
        assert (first.path, first.name, first.status, first.data) == (
            "b",
            "B",
            "succeeded",
            {"x": "1", "y": "2"},
        )
        assert first.ended_at
        assert second.ended_at is None

    def test_the_history_is_read_behind_a_line(self) -> None:
        lease = running()
        executions.event(lease, "note", step="a", data={"text": "hello"})
        lines = executions.events(lease.execution_id, after=3)
        assert [(line.n, line.kind, line.step) for line in lines] == [(4, "note", "a")]


@pytest.mark.django_db
class TestWaiting:
    def test_a_waiting_run_holds_no_worker_and_an_answer_queues_it_again(self) -> None:
        lease = running()
        run = executions.wait(lease, "gate", waits_for={"groups": ["security"]})
        assert (run.state, run.lease_owner, run.lease_until) == ("waiting", "", None)
        with pytest.raises(LeaseLost):
            executions.beat(lease)
        [(waiting, step)] = executions.waiting(["halden"])
        assert (waiting.id, step.waits_for) == (run.id, {"groups": ["security"]})
        assert executions.waiting(["halden/other"]) == []
        executions.answer(run.id, "gate", status="approved", by=ELI, comment="fine")
        again = executions.claim(run.id, "w2")
        assert again is not None
        assert again.fence == 2
        [step] = executions.steps(run.id)
        assert (step.status, step.decisions[0]["actor_name"]) == ("approved", "eli")

    def test_a_step_that_needs_two_people_stays_waiting_after_one(self) -> None:
        lease = running()
        executions.wait(lease, "gate", waits_for={"minimum": 2})
        executions.answer(lease.execution_id, "gate", status="approved", by=ELI, done=False)
        run = executions.get(lease.execution_id)
        assert run
        assert run.state == "waiting"
        executions.answer(lease.execution_id, "gate", status="approved", by=By("u-sam", "sam", "ui"))
        assert executions.queued() == [lease.execution_id]

    def test_an_answer_nobody_waits_for_is_refused(self) -> None:
        lease = running()
        executions.step(lease, "gate", status="succeeded", name="Gate")
        with pytest.raises(NotAllowed, match="does not wait for an answer"):
            executions.answer(lease.execution_id, "gate", status="approved", by=ELI)
        with pytest.raises(executions.Unknown):
            executions.answer(lease.execution_id, "other", status="approved", by=ELI)

    def test_a_branch_may_be_answered_while_another_still_runs(self) -> None:
        lease = running()
        executions.step(lease, "gate", status="waiting", waits_for={"groups": ["x"]})
        executions.answer(lease.execution_id, "gate", status="rejected", by=ELI)
        with pytest.raises(NotAllowed, match="waits for anybody"):
            executions.wait(lease)
        assert executions.steps(lease.execution_id)[0].status == "rejected"

    def test_waiting_too_long_expires_the_run(self) -> None:
        lease = running()
        from audit.seal import database_now

        executions.wait(lease, "gate", until=database_now() - timedelta(seconds=1))
        assert executions.sweep() == [(lease.execution_id, "waiting", "expired")]


@pytest.mark.django_db
class TestLostWorkers:
    def test_a_lease_in_time_is_left_alone(self) -> None:
        running()
        assert executions.sweep() == []

    def test_a_lost_worker_gives_the_run_to_another_and_is_fenced_out(self) -> None:
        lease = running()
        executions.step(lease, "a", status="running", repeatable="yes")
        expire(lease)
        assert executions.sweep() == [(lease.execution_id, "running", "queued")]
        other = executions.claim(lease.execution_id, "w2")
        assert other
        executions.start(other)
        with pytest.raises(LeaseLost):
            executions.step(lease, "a", status="succeeded")
        assert executions.steps(lease.execution_id)[0].status == "queued"

    def test_a_run_whose_step_must_not_repeat_waits_for_a_decision(self) -> None:
        lease = running()
        executions.step(lease, "deploy", status="running", repeatable="no")
        expire(lease)
        assert executions.sweep() == [(lease.execution_id, "running", "needs_decision")]
        run = executions.get(lease.execution_id)
        assert run
        assert "deploy" in run.reason
        assert executions.resolve(run.id, "queued", ELI).state == "queued"
        assert executions.steps(run.id)[0].status == "queued"

    def test_a_cancelled_run_of_a_lost_worker_ends_as_cancelled(self) -> None:
        lease = running()
        executions.request_cancel(lease.execution_id, ELI)
        assert executions.beat(lease).cancel_requested
        expire(lease)
        assert executions.sweep()[0][2] == "cancelled"

    def test_a_run_that_kills_its_workers_is_given_up(self) -> None:
        run = new()
        for _ in range(5):
            lease = executions.claim(run.id, "w")
            assert lease
            executions.start(lease)
            expire(lease)
            executions.sweep()
        found = executions.get(run.id)
        assert found
        assert (found.state, found.reason) == ("failed", "5 workers were lost in this run")

    def test_a_worker_lost_before_it_started_only_queues_the_run(self) -> None:
        lease = executions.claim(new().id, "w1")
        assert lease
        expire(lease)
        assert executions.sweep() == [(lease.execution_id, "leased", "queued")]

    def test_a_beat_prolongs_the_lease(self) -> None:
        lease = running()
        expire(lease)
        executions.beat(lease)
        assert executions.sweep() == []


@pytest.mark.django_db
class TestCancelling:
    def test_a_queued_run_ends_at_once_in_the_name_of_who_cancelled(self) -> None:
        run = executions.request_cancel(new().id, ELI)
        assert run.state == "cancelled"
        event = AuditEvent.objects.get(action="execution.cancelled")
        assert (event.actor_name, event.on_behalf_of) == ("eli", "dana")

    def test_an_ended_run_cannot_be_cancelled(self) -> None:
        run = executions.request_cancel(new().id, ELI)
        with pytest.raises(NotAllowed, match="already ended"):
            executions.request_cancel(run.id, ELI)


@pytest.mark.django_db
class TestDatabaseGuards:
    @pytest.mark.parametrize("old", sorted(ALLOWED))
    def test_the_database_refuses_transitions_that_the_table_does_not_have(self, old: str) -> None:
        for to in sorted(set(ALLOWED) - {old}):
            with transaction.atomic():
                run = Execution(
                    scope="a", pipeline="p", version="1", number=1, state=old, plan={}, plan_digest="d"
                )
                run.requested_by = run.requested_name = run.channel = "x"
                run.save(force_insert=True)
                change = Execution.objects.filter(id=run.id)
                if to in ALLOWED[old]:
                    assert change.update(state=to) == 1
                else:
                    with pytest.raises(DatabaseError, match="audit"), transaction.atomic():
                        change.update(state=to)
                transaction.set_rollback(True)

    def test_final_states_have_no_way_out(self) -> None:
        assert all(not ALLOWED[state] for state in FINAL)

    def test_fence_and_plan_never_go_back(self) -> None:
        lease = running()
        rows = Execution.objects.filter(id=lease.execution_id)
        for change in ({"fence": 0}, {"plan_digest": "other"}):
            with pytest.raises(DatabaseError, match="audit"), transaction.atomic():
                rows.update(**change)

    def test_history_lines_are_written_once(self) -> None:
        run = new()
        with pytest.raises(DatabaseError, match="audit"), transaction.atomic():
            ExecutionEvent.objects.filter(execution_id=run.id).update(kind="other")


@pytest.mark.django_db
def test_lists_are_scoped_and_paged_by_key() -> None:
    for _ in range(7):
        new()
    new(scope="halden/other/thing")
    assert executions.page([]).executions == []
    assert len(executions.page(["halden"]).executions) == 8
    first = executions.page(["halden/freight"], size=3)
    second = executions.page(["halden/freight"], size=3, before=first.older)
    third = executions.page(["halden/freight"], size=3, before=second.older)
    numbers = [run.number for page in (first, second, third) for run in page.executions]
    assert numbers == [7, 6, 5, 4, 3, 2, 1]
    assert (first.newer, third.older) == ("", "")
    back = executions.page(["halden/freight"], size=3, after=third.newer)
    assert [run.number for run in back.executions] == [4, 3, 2]
    assert executions.get(first.executions[0].id, ["halden/other"]) is None


def test_many_workers_racing_claim_each_run_once(own_database: None) -> None:
    ids = [new().id for _ in range(6)]
    won: list[tuple[str, str]] = []

    def work(name: str) -> None:
        for run in ids:
            lease = executions.claim(run, name)
            if lease:
                won.append((run, name))
        connection.close()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(run for run, _ in won) == sorted(ids)


def test_creating_runs_at_once_gives_each_its_own_number(own_database: None) -> None:
    numbers: list[int] = []

    def work() -> None:
        numbers.extend(new().number for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 21))


def test_the_worker_acts_in_the_name_of_who_asked() -> None:
    assert SYSTEM.actor_name == "system"
