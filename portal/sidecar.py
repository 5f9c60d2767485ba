"""The engine's two addresses: bundles, handed out the moment they change, and what it reports of itself."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import close_old_connections

from governance import outside, publishing
from governance.actor import Actor, Channel
from governance.engines.answers import BUNDLE
from governance.engines.opa_config import IN_FORCE_PATH
from governance.errors import Denied, NotFound, Refused
from portal import plainly, tokens
from portal.plainly import Receive, Scope, Send

T = TypeVar("T")

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.05
LONGEST_WAIT_S = 60.0
MAX_REPORT_BYTES = 4 * 1024 * 1024
BLOCK_BYTES = 256 * 1024
# This content type tells OPA that waiting is understood: it then asks again at once instead of after a while.
BUNDLES_TYPE = b"application/vnd.openpolicyagent.bundles"

# A thread of its own with a connection of its own: waiting sidecars take none from the pages.
_database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sidecar-database")
# Checkers outside wait in another, so that they never hold up the engine that gates.
_others = ThreadPoolExecutor(max_workers=2, thread_name_prefix="bundle-database")


@dataclass(frozen=True, slots=True)
class Held:
    """A bundle somebody may have: what it is known by now, and its bytes at that revision."""

    revision: Callable[[], str]
    archive: Callable[[str], bytes]
    look_every_s: float = 1.0
    pool: ThreadPoolExecutor = _others


OURS = Held(
    lambda: publishing.offered(), lambda revision: publishing.archive_of(revision), LOOK_EVERY_S, _database
)

IN_FORCE = Held(
    lambda: publishing.gate_state().pinned, lambda revision: publishing.archive_of(revision), pool=_database
)


async def bundles(scope: Scope, receive: Receive, send: Send) -> None:
    """GET /bundles/portal.tar.gz and in-force.tar.gz for our sidecars, <scope>.tar.gz for others with an API token.

    The bundle, or 304 after the wait that was asked for.
    """
    if scope["method"] != "GET":
        return await _say(send, 405, "only GET")
    try:
        held = _for_ours(scope) if _is_ours(scope) else await _ask(lambda: _held_for(scope), _others)
    except Refused as refusal:
        return await _say(send, 404 if isinstance(refusal, NotFound) else 403, str(refusal))
    if held is None:
        return await _say(send, 401, "a bearer token is needed")
    known = _header(scope, b"if-none-match").strip('"')
    try:
        revision = await _newer_than(held, known, _wait_s(scope), receive)
        archive = (
            await _ask(lambda: held.archive(revision), held.pool) if revision not in {"", known} else b""
        )
    except Refused as refusal:
        return await _say(send, 404 if isinstance(refusal, NotFound) else 403, str(refusal))
    except Exception:
        log.exception("the bundle could not be read")
        return await _say(send, 503, "the bundle could not be read")
    if not revision:
        return await _say(send, 404, "no bundle is published yet")
    headers = [
        (b"content-type", BUNDLES_TYPE), (b"etag", b'"%b"' % revision.encode()),
        (b"cache-control", b"private, no-cache"), (b"x-content-type-options", b"nosniff"),
    ]  # fmt: skip
    if revision == known:
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return None
    headers.append((b"content-length", str(len(archive)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for start in range(0, len(archive), BLOCK_BYTES):
        block = archive[start : start + BLOCK_BYTES]
        await send({"type": "http.response.body", "body": block, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def status(scope: Scope, receive: Receive, send: Send) -> None:
    """POST /opa/status: which revision a sidecar has loaded, or why it could not."""
    if scope["method"] != "POST":
        return await _say(send, 405, "only POST")
    if not _is_ours(scope):
        return await _say(send, 401, "a bearer token is needed")
    try:
        name, revision, error = read_report(json.loads(await _body(receive)))
    except (ValueError, RecursionError):
        return await _say(send, 400, "not a status report")
    try:
        await _ask(lambda: publishing.report(name, revision, error))
    except Exception:
        log.exception("a sidecar's report could not be kept")
        return await _say(send, 503, "the report could not be kept")
    return await _say(send, 200, "")


def read_report(report: Any) -> tuple[str, str, str]:
    """(sidecar, active revision, error) of a status report. Raises ValueError for another shape."""
    if not isinstance(report, dict):
        raise ValueError("a status report is an object")
    labels = report.get("labels") or {}
    bundle = (report.get("bundles") or {}).get(BUNDLE) or {}
    if not isinstance(labels, dict) or not isinstance(bundle, dict):
        raise ValueError("a status report has labels and bundles")
    name = str(labels.get("sidecar") or labels.get("id") or "sidecar")
    error = str(bundle.get("message") or "") if bundle.get("code") else ""
    details = bundle.get("errors") or []
    if error and isinstance(details, list):
        error = "; ".join([error, *(_detail(d) for d in details[:5])])
    return name, str(bundle.get("active_revision") or ""), error


def _detail(found: Any) -> str:
    """One error of a bundle, with the file it is in: a policy's is named after it."""
    if not isinstance(found, dict):
        return str(found)
    place = found.get("location")
    file = str(place.get("file") or "") if isinstance(place, dict) else ""
    message = str(found.get("message", found))
    return f"{file}: {message}" if file else message


