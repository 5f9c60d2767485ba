"""The engine's two addresses: who may use them, how long a bundle is waited for, what a report says."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from governance import publishing
from governance.engines.opa_config import IN_FORCE_PATH
from governance.models import Bundle, GateState, SidecarReport
from portal import sidecar
from tests.audit.conftest import own_database

__all__ = ["own_database"]

TOKEN = "only-for-tests"


@pytest.fixture(autouse=True)
def _known(own_database: None, settings: Any) -> Iterator[None]:
    settings.OPA_TOKEN = TOKEN
    offer("r1", 1)
    yield
    sidecar._database.submit(lambda: connection.close()).result()


def offer(revision: str, serial: int) -> None:
    Bundle.objects.create(
        revision=revision, serial=serial, sha256="0", archive=f"archive {revision}".encode()
    )
    GateState.objects.update_or_create(name="gate", defaults={"pending": revision})


def call(
    app: Any,
    method: str = "GET",
    body: bytes = b"",
    token: str = TOKEN,
    leave_after: float = 30.0,
    path: str = "/",
    **headers: str,
) -> tuple[int, dict[str, str], bytes]:
    """One request; (status, headers, body)."""
    sent: list[Any] = []
    given = {"authorization": f"Bearer {token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    request = {
        "type": "http", "method": method, "path": path,
        "headers": [(k.encode(), v.encode()) for k, v in given.items()],
    }  # fmt: skip
    messages = [{"type": "http.request", "body": body}]

    async def receive() -> Any:
        if messages:
            return messages.pop()
        await asyncio.sleep(leave_after)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(request, receive, send))
    found = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(m.get("body", b"") for m in sent[1:])


@pytest.mark.parametrize("app", [sidecar.bundles, sidecar.status])
def test_nobody_without_the_token_is_answered(app: Any) -> None:
    method = "GET" if app is sidecar.bundles else "POST"
    assert call(app, method, token="another")[0] == 401
    assert call(app, method, token="")[0] == 401
    assert call(app, "DELETE")[0] == 405


def test_a_bundle_comes_with_its_revision_and_the_type_that_allows_waiting() -> None:
    code, headers, body = call(sidecar.bundles)
    assert (code, headers["etag"], body) == (200, '"r1"', b"archive r1")
    assert headers["content-type"] == "application/vnd.openpolicyagent.bundles"


def test_the_bundle_in_force_is_there_beside_one_on_its_way_and_only_for_our_engines() -> None:
    assert call(sidecar.bundles, path=IN_FORCE_PATH)[0] == 404
    GateState.objects.update(pinned="r1", pending="")
    offer("r2", 2)
    code, headers, body = call(sidecar.bundles, path=IN_FORCE_PATH)
    assert (code, headers["etag"], body) == (200, '"r1"', b"archive r1")
    assert call(sidecar.bundles)[2] == b"archive r2"
    assert call(sidecar.bundles, path=IN_FORCE_PATH, token="another")[0] == 401


def test_a_known_bundle_is_waited_for_and_then_not_sent_again() -> None:
    started = time.monotonic()
    code, headers, body = call(sidecar.bundles, if_none_match='"r1"', prefer="modes=snapshot,delta;wait=1")
    assert (code, headers["etag"], body) == (304, '"r1"', b"")
    assert 0.9 < time.monotonic() - started < 3


def test_a_new_bundle_ends_the_wait_at_once() -> None:
    def later() -> None:
        time.sleep(0.3)
        offer("r2", 2)
        connection.close()

    thread = threading.Thread(target=later)
    started = time.monotonic()
    thread.start()
    code, _, body = call(sidecar.bundles, if_none_match='"r1"', prefer="wait=20")
    thread.join()
    assert (code, body) == (200, b"archive r2")
    assert time.monotonic() - started < 3


def test_a_sidecar_that_leaves_is_not_waited_for() -> None:
    started = time.monotonic()
    call(sidecar.bundles, if_none_match='"r1"', prefer="wait=20", leave_after=0.2)
    assert time.monotonic() - started < 3


def test_a_report_is_kept_with_its_revision_or_its_error() -> None:
    good = {"labels": {"sidecar": "one"}, "bundles": {"portal": {"active_revision": "r1"}}}
    assert call(sidecar.status, "POST", json.dumps(good).encode())[0] == 200
    bad = {
        "labels": {"id": "two"},
        "bundles": {
            "portal": {
                "active_revision": "r0",
                "code": "bundle_error",
                "message": "verification failed",
                "errors": [{"message": "wrong key"}],
            }
        },
    }
    assert call(sidecar.status, "POST", json.dumps(bad).encode())[0] == 200
    rows = {r.sidecar: (r.revision, r.error) for r in SidecarReport.objects.all()}
    assert rows == {"one": ("r1", ""), "two": ("r0", "verification failed; wrong key")}
    assert {r.sidecar for r in publishing.heard()} == {"one", "two"}


@pytest.mark.parametrize("body", [b"", b"[]", b"not JSON", b'{"labels": 3}', b"[" * 100_000])
def test_what_is_no_report_is_refused(body: bytes) -> None:
    assert call(sidecar.status, "POST", body)[0] == 400
    assert not SidecarReport.objects.exists()
