"""A person's own API tokens: made, shown once, revoked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from governance.errors import Invalid
from portal import tokens
from portal.web import doors, shell
from portal.web.settings.tabs import tabs


@doors.door
def page(request: HttpRequest) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = shell.last_scope(request, actor)
    context: dict[str, Any] = {"tabs": tabs(scope, "tokens") if scope else []}
    status = 200
    if request.method == "POST" and request.POST.get("do") == "revoke":
        tokens.revoke(actor, request.POST.get("token", ""))
        return redirect("tokens")
    if request.method == "POST":
        days = request.POST.get("days", "")
        try:
            made, secret = tokens.create(
                actor, request.POST.get("name", ""), int(days) if days.isdigit() else 0
            )
            context |= {"made": made, "secret": secret}
        except Invalid as error:
            context["problem"], status = str(error), 422
    context["rows"] = tokens.mine(actor)
    return doors.page(
        request, "web/settings/tokens.html", context, scope=scope, section="settings", status=status
    )
