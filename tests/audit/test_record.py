"""An event is recorded once, whole, without secrets, and cannot be changed afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit import actions, clock, guards
from audit.masking import MASK, mask_data
from audit.models import AuditEvent, AuditLeaf, AuditPending, AuditTile, Checkpoint
from audit.record import OUTCOMES, digest_of, record, text_diff

Say = Callable[..., Any]


@pytest.mark.django_db
class TestRecording:
    def test_an_event_keeps_who_what_when_where_and_how(self, say: Say) -> None:
        event = say(
            outcome="blocked",
            on_behalf_of="cora",
            ai={"mode": "deterministic", "prompt_sha256": "ab"},
            ai_generated=True,
            data={"violations": [{"policy": "p", "line": 3}]},
            evaluation="ev-1",
            epochs={"u-dana": 4},
            request_id="req-1",
            ip="10.0.0.1",
        )
        kept = AuditEvent.objects.get(id=event.id)
        assert (kept.kind, kept.account, kept.organization, kept.project) == (
            "pipeline",
            "halden",
            "freight",
            "tracking",
        )
        assert json.loads(kept.data) == {"violations": [{"policy": "p", "line": 3}]}
        assert kept.ai_generated
        assert kept.shown_at == kept.recorded_at
        assert abs((kept.recorded_at - kept.at).total_seconds()) < 5
        assert AuditPending.objects.filter(event_id=event.id).exists()

    def test_the_pending_row_comes_last(self, say: Say) -> None:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            say()
        said = " ".join(query["sql"] for query in asked)
        assert said.count("INSERT INTO") == 2
        assert 0 < said.index("audit_auditevent") < said.index("audit_auditpending")

    @pytest.mark.parametrize("wrong", [{"action": "pipeline.sing"}, {"outcome": "ok"}])
    def test_unknown_words_are_refused_naming_the_known_ones(self, say: Say, wrong: dict[str, str]) -> None:
        with pytest.raises(ValueError, match=r"known ones: .*(pipeline\.save|admitted)"):
            say(**wrong)

    @pytest.mark.parametrize("outcome", OUTCOMES)
    def test_every_outcome_can_be_recorded(self, say: Say, outcome: str) -> None:
        assert say(outcome=outcome).outcome == outcome

    def test_secrets_in_details_are_masked(self, say: Say) -> None:
        pat = "ghp_" + "a" * 36
        event = say(
            data={
                "password": "hunter2",
                "auth": {
                    "api_key": "k",
                    "ref": "<+secrets.getValue('x')>",
                    "token": "<+secrets.getValue('x')>",
                },
                "text": f"pushed with {pat}",
                "url": "https://bob:pa55@example.org/x",
            },
            actor_name=f"robot {pat}",
        )
        text = event.data + event.actor_name
        assert not any(secret in text for secret in ("hunter2", pat, "pa55"))
        assert json.loads(event.data)["auth"]["token"] == "<+secrets.getValue('x')>"

    def test_text_that_no_database_can_keep_is_made_visible(self, say: Say) -> None:
        event = say(actor_name="a\0b\ud800", data={"k\0": "v\0", "f": 1.5, "n": 2**70})
        assert event.actor_name == "a␀b?"
        assert json.loads(event.data) == {"k␀": "v␀", "f": "1.5", "n": str(2**70)}

    def test_details_that_are_too_long_are_cut_and_say_so(self, say: Say) -> None:
        event = say(data={"summary": "short", "list": ["x" * 1000] * 400})
        assert json.loads(event.data)["summary"] == "short"
        assert "were cut" in json.loads(event.data)["cut"]

    def test_demo_events_say_that_their_clock_was_set(self, say: Say) -> None:
        with clock.demo() as demo:
            demo.set(datetime(2026, 9, 1, 12, tzinfo=UTC))
            event = say()
        event.refresh_from_db()
        assert event.clock == "demo"
        assert event.shown_at == event.at
        assert event.at.date().isoformat() == "2026-09-01"
        assert event.recorded_at.year >= 2026
        say()
        with pytest.raises(clock.TrailNotEmpty, match=r"pipeline\.save"), clock.demo():
            pass

    def test_only_demo_events_may_show_another_time_than_the_databases(self, say: Say) -> None:
        event = say()
        event.pk, event.shown_at = None, datetime(2020, 1, 1, tzinfo=UTC)
        import uuid

        event.id = uuid.uuid4()
        with pytest.raises(DatabaseError), transaction.atomic():
            event.save(force_insert=True)


def test_recording_outside_a_transaction_is_refused(own_database: None) -> None:
    with pytest.raises(RuntimeError, match="in the transaction of what it records"):
        record(
            action="pipeline.save", outcome="admitted", resource="pipeline:a/b", scope="a",
            actor_id="u", actor_name="u", channel="ui",
        )  # fmt: skip


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.fixture(autouse=True)
    def _facts(self, say: Say, sealed: Callable[..., int]) -> None:
        for _ in range(300):
            say()
        sealed()

    @pytest.mark.parametrize("model", [AuditEvent, AuditLeaf, Checkpoint, AuditTile])
    def test_rows_can_neither_be_changed_nor_deleted(self, model: Any) -> None:
        assert model.objects.exists()
        table, key = model._meta.db_table, model._meta.pk.column
        statements = [f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"]
        if connection.vendor == "postgresql":
            statements += [f"TRUNCATE {table}", f"TRUNCATE {table} CASCADE"]
        else:
            columns = ", ".join(field.column for field in model._meta.fields)
            statements.append(f"INSERT OR REPLACE INTO {table} SELECT {columns} FROM {table} LIMIT 1")
        for statement in statements:
            with (
                pytest.raises(DatabaseError, match="refused"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)

    def test_what_waits_for_its_seal_cannot_be_taken_away(self, say: Say) -> None:
        say()
        for statement in ("DELETE FROM audit_auditpending", "UPDATE audit_auditpending SET id = id + 1"):
            with (
                pytest.raises(DatabaseError, match="refused"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)

    def test_missing_guards_are_named(self) -> None:
        assert guards.missing_triggers() == []
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER audit_auditevent_frozen_update")
                assert guards.missing_triggers() == ["audit_auditevent_frozen_update"]
            else:
                cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_auditevent_frozen")
                assert guards.missing_triggers() == ["audit_auditevent_frozen"]


class TestActions:
    def test_every_action_reads_noun_verb_and_has_a_sentence(self) -> None:
        for name, sentence in actions.ACTIONS.items():
            assert actions.NAME.fullmatch(name)
            assert sentence.strip()

    def test_a_plugin_adds_an_action_and_a_clash_names_both_sides(self) -> None:
        actions.register("ticket.open", "opened a ticket", by="tickets")
        try:
            with pytest.raises(actions.ActionClash, match=r"other: .* by tickets"):
                actions.register("ticket.open", "x", by="other")
            with pytest.raises(actions.ActionClash, match="by portcullis"):
                actions.register("pipeline.save", "x", by="other")
        finally:
            actions.unregister("tickets")
        assert not actions.known("ticket.open")

    @pytest.mark.parametrize("name", ["Ticket.open", "ticket", "ticket.", "ticket.open.now", "a b.c"])
    def test_names_are_strict(self, name: str) -> None:
        with pytest.raises(actions.ActionClash):
            actions.register(name, "x", by="tickets")


def test_a_diff_shows_what_changed_and_is_capped() -> None:
    assert "+b: 2" in text_diff("a: 1\n", "a: 1\nb: 2\n")
    assert text_diff("same", "same") == ""
    long = text_diff("", "\n".join("x" * 50 for _ in range(5_000)))
    assert "characters cut" in long
    assert len(long) < 70_000
    assert "too many to compare" in text_diff("a\n" * 30_000, "b\n" * 30_000)


def test_digests_are_of_utf8() -> None:
    assert digest_of("é") == digest_of("é".encode())


def test_masking_leaves_words_that_only_look_like_names_of_secrets() -> None:
    data = {"tokens_used": 5, "secret_manager": "vault", "credentialsRef": "account.git", "token": ""}
    assert mask_data(data) == data
    assert mask_data({"client_secret": "x"}) == {"client_secret": MASK}
