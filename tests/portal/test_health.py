"""Each dependency is named when it is not well, with the way to repair it; nothing breaks on the way."""

from __future__ import annotations

import json
import math
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from audit.models import AuditPending
from portal import health, lately
from portal.celery import app


def test_a_check_that_breaks_counts_as_not_well() -> None:
    def broken() -> None:
        raise RuntimeError("nobody thought of this")

    (check,) = health.look((broken,))
    assert not check.ok
    assert "nobody thought of this" in check.problem
    assert check.repair


def test_a_key_that_others_can_read_is_named_with_the_command(tmp_path: Path, settings) -> None:
    for name in ("AUDIT_SIGNING_KEY_FILE", "BUNDLE_SIGNING_KEY_FILE"):
        file = tmp_path / name
        file.touch(mode=0o600)
        setattr(settings, name, file)
    settings.KEYS_DIR = tmp_path
    assert health.look((health.keys,))[0].ok
    os.chmod(tmp_path / "BUNDLE_SIGNING_KEY_FILE", 0o644)
    (check,) = health.look((health.keys,))
    assert check.repair == f"run: chmod 600 {tmp_path / 'BUNDLE_SIGNING_KEY_FILE'}"


def test_a_missing_sandbox_says_that_runs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.shutil, "which", lambda name: None)
    (check,) = health.look((health.sandbox,))
    assert "runs are refused" in check.problem
    assert "bubblewrap" in check.repair


@pytest.mark.django_db
def test_the_database_under_test_is_well() -> None:
    assert health.look((health.database, health.migrations)) == [
        health.Check("database", True),
        health.Check("migrations", True),
    ]


@pytest.mark.django_db
def test_readiness_names_what_is_missing_and_how_to_repair_stays_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broker() -> None:
        raise health._Wrong("the broker sleeps", "wake it")

    monkeypatch.setattr(health, "READY", (broker,))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "checks": [{"name": "broker", "ok": False, "problem": "the broker sleeps"}],
    }


def test_many_who_ask_at_once_are_told_what_one_look_found() -> None:
    looks = []

    def slow() -> None:
        looks.append(1)
        time.sleep(0.1)

    asked = lately.Lately((slow,))
    with ThreadPoolExecutor(16) as people:
        found = list(people.map(lambda _: asked.look(), range(64)))
    assert len(looks) == 1
    assert all(checks == [health.Check("slow", True)] for checks in found)


def test_who_asks_while_somebody_looks_waits_only_where_nothing_is_known_yet() -> None:
    go, begun, looks = threading.Event(), threading.Event(), []

    def hanging() -> None:
        looks.append(1)
        if len(looks) > 1:
            begun.set()
            go.wait(10)

    asked = lately.Lately((hanging,))
    first = asked.look()
    asked._at = -math.inf
    with ThreadPoolExecutor(1) as other:
        looking = other.submit(asked.look)
        assert begun.wait(10)
        assert asked.look() is first
        go.set()
        assert looking.result() is not first


def test_the_worker_is_asked_by_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes two connections of the ten there are, the second while it has the first."""
    under_way, most = [], []

    def broadcast(*_: Any, **__: Any) -> list[str]:
        under_way.append(1)
        most.append(len(under_way))
        time.sleep(0.01)
        under_way.pop()
        return ["pong"]

    monkeypatch.setattr(app.control, "broadcast", broadcast)
    with ThreadPoolExecutor(16) as people:
        list(people.map(lambda _: health.worker(), range(32)))
    assert set(most) == {1}


def test_being_alive_needs_no_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}


class TestMetrics:
    def test_without_a_token_only_this_machine_may_read_them(self, client: Client, settings) -> None:
        settings.METRICS_TOKEN = ""
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
            assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403

    def test_with_a_token_nobody_reads_them_without_it(self, client: Client, settings) -> None:
        settings.METRICS_TOKEN = "a-long-token"
        assert client.get("/metrics").status_code == 403
        assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
        assert client.get("/metrics", headers={"Authorization": "Bearer a-long-token"}).status_code == 200

    @pytest.mark.django_db
    def test_they_tell_of_gate_runs_and_trail(self, client: Client, cast: Any, settings) -> None:
        settings.METRICS_TOKEN = ""
        said = client.get("/metrics").content.decode()
        waiting = AuditPending.objects.count()
        assert waiting > 0
        for line in (
            f"portcullis_trail_pending_events {waiting}.0",
            'portcullis_gate_decisions_5m{status="unavailable"} 0.0',
            'portcullis_runs{state="waiting"} 0.0',
            "portcullis_keeper_alive 0.0",
        ):
            assert line in said


def test_the_doctor_ends_with_one_when_anything_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def disk() -> None:
        raise health._Wrong("full", "empty it")

    monkeypatch.setattr(health, "ALL", (disk,))
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("doctor", stdout=out)
    assert stop.value.code == 1
    assert "full" in out.getvalue()
    assert "empty it" in out.getvalue()


def test_the_doctor_speaks_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ALL", (health.python,))
    out = StringIO()
    call_command("doctor", "--json", stdout=out)
    assert json.loads(out.getvalue()) == [{"name": "python", "ok": True, "problem": "", "repair": ""}]
