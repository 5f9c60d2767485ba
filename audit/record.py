"""The one insert of an audit event."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection

from audit import actions, clock
from audit.ids import new_id
from audit.masking import mask_data, mask_text
from audit.models import AuditEvent, AuditPending
from audit.verify import GIVEN, canonical, canonical_json

OUTCOMES: Final = (
    "admitted",
    "denied",
    "not_found",
    "invalid",
    "blocked",
    "conflict",
    "gate_unavailable",
)
CHANNELS: Final = frozenset({"ui", "api", "mcp", "cli", "git", "admin", "schedule", "system", "plugin"})
# Details beyond this are cut, and say so: the version holds the source, the event holds the fact.
MOST_DATA_BYTES: Final = 256 * 1024
MOST_DIFF_CHARACTERS: Final = 64 * 1024
MOST_TEXT_CHARACTERS: Final = 2_000
# What an insert gives; the database's clock fills in the rest.
_COLUMNS: Final = [
    str(field.column)
    for field in AuditEvent._meta.concrete_fields
    if field.name not in ("recorded_at", "shown_at")
]


def record(
    *,
    action: str,
    outcome: str,
    resource: str,
    scope: str,
    actor_id: str,
    actor_name: str,
    channel: str,
    on_behalf_of: str = "",
    ai: Mapping[str, Any] | None = None,
    ai_generated: bool = False,
    data: Mapping[str, Any] | None = None,
    before_digest: str = "",
    after_digest: str = "",
    evaluation: str = "",
    epochs: Mapping[str, Any] | None = None,
    request_id: str = "",
    ip: str = "",
) -> AuditEvent:
    """Insert one event and, last of all, its pending row, in the caller's transaction.

    resource: `kind:scope/identifier`; scope: `account/organization/project` or a part of it;
    data: plain JSON, without source text; secrets in it are masked, floats become text.
    Raises ValueError for an unknown action or outcome, RuntimeError outside a transaction.
    """
    actions.check(action)
    if outcome not in OUTCOMES:
        raise ValueError(f"unknown audit outcome {outcome!r}; known ones: {', '.join(OUTCOMES)}")
    if not connection.in_atomic_block:
        raise RuntimeError(f"record({action!r}) must run in the transaction of what it records")
    event = AuditEvent(
        id=new_id(),
        at=clock.now(),
        clock="demo" if clock.is_demo() else "",
        actor_id=_text(actor_id),
        actor_name=_text(actor_name),
        on_behalf_of=_text(on_behalf_of),
        channel=_text(channel),
        action=action,
        outcome=outcome,
        kind=_text(resource).partition(":")[0],
        resource=_text(resource),
        scope=_text(scope),
        ai_generated=bool(ai_generated),
        ai=_json(ai or {}),
        evaluation=_text(evaluation),
        request_id=_text(request_id),
        ip=_text(ip),
        before_digest=_digest(before_digest),
        after_digest=_digest(after_digest),
        data=_json(data or {}),
        epochs=_json(epochs or {}),
    )
    event.account, event.organization, event.project = scope_columns(event.scope)
    event.digest = hashlib.sha256(canonical(texts_of(event, GIVEN))).hexdigest()
    if event.clock:
        event.shown_at = event.at
    _insert(event)
    return event


def _insert(event: AuditEvent) -> None:
    """The event, and last of all its pending row; on PostgreSQL in one statement, half the time of two."""
    if connection.vendor != "postgresql":
        event.save(force_insert=True)
        AuditPending.objects.bulk_create([AuditPending(event_id=event.id)])
        return
    names = [*_COLUMNS, "shown_at"] if event.clock else _COLUMNS
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH event AS (INSERT INTO audit_auditevent ({columns}) VALUES ({marks})"  # noqa: S608 (our own column names)
            " RETURNING id, recorded_at, shown_at),"
            " pending AS (INSERT INTO audit_auditpending (event_id) SELECT id FROM event)"
            " SELECT recorded_at, shown_at FROM event",
            [getattr(event, name) for name in names],
        )
        event.recorded_at, event.shown_at = cursor.fetchone()
    event._state.adding, event._state.db = False, connection.alias


def scope_columns(scope: str) -> tuple[str, str, str]:
    """Account, organization and project of a scope path; "" where the path ends before."""
    parts = [*scope.split("/", 2), "", ""]
    return parts[0], parts[1], parts[2]


def instant(at: datetime) -> str:
    """A time as it is hashed and exported: UTC, a fraction without trailing zeros, `Z`."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return f"{text.rstrip('0') if '.' in text else text}Z"


def texts_of(event: AuditEvent, names: tuple[str, ...]) -> list[str]:
    """The texts of a stored event that are hashed, in the order of `names`."""
    texts = []
    for name in names:
        value = getattr(event, name)
        if isinstance(value, datetime):
            value = instant(value)
        elif isinstance(value, bool):
            value = "true" if value else "false"
        texts.append(str(value))
    return texts


def digest_of(content: str | bytes) -> str:
    """SHA-256 of a text (UTF-8) or of bytes, as 64 hex digits."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def text_diff(before: str, after: str) -> str:
    """A unified diff for `data["diff"]`; a long one is cut and says how much is missing."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > 40_000:
        return f"(no diff: {len(old)} and {len(new)} lines are too many to compare)"
    diff = "\n".join(difflib.unified_diff(old, new, "before", "after", lineterm=""))
    return _cut(diff, MOST_DIFF_CHARACTERS)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}\n(… {len(text) - most} characters cut)"


def _clean(text: str) -> str:
    """Text that every database can keep: NUL and half surrogates become visible signs."""
    return text.replace("\0", "␀").encode("utf-8", "replace").decode()


def _text(value: object) -> str:
    return _cut(mask_text(_clean(str(value))), MOST_TEXT_CHARACTERS)


def _digest(value: str) -> str:
    if value and not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z:_-]{0,199}", value):
        raise ValueError(f"{value[:80]!r} is not a digest")
    return value


def _plain(value: Any) -> Any:
    """JSON without surprises: no floats, no huge integers, no dates but as text."""
    if isinstance(value, Mapping):
        return {_clean(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) <= 2**53 else str(value)
    if isinstance(value, datetime):
        return instant(value)
    return _clean(str(value))


def _json(value: Mapping[str, Any]) -> str:
    masked = _plain(mask_data(value))
    if isinstance(masked.get("diff"), str):
        masked["diff"] = _cut(masked["diff"], MOST_DIFF_CHARACTERS)
    text = canonical_json(masked)
    if len(text.encode()) <= MOST_DATA_BYTES:
        return text
    kept = {key: item for key, item in masked.items() if len(canonical_json(item)) <= MOST_DATA_BYTES // 32}
    kept["cut"] = f"details of {len(text.encode())} bytes were cut; kept what is small"
    kept["sha256"] = digest_of(text)
    return canonical_json(kept)
