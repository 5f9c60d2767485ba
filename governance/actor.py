"""Who is asking, and through which door. There is no default and no None."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Channel(StrEnum):
    UI = "ui"
    API = "api"
    CLI = "cli"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person and their door.

    user   a saved `governance.User`
    ai     provenance of what is being changed, from a stored Proposal and never from a request:
           {"mode": "model"|"deterministic", "model", "conversation", "prompt_sha256"}; empty = by hand
    """

    user: Any
    channel: Channel
    ai: dict[str, str] = field(default_factory=dict)
    request_id: str = ""
    ip: str = ""
    session: str = ""

    @property
    def ai_generated(self) -> bool:
        return bool(self.ai)

    def with_ai(self, ai: dict[str, str]) -> Actor:
        return replace(self, ai=ai)

    def audit_fields(self) -> dict[str, Any]:
        return {
            "actor_id": str(self.user.pk),
            "actor_name": self.user.get_username(),
            "channel": self.channel.value,
            "ai_generated": self.ai_generated,
            "ai": self.ai,
            "request_id": self.request_id,
            "ip": self.ip,
        }
