"""Who may see, use or change one template or policy alone, beside what roles give; granted and revoked here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import access_query, grant_query, rbac
from governance.kinds import Change
from governance.models import Scope
from portal.web import doors
from portal.web.settings import forms


@doors.door
def page(request: HttpRequest, dotted: str, kind: str, identifier: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    if request.method == "POST":
        return _do(request, scope, kind, identifier)
    return _show(request, scope, kind, identifier)


def _do(request: HttpRequest, scope: Scope, kind: str, identifier: str) -> HttpResponse:
    """Grant or revoke one permission, as one change."""
    fields = {name: request.POST.get(name, "") for name in ("permission", "principal")}
    change = Change(
        request.POST.get("do", ""), "object_grant", scope.path, f"{kind}.{identifier}",
        fields=fields, idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip
    here = reverse("object_grants", args=[scope.dotted, kind, identifier])
    return doors.admit_or_render(
        request,
        change,
        done=lambda done: redirect(here),
        again=lambda out: _show(request, scope, kind, identifier, out, change),
    )


def _show(
    request: HttpRequest, scope: Scope, kind: str, identifier: str,
    refused: doors.Outcome | None = None, change: Change | None = None,
) -> HttpResponse:  # fmt: skip
    actor = doors.actor_of(request)
    found = grant_query.on_object(actor, scope.path, kind, identifier)
    context: dict[str, Any] = {
        "found": found,
        "back": _address(scope, kind, identifier),
        "groups": access_query.groups(actor, scope.path),
        "people": access_query.people(actor),
        "may_grant": rbac.holds(actor, "edit_object_grant", scope),
        "given": dict(change.fields) if change else {},
        "key": doors.one_time_key(),
    }
    section = "policies" if kind == "policy" else "catalogue"
    return forms.shown(
        request,
        "web/settings/grants.html",
        context,
        scope,
        refused,
        change,
        what="The grant",
        verb="changed",
        section=section,
    )


def _address(scope: Scope, kind: str, identifier: str) -> str:
    """The object's own page; a kind that a plugin brings has none that we know of."""
    if kind == "policy":
        return reverse("policy", args=[scope.dotted, identifier])
    if kind == "template":
        return reverse("template", args=[scope.dotted, identifier])
    return reverse("settings", args=[scope.dotted])
