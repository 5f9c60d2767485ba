"""An event as other apps see it: a frozen value, never a model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit import actions
from audit.models import AuditEvent
from audit.record import instant
from audit.verify import FIELDS, JSON_FIELDS


@dataclass(frozen=True, slots=True)
class EventView:
    """One fact. `seq` and `leaf` are None until it is sealed."""

    id: str
    seq: int | None
    leaf: str | None
    at: datetime
    recorded_at: datetime
    shown_at: datetime
    clock: str
    actor_id: str
    actor_name: str
    on_behalf_of: str
    channel: str
    action: str
    outcome: str
    kind: str
    resource: str
    scope: str
    ai_generated: bool
    ai: Mapping[str, Any]
    evaluation: str
    request_id: str
    ip: str
    before_digest: str
    after_digest: str
    data: Mapping[str, Any]
    epochs: Mapping[str, Any]
    digest: str

    @property
    def sealed(self) -> bool:
        return self.seq is not None

    @property
    def sentence(self) -> str:
        """What the person did, in the words of the closed list."""
        return actions.sentence(self.action)

    @property
    def identifier(self) -> str:
        """The last part of the resource: what it is called."""
        return self.resource.rpartition("/")[2] if "/" in self.resource else self.resource.partition(":")[2]

    @property
    def skew_s(self) -> float:
        """How far the application's clock was ahead of the database's, in seconds; 0.0 for demo data."""
        return 0.0 if self.clock else (self.at - self.recorded_at).total_seconds()


def view_of(row: AuditEvent, seq: int | None = None, leaf: bytes | None = None) -> EventView:
    values = {name: getattr(row, name) for name in FIELDS}
    for name in JSON_FIELDS:
        values[name] = _object(values[name])
    values["id"] = str(row.id)
    return EventView(**values, seq=seq, leaf=leaf.hex() if leaf is not None else None)


def exported(event: EventView) -> dict[str, Any]:
    """An event as it stands in a JSONL export and in a bundle: enough to compute its leaf."""
    values: dict[str, Any] = {name: getattr(event, name) for name in FIELDS}
    for name in ("at", "recorded_at", "shown_at"):
        values[name] = instant(values[name])
    return {**values, "seq": event.seq, "leaf": event.leaf}


def _object(text: str) -> dict[str, Any]:
    """A JSON column; one that was tampered with is shown as the text it is now."""
    try:
        value = json.loads(text)
    except ValueError:
        return {"unreadable": text}
    return value if isinstance(value, dict) else {"unreadable": text}