def _for_ours(scope: Scope) -> Held:
    return IN_FORCE if scope["path"] == IN_FORCE_PATH else OURS


def _held_for(scope: Scope) -> Held | None:
    """The bundle that the address names, for the holder of an API token; None without one.

    Raises NotFound, Denied. Rights are asked for again at every look while the caller waits.
    """
    kind, _, secret = _header(scope, b"authorization").partition(" ")
    token = tokens.holder_of(secret.strip()) if kind.lower() == "bearer" else None
    if token is None:
        return None
    name = re.fullmatch(r"/bundles/([\w.-]+)\.tar\.gz", str(scope["path"]))
    if name is None:
        raise NotFound("a bundle is at /bundles/<scope>.tar.gz")
    path = name[1].replace(".", "/")

    def actor() -> Actor:
        holder = tokens.holder_of(secret.strip())
        if holder is None:
            raise Denied("this token is no longer valid")
        return Actor(user=holder.user, channel=Channel.API, session=f"token:{holder.pk}")

    outside.revision(actor(), path)
    return Held(lambda: outside.revision(actor(), path), lambda _: outside.archive(actor(), path)[1])


async def _newer_than(held: Held, known: str, wait_s: float, receive: Receive) -> str:
    """The offered revision as soon as it is another than `known`, else `known` when the wait is over."""
    ends = time.monotonic() + wait_s
    gone = asyncio.create_task(_until_gone(receive))
    try:
        while True:
            offered = await _ask(held.revision, held.pool)
            if offered != known or time.monotonic() >= ends or gone.done():
                return offered
            await asyncio.sleep(held.look_every_s)
    finally:
        gone.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def _wait_s(scope: Scope) -> float:
    found = re.search(r"\bwait=(\d{1,4})\b", _header(scope, b"prefer"))
    return min(float(found[1]), LONGEST_WAIT_S) if found else 0.0


def _is_ours(scope: Scope) -> bool:
    expected = f"Bearer {settings.OPA_TOKEN}"
    return hmac.compare_digest(_header(scope, b"authorization").encode(), expected.encode())


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def _body(receive: Receive) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ValueError("the sidecar left")
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_REPORT_BYTES:
            raise ValueError("the report is too long")
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def _ask(question: Callable[[], T], pool: ThreadPoolExecutor | None = None) -> T:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(pool or _database, _with_fresh_connection, question)


def _with_fresh_connection(question: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return question()
    finally:
        close_old_connections()


async def _say(send: Send, code: int, text: str) -> None:
    await plainly.say(
        send, code, text, (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")
    )
