"""Start-up checks of what would make the write path untrue."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register


@register(Tags.database)
def no_transaction_around_requests(app_configs: Any, **kwargs: Any) -> list[Error]:
    if any(d.get("ATOMIC_REQUESTS") for d in settings.DATABASES.values()):
        return [
            Error(
                "ATOMIC_REQUESTS must be off: a refusal is recorded in its own transaction,"
                " and no transaction may be open while policy is asked",
                id="portal.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def sqlite_is_for_trying_out(app_configs: Any, **kwargs: Any) -> list[Warning | Error]:
    engine = settings.DATABASES["default"]["ENGINE"]
    if settings.PRODUCTION and "sqlite" in engine:
        return [
            Error(
                "production needs PostgreSQL: whoever owns a SQLite file can drop its append-only triggers",
                hint="set DATABASE_URL=postgresql://…",
                id="portal.E002",
            )
        ]
    return []
