"""How large a share of what is stored a policy set may newly block before it must start in shadow mode."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import outside, rbac
from governance.errors import NotFound
from governance.kinds import Change
from governance.models import Scope
from governance.settings_kind import setting_for
from governance.shadow_first import SETTING
from portal.web import doors
from portal.web.settings import forms
from portal.web.settings.tabs import tabs


@doors.door
def page(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_setting", scope.path)
    if request.method != "POST":
        return _show(request, scope)
    said = request.POST.get("value", "")
    value = int(said) if said.isdigit() else said
    fields = {"value": value, "locked": request.POST.get("locked") == "yes"}
    change = Change(
        "save", "setting", scope.path, SETTING, fields=fields, idempotency_key=request.POST.get("key", "")
    )
    here = reverse("settings_gate", args=[scope.dotted])
    return doors.admit_or_render(
        request,
        change,
        done=lambda done: redirect(here),
        again=lambda out: _show(request, scope, out, change),
    )


def _outside(scope: Scope, portal: str) -> dict[str, str]:
    try:
        public_key = outside.public_key_pem()
    except NotFound as refusal:
        return {"no_bundle": str(refusal)}
    return {
        "bundle_address": f"{portal}/bundles/{scope.dotted}.tar.gz",
        "public_key": public_key,
        "configuration": json.dumps(outside.configuration(scope, portal), indent=2),
    }


def _show(
    request: HttpRequest, scope: Scope, refused: doors.Outcome | None = None, change: Change | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "tabs": tabs(scope, "settings_gate"),
        "setting": setting_for(scope, SETTING),
        "may": rbac.holds(doors.actor_of(request), "administer_setting", scope),
        "key": doors.one_time_key(),
        **_outside(scope, request.build_absolute_uri("/").rstrip("/")),
    }
    return forms.shown(
        request, "web/settings/gate.html", context, scope, refused, change, what="The setting", verb="changed"
    )
