"""Whether the assistant may be used here, and which model may draft: inherited, decided, or locked from above."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import rbac
from governance.exam import admitting, configured, query
from governance.kinds import Change
from governance.models import Scope
from governance.settings_kind import setting_for
from portal.web import doors
from portal.web.settings import exams, forms
from portal.web.settings.tabs import tabs

NAME = "ai_enabled"
# setting → what a refusal is about
WHAT = {NAME: "The switch", admitting.SETTING: "The model"}


@doors.door
def page(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_setting", scope.path)
    if request.method != "POST":
        return _show(request, scope)
    name = admitting.SETTING if request.POST.get("setting") == admitting.SETTING else NAME
    said = request.POST.get("value", "")
    value = said if name == admitting.SETTING else said == "on"
    fields = {"value": value, "locked": request.POST.get("locked") == "yes"}
    change = Change(
        "save", "setting", scope.path, name, fields=fields, idempotency_key=request.POST.get("key", "")
    )
    here = reverse("settings_ai", args=[scope.dotted])
    return doors.admit_or_render(
        request,
        change,
        done=lambda done: redirect(here),
        again=lambda out: _show(request, scope, out, change),
    )


def _show(
    request: HttpRequest, scope: Scope, refused: doors.Outcome | None = None, change: Change | None = None
) -> HttpResponse:
    actor = doors.actor_of(request)
    context: dict[str, Any] = {
        "tabs": tabs(scope, "settings_ai"),
        "setting": setting_for(scope, NAME),
        "admitted": setting_for(scope, admitting.SETTING),
        "choices": _choices(scope),
        "endpoint": configured.endpoint() if configured.model() else "",
        "has_key": bool(settings.OPENAI_API_KEY),
        "deadline_s": settings.ASSISTANT_DEADLINE_S,
        "may": rbac.holds(actor, "administer_setting", scope),
        "key": doors.one_time_key(),
        **exams.panel_context(request, scope),
    }
    return forms.shown(
        request,
        "web/settings/ai.html",
        context,
        scope,
        refused,
        change,
        what=WHAT[change.identifier] if change else "",
        verb="changed",
    )


def _choices(scope: Scope) -> list[dict[str, Any]]:
    """The models one can decide about here: the configured one, and the one that is admitted now."""
    asked = configured.model()
    names = dict.fromkeys([asked, str(setting_for(scope, admitting.SETTING).value)])
    return [
        {"name": name, "configured": name == asked, "exam": query.newest_of(scope, name)}
        for name in names
        if name
    ]
