"""Whether the assistant may be used here: inherited, decided, or locked from above."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import rbac
from governance.kinds import Change
from governance.models import Scope
from governance.settings_kind import setting_for
from portal.web import doors, verdict
from portal.web.settings.tabs import tabs

NAME = "ai_enabled"


@doors.door
def page(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_setting", scope.path)
    if request.method == "POST":
        fields = {"value": request.POST.get("value") == "on", "locked": request.POST.get("locked") == "yes"}
        change = Change(
            "save", "setting", scope.path, NAME, fields=fields, idempotency_key=request.POST.get("key", "")
        )
        here = reverse("settings_ai", args=[scope.dotted])
        return doors.admit_or_render(
            request,
            change,
            done=lambda done: redirect(here),
            again=lambda out: _show(request, scope, out, change),
        )
    return _show(request, scope)


def _show(
    request: HttpRequest, scope: Scope, refused: doors.Outcome | None = None, change: Change | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "tabs": tabs(scope, "settings_ai"),
        "setting": setting_for(scope, NAME),
        "model": settings.OPENAI_MODEL,
        "endpoint": settings.OPENAI_BASE_URL,
        "may": rbac.holds(doors.actor_of(request), "administer_setting", scope),
        "key": doors.one_time_key(),
    }
    if refused is not None and refused.refused is not None and change is not None:
        context["verdict"] = verdict.of_refusal(
            refused.refused, change, what="The switch", who=request.user.display_name, verb="changed"
        )
    status = refused.status if refused else 200
    return doors.page(
        request, "web/settings/ai.html", context, scope=scope, section="settings", status=status
    )
