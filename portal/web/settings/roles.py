"""One role: what it allows. Shipped roles are shown, own ones changed and deleted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import access_query, rbac
from governance.access_query import RoleView
from governance.errors import NotFound
from governance.kinds import Change
from governance.models import Scope
from governance.roles import known_permissions
from portal.web import doors
from portal.web.settings import forms


@doors.door
def role(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """GET shows a role, "new" an empty form; POST saves or deletes it."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_setting", scope.path)
    found = next((r for r in access_query.roles(actor, scope.path) if r.identifier == identifier), None)
    if found is None and identifier != "new":
        raise NotFound(f"no role {identifier!r} in {scope.path}")
    if request.method != "POST":
        return _form(request, scope, found)
    change = _change(request, scope, found)
    here = reverse("settings", args=[scope.dotted])
    return doors.admit_or_render(
        request, change, done=lambda done: redirect(here),
        again=lambda out: _form(request, scope, found, out, change),
    )  # fmt: skip


def _change(request: HttpRequest, scope: Scope, found: RoleView | None) -> Change:
    name = found.identifier if found else request.POST.get("identifier", "")
    where = found.scope if found else scope.path
    key = request.POST.get("key", "")
    if request.POST.get("do") == "delete":
        return Change("delete", "role", where, name, idempotency_key=key)
    fields = {
        "name": request.POST.get("name", ""),
        "description": request.POST.get("description", ""),
        "permissions": request.POST.getlist("permission"),
    }
    return Change("save", "role", where, name, fields=fields, idempotency_key=key)


def _form(
    request: HttpRequest,
    scope: Scope,
    found: RoleView | None,
    refused: doors.Outcome | None = None,
    change: Change | None = None,
) -> HttpResponse:
    actor = doors.actor_of(request)
    given: dict[str, Any] = {"name": "", "description": "", "permissions": ()}
    if found:
        given = {"name": found.name, "description": found.description, "permissions": found.permissions}
    if change is not None and change.verb == "save":
        given = {**change.fields, "identifier": change.identifier}
    mine = found is None or (found.scope == scope.path and not found.managed)
    context: dict[str, Any] = {
        "role": found,
        "given": given,
        "may_save": mine and rbac.holds(actor, "edit_role", scope),
        "may_delete": mine and found is not None and rbac.holds(actor, "delete_role", scope),
        "nouns": _by_noun(set(given["permissions"]), rbac.permissions(actor, scope)),
        "key": doors.one_time_key(),
    }
    return forms.shown(request, "web/settings/role.html", context, scope, refused, change, what="The role")


def _by_noun(chosen: set[str], held: frozenset[str]) -> list[tuple[str, list[tuple[str, bool, bool]]]]:
    """(what it is about, [(permission, chosen, held by who asks)]): nobody gives what they lack."""
    found: dict[str, list[tuple[str, bool, bool]]] = {}
    for permission in sorted(known_permissions()):
        noun = permission.partition("_")[2].replace("_", " ")
        found.setdefault(noun, []).append((permission, permission in chosen, permission in held))
    return sorted(found.items())
