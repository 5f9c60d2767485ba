"""`make run` as a person lives it: start, a page to sign in, parts that die and come back, a clean stop."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.supervising import tagged
from tests import running


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Portal]:
    with running.portal(DEMO="no") as ready:
        yield ready


# By a word of the command; the server for drafts is the same program as the web server, behind a socket.
PROGRAMS = ("drafts.sock", "granian", "celery", "keeper", "valkey-server")


def supervised(portal: running.Portal) -> dict[str, int]:
    """Program → process id of what the supervisor started directly."""
    (inner,) = _children(portal.process.pid)
    return {_program(pid): pid for pid in _children(inner)}


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _program(pid: int) -> str:
    line = Path(f"/proc/{pid}/cmdline").read_text()
    return next((name for name in PROGRAMS if name in line), "opa")


def test_whoever_comes_is_led_to_the_sign_in_page(fresh: running.Portal) -> None:
    status, page = fresh.get("/")
    assert status == 200
    assert re.search(r'<input[^>]*name="password"', page)


def test_a_form_reaches_django_and_is_answered(fresh: running.Portal) -> None:
    jar = http.cookiejar.CookieJar()
    visitor = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar)
    )
    address = fresh.address + "/accounts/login/"
    page = visitor.open(address, timeout=10).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "login": "nobody", "password": "not the password"}
    request = urllib.request.Request(  # noqa: S310 (our own address)
        address, urllib.parse.urlencode(form).encode(), {"Referer": address}
    )
    answer = visitor.open(request, timeout=10).read().decode()
    assert "not correct" in answer


def test_every_dependency_is_well(fresh: running.Portal) -> None:
    done = fresh.manage("doctor")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("program", ["opa", *PROGRAMS])
def test_a_part_that_is_killed_comes_back_without_help(fresh: running.Portal, program: str) -> None:
    victim = supervised(fresh)[program]
    os.kill(victim, signal.SIGKILL)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        again = supervised(fresh).get(program)
        if again not in (None, victim):
            break
        time.sleep(0.1)
    assert again not in (None, victim), f"{program} was not started again"
    fresh.wait_ready(90)


def test_a_taken_port_is_one_line(fresh: running.Portal, tmp_path: Path) -> None:
    port = fresh.address.rpartition(":")[2]
    second = running.start(tmp_path, PORT=port)
    assert second.process.wait(60) == 1
    said = (tmp_path / "supervisor.out").read_text().strip().splitlines()
    assert len(said) == 1
    assert f"Port {port} is taken" in said[0]
    assert "make run PORT=" in said[0]


def mark_of(portal: running.Portal) -> str:
    """What all its processes carry in their environment; one between fork and exec has none yet."""
    (inner,) = _children(portal.process.pid)
    for pid in _children(inner):
        for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
            if entry.startswith(tagged.VARIABLE.encode()):
                return entry.decode().partition("=")[2]
    raise AssertionError("no process carries the mark")


def test_a_later_start_takes_at_most_ten_seconds_and_stopping_leaves_nothing(fresh: running.Portal) -> None:
    """Last in this module: it stops the portal the others use.

    Ten seconds on a machine with nothing else to do: the better of two, and more where others compute too.
    """
    names = ("DEMO", "DATABASE_URL", "DATABASE_OWNER_URL")
    settings = {name: fresh.env[name] for name in names if name in fresh.env}
    running_now, took_s = fresh, []
    try:
        for _ in range(2):
            mark = mark_of(running_now)
            assert running_now.stop() == 0
            assert tagged.find(mark) == []
            began = time.monotonic()
            running_now = running.start(fresh.data, **settings)
            running_now.wait_ready()
            took_s.append(time.monotonic() - began)
    finally:
        running_now.stop()
    assert min(took_s) < 10 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
