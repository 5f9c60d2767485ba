"""The keeper: one round does everything once, one keeper leads, and trouble is said and survived."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as plain
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from audit.models import AuditPending
from governance import publishing, upkeep
from governance.models import Bundle, Idempotency
from portal import keys, tasks
from portal.management.commands import keeper
from tests import people
from tests.audit.conftest import own_database

__all__ = ["own_database"]


@pytest.fixture
def furnished(own_database: None, settings: Any, tmp_path: Path, monkeypatch: Any) -> Any:
    settings.DATA_DIR = tmp_path
    settings.AUDIT_SIGNING_KEY_FILE = tmp_path / "audit.pem"
    settings.BUNDLE_SIGNING_KEY_FILE = tmp_path / "bundle.pem"
    settings.AUDIT_WITNESS_FILE = tmp_path / "witness.txt"
    wanted = {
        "AUDIT_SIGNING_KEY_FILE": (settings.AUDIT_SIGNING_KEY_FILE, keys.new_ed25519),
        "BUNDLE_SIGNING_KEY_FILE": (settings.BUNDLE_SIGNING_KEY_FILE, keys.new_rsa),
    }
    keys.make_missing(wanted, production=False)
    monkeypatch.setattr(tasks, "wake_queued", lambda: 0)
    return people.move_in()


def test_one_round_publishes_seals_forgets_and_says_that_it_lives(furnished: Any) -> None:
    expired = timezone.now() - timedelta(days=1)
    Idempotency.objects.create(user=furnished.dana, route="x", key="k", body_sha256="0", expires_at=expired)
    assert AuditPending.objects.exists()
    call_command("keeper", "--once")
    assert Bundle.objects.get().revision == publishing.gate_state().pending
    assert not AuditPending.objects.exists()
    assert not Idempotency.objects.exists()
    alive = upkeep.heartbeat("keeper")
    assert (alive.alive, alive.trouble) == (True, "")


def test_trouble_of_one_job_stops_no_other_and_is_said(furnished: Any, monkeypatch: Any) -> None:
    def away() -> int:
        raise OSError("the message broker does not answer")

    monkeypatch.setattr(tasks, "wake_queued", away)
    call_command("keeper", "--once")
    assert not AuditPending.objects.exists()
    assert "the message broker does not answer" in upkeep.heartbeat("keeper").trouble


def test_a_job_that_failed_is_tried_again_and_its_trouble_ends() -> None:
    outcomes = [ValueError("once"), None]

    def work() -> None:
        if (outcome := outcomes.pop(0)) is not None:
            raise outcome

    job = keeper.Job("try", 0.0, work)
    job.run(time.monotonic())
    assert job.trouble == "try: ValueError: once"
    job.run(time.monotonic())
    assert len(outcomes) == 1, "it waits a second first"
    job.run(time.monotonic() + 2)
    assert job.trouble == ""


def test_a_keeper_nobody_heard_from_is_not_alive(furnished: Any) -> None:
    assert not upkeep.heartbeat("keeper").alive


@pytest.mark.slow
def test_only_one_keeper_leads_and_the_next_takes_over(furnished: Any) -> None:
    environment = {
        **os.environ,
        "DATA_DIR": str(plain.DATA_DIR),
        "DATABASE_URL": _address(),
        "AUDIT_SIGNING_KEY_FILE": str(plain.AUDIT_SIGNING_KEY_FILE),
        "BUNDLE_SIGNING_KEY_FILE": str(plain.BUNDLE_SIGNING_KEY_FILE),
        "AUDIT_WITNESS_FILE": str(plain.AUDIT_WITNESS_FILE),
        "BROKER_URL": "memory://",
    }
    connection.close()
    started = [
        subprocess.Popen([sys.executable, "manage.py", "keeper"], env=environment, cwd=plain.ROOT)
        for _ in range(2)
    ]
    try:
        wait_for(lambda: upkeep.heartbeat("keeper").alive)
        wait_for(Bundle.objects.exists)
        assert Bundle.objects.count() == 1, "two leaders would have made two"
        started[0].send_signal(signal.SIGKILL)
        started[0].wait()
        beat = upkeep.heartbeat("keeper").at
        wait_for(lambda: upkeep.heartbeat("keeper").at > beat)
    finally:
        for process in started:
            process.terminate()
            assert process.wait(10) in (0, -signal.SIGKILL, -signal.SIGTERM)


def _address() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    from urllib.parse import quote

    host = quote(str(database["HOST"]), safe="")
    login = f"{database['USER']}:{database['PASSWORD']}"
    return f"postgresql://{login}@{host}:{database['PORT'] or 5432}/{database['NAME']}"


def wait_for(seen: Any, timeout_s: float = 30.0) -> None:
    ends = time.monotonic() + timeout_s
    while not seen():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.1)
