"""Streams of runs: who may watch, that nothing is lost or said twice, and that the signed-out are cut off."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from audit import executions
from audit.logs import LogWriter
from audit.wiring import log_store
from governance.models import RoleBinding
from portal.web import feeds, streams
from tests import people
from tests.audit.conftest import own_database

__all__ = ["own_database"]


@pytest.fixture
def stage(own_database, tmp_path, settings, monkeypatch):
    """A running run of dana's with an open log; threads that know this test's database only."""
    settings.LOG_STORE_DIR = tmp_path / "logs"
    pool = ThreadPoolExecutor(max_workers=3)
    monkeypatch.setattr(feeds, "_database", pool)
    cast = people.move_in()
    with transaction.atomic():
        made = executions.create(
            scope=people.PROJECT, pipeline="ship", version="1", plan={"pipeline": {"stages": []}},
            requested_by=str(cast.dana.pk), requested_name="dana", channel="ui",
        )  # fmt: skip
    lease = executions.claim(made.id, "w1")
    executions.start(lease)
    yield SimpleNamespace(cast=cast, run=made.id, lease=lease, writer=LogWriter(log_store(), lease, "one/a"))
    for _ in range(3):
        pool.submit(connection.close)
    pool.shutdown()


def signed_in(user) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


class Visit:
    """One request to the application, answered in this test's own loop."""

    def __init__(self, path: str, session: str, query: str = "", last: str = "") -> None:
        headers = [(b"cookie", f"sessionid={session}".encode())]
        if last:
            headers.append((b"last-event-id", last.encode()))
        self.scope = {
            "type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": headers,
        }  # fmt: skip
        self.sent: list = []
        self.left = asyncio.Event()

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    async def run(self, seconds: float = 10.0) -> None:
        async with asyncio.timeout(seconds):
            await streams.application(self.scope, self.receive, self.send)

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def body(self) -> str:
        return b"".join(m.get("body", b"") for m in self.sent[1:]).decode()

    @property
    def events(self) -> list:
        found = []
        for block in self.body.split("\n\n"):
            fields = dict(
                line.split(": ", 1) for line in block.splitlines() if ": " in line and line[0] != ":"
            )
            if "event" in fields:
                found.append((fields["event"], fields.get("id", ""), json.loads(fields["data"])))
        return found


def log_path(run: str) -> str:
    return f"/stream/executions/{run}/log"


def test_nobody_watches_without_a_session(stage):
    visit = Visit(log_path(stage.run), "")
    asyncio.run(visit.run())
    assert visit.status == 401


def test_a_stranger_is_told_there_is_no_such_run(stage):
    visit = Visit(log_path(stage.run), signed_in(stage.cast.sam))
    asyncio.run(visit.run())
    assert visit.status == 404


def test_a_log_is_followed_to_its_end_and_made_harmless(stage):
    session = signed_in(stage.cast.dana)
    stage.writer.write("stdout", b"first\n\x1b[31mred\x1b[0m\n")
    stage.writer.flush()

    async def watch():
        visit = Visit(log_path(stage.run), session, "step=one/a")
        following = asyncio.create_task(visit.run())
        await asyncio.sleep(0.5)
        await asyncio.to_thread(write_more, stage)
        await following
        return visit

    visit = asyncio.run(watch())
    text = "".join(data["text"] for name, _, data in visit.events if name == "log")
    assert text == "first\nred\nsecond\nthird"
    assert visit.events[-1][0] == "end"
    assert visit.events[-1][2]["complete"] is True


def write_more(stage):
    stage.writer.write("stdout", b"second\nthird")
    stage.writer.close()
    connection.close()


def test_after_a_broken_line_the_stream_goes_on_where_it_was(stage):
    session = signed_in(stage.cast.dana)
    stage.writer.write("stdout", b"one\ntwo\n")
    stage.writer.close()
    first = Visit(log_path(stage.run), session, "step=one/a")
    asyncio.run(first.run())
    assert first.events[0][1] == f"{stage.lease.fence}:8"
    again = Visit(log_path(stage.run), session, "step=one/a", last=f"{stage.lease.fence}:4")
    asyncio.run(again.run())
    assert [data["text"] for name, _, data in again.events if name == "log"] == ["two\n"]


def test_history_is_told_line_by_line_to_the_end(stage):
    session = signed_in(stage.cast.dana)
    executions.step(stage.lease, "one/a", status="running", name="a")
    executions.finish(stage.lease, "failed", reason="enough")
    visit = Visit(f"/stream/executions/{stage.run}/events", session)
    asyncio.run(visit.run())
    assert [data["kind"] for name, _, data in visit.events if name == "run"] == [
        "queued", "leased", "running", "step.running", "failed",
    ]  # fmt: skip
    assert visit.events[-1] == ("end", "", {"state": "failed", "reason": "enough"})


@pytest.mark.parametrize("why", ["deactivated", "signed out", "revoked"])
def test_whoever_may_no_longer_watch_is_cut_off_within_five_seconds(stage, why):
    session = signed_in(stage.cast.dana)

    async def watch():
        visit = Visit(log_path(stage.run), session, "step=one/a")
        following = asyncio.create_task(visit.run(5.5))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(take_away, stage, session, why)
        await following
        return visit

    visit = asyncio.run(watch())
    assert visit.events[-1][0] == "gone"


def take_away(stage, session, why):
    if why == "deactivated":
        type(stage.cast.dana).objects.filter(pk=stage.cast.dana.pk).update(is_active=False)
    elif why == "signed out":
        Session.objects.filter(pk=session).delete()
    else:
        RoleBinding.objects.filter(user=stage.cast.dana).delete()
    connection.close()


def test_polling_says_the_same_without_events(stage):
    stage.writer.write("stdout", b"one\ntwo\nhal")
    stage.writer.flush()
    visit = Visit(f"/stream/executions/{stage.run}/poll", signed_in(stage.cast.dana), "step=one/a&offset=4")
    asyncio.run(visit.run())
    answer = json.loads(visit.body)
    assert (answer["text"], answer["next"], answer["end"], answer["state"]) == ("two\n", 8, False, "running")


def test_a_character_is_never_cut_in_two():
    long = ("å" * 6000).encode()
    shown = streams.whole_lines(long[:-1], ended=False)
    assert shown.decode() == "å" * 5999
    assert streams.whole_lines(b"a\nb", ended=False) == b"a\n"
    assert streams.whole_lines(b"short", ended=False) == b""
