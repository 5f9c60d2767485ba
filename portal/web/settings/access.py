"""Who may do what here, and why: bindings, groups, roles, and the chain that gives a person a right."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import access_query, rbac
from governance.kinds import Change
from governance.models import Scope
from governance.roles import known_permissions
from portal.web import doors
from portal.web.settings import forms
from portal.web.settings.tabs import tabs


@doors.door
def page(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_setting", scope.path)
    if request.method == "POST":
        return _do(request, scope)
    return _show(request, scope)


def _do(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Grant or revoke a role, as one change."""
    verb = request.POST.get("do", "")
    principal = request.POST.get("principal", "")
    fields: dict[str, Any] = {}
    identifier = request.POST.get("identifier", "")
    where = request.POST.get("scope", scope.path)
    if verb == "grant":
        fields = {"role": request.POST.get("role", ""), "principal": principal}
        if request.POST.get("ends_at"):
            fields["ends_at"] = f"{request.POST['ends_at']}T23:59:59Z"
        identifier = f"{fields['role']}_{principal.partition(':')[2]}"
    change = Change(
        verb, "role_binding", where, identifier, fields=fields, idempotency_key=request.POST.get("key", "")
    )
    here = reverse("settings", args=[scope.dotted])
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
        "tabs": tabs(scope, "settings"),
        "bindings": access_query.bindings(actor, scope.path),
        "groups": access_query.groups(actor, scope.path),
        "roles": access_query.roles(actor, scope.path),
        "people": access_query.people(actor),
        "permissions": sorted(known_permissions()),
        "may_bind": rbac.holds(actor, "edit_role_binding", scope),
        "may_see_bindings": rbac.holds(actor, "view_role_binding", scope),
        "may_role": rbac.holds(actor, "edit_role", scope),
        "may_group": rbac.holds(actor, "edit_user_group", scope),
        "key": doors.one_time_key(),
        "asked": {"who": request.GET.get("who", ""), "may": request.GET.get("may", "")},
    }
    if context["asked"]["who"] and context["may_see_bindings"]:
        asked = context["asked"]
        context["why"] = access_query.why(actor, asked["who"], asked["may"], scope.path)
        context["why_name"] = access_query.display_name(asked["who"])
    return forms.shown(
        request,
        "web/settings/access.html",
        context,
        scope,
        refused,
        change,
        what="The binding",
        verb="changed",
    )


@doors.door
def group(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """One user group with its members; "new" makes one."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "edit_user_group", scope.path)
    found = next((g for g in access_query.groups(actor, scope.path) if g.identifier == identifier), None)
    if request.method != "POST":
        return _group_form(request, scope, identifier, found)
    name = identifier if found else request.POST.get("identifier", "")
    fields = {
        "name": request.POST.get("name", ""),
        "description": request.POST.get("description", ""),
        "members": request.POST.getlist("member"),
    }
    where = found.scope if found else scope.path
    change = Change(
        "save", "user_group", where, name, fields=fields, idempotency_key=request.POST.get("key", "")
    )
    here = reverse("settings", args=[scope.dotted])
    return doors.admit_or_render(
        request, change, done=lambda done: redirect(here),
        again=lambda out: _group_form(request, scope, identifier, found, out, change),
    )  # fmt: skip


def _group_form(
    request: HttpRequest,
    scope: Scope,
    identifier: str,
    found: Any,
    refused: doors.Outcome | None = None,
    change: Change | None = None,
) -> HttpResponse:
    given = {"name": found.name, "description": found.description, "members": found.members} if found else {}
    if change is not None:
        given = {**change.fields, "identifier": change.identifier}
    members = set(given.get("members", ()))
    context: dict[str, Any] = {
        "group": found,
        "given": given,
        "people": [(u, n, u in members) for u, n in access_query.people(doors.actor_of(request))],
        "key": doors.one_time_key(),
    }
    return forms.shown(request, "web/settings/group.html", context, scope, refused, change, what="The group")
