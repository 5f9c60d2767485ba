"""Put log-in, log-out and refused log-ins on the trail."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver

from audit.record import record
from governance import access_query
from portal.clients import ip_of


def _write(action: str, outcome: str, request: Any, user: Any, data: dict[str, Any]) -> None:
    name = user.get_username() if user else str(data.get("name", ""))[:150]
    with transaction.atomic():
        record(
            action=action,
            outcome=outcome,
            resource=f"session:{name}",
            scope=access_query.account_path(),
            actor_id=str(user.pk) if user else "",
            actor_name=name,
            channel="ui",
            ip=ip_of(request) if request else "",
            data=data,
        )


@receiver(user_logged_in)
def logged_in(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    _write("session.log_in", "admitted", request, user, {})


@receiver(user_logged_out)
def logged_out(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    if user is not None:
        _write("session.log_out", "admitted", request, user, {})


@receiver(user_login_failed)
def log_in_refused(sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
    _write("session.log_in_failed", "denied", request, None, {"name": credentials.get("username", "")})
