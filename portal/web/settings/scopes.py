"""Organizations and projects below a scope, and making one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import access_query, rbac
from governance.kinds import Change
from portal.web import doors
from portal.web.settings import forms
from portal.web.settings.tabs import tabs

BELOW = {"account": "organization", "organization": "project"}


@doors.door
def page(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_setting", scope.path)
    kind = BELOW.get(scope.level, "")
    if request.method == "POST" and kind:
        fields = {"name": request.POST.get("name", ""), "description": request.POST.get("description", "")}
        change = Change(
            "save", kind, scope.path, request.POST.get("identifier", ""), fields=fields,
            idempotency_key=request.POST.get("key", ""),
        )  # fmt: skip
        here = reverse("settings_scopes", args=[scope.dotted])
        return doors.admit_or_render(
            request, change, done=lambda done: redirect(here),
            again=lambda out: _show(request, scope, kind, out, change),
        )  # fmt: skip
    return _show(request, scope, kind)


def _show(
    request: HttpRequest,
    scope: Any,
    kind: str,
    refused: doors.Outcome | None = None,
    change: Change | None = None,
) -> HttpResponse:
    actor = doors.actor_of(request)
    below = [
        s for s in access_query.scopes(actor) if s.path == scope.path or s.path.startswith(f"{scope.path}/")
    ]
    context: dict[str, Any] = {
        "tabs": tabs(scope, "settings_scopes"),
        "rows": below,
        "kind": kind,
        "may": bool(kind) and rbac.holds(actor, f"edit_{kind}", scope),
        "given": dict(change.fields) if change else {},
        "identifier": change.identifier if change else "",
        "key": doors.one_time_key(),
    }
    return forms.shown(
        request, "web/settings/scopes.html", context, scope, refused, change, what=f"The {kind}"
    )
