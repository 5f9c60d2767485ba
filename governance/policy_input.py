"""What policies see: the document under its root, and `metadata` with the keys Harness uses plus ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Group

from audit import clock
from governance import kinds, rbac
from governance.actor import Actor
from governance.exempting import Granted
from governance.kinds import Change, Kind, Prepared
from governance.models import Scope, UserGroup

LEVELS = {"account": "account", "organization": "organization", "project": "project"}


def build(
    change: Change,
    scope: Scope,
    prepared: Prepared,
    actor: Actor,
    *,
    event: str,
    exemptions: Sequence[Granted] = (),
) -> Any:
    """The whole `input` of a policy for one change: {root: document, "metadata": {…}}, or the document alone."""
    kind = kinds.get(change.kind)
    if not kind.told or isinstance(prepared.document, list):
        return prepared.document
    said = metadata(change, kind, scope, prepared, actor, event=event)
    body = prepared.document if kind.whole else {kind.root or kind.name: prepared.document}
    return {**body, "metadata": {**said, "exemptions": [each.plain() for each in exemptions]}}


def metadata(
    change: Change, kind: Kind, scope: Scope, prepared: Prepared, actor: Actor, *, event: str
) -> dict[str, Any]:
    """`timestamp` is Unix seconds, by which freeze windows are decided: policies have no other clock."""
    user = actor.user
    return {
        "type": kind.package or kind.name,
        "action": event,
        "verb": change.verb,
        "identifier": change.identifier,
        "timestamp": int(clock.now().timestamp()),
        "principalIdentifier": str(user.pk),
        "principalType": "SERVICE_ACCOUNT" if user.service_account else "USER",
        "user": {
            "name": user.display_name,
            "email": user.email,
            "uuid": str(user.pk),
            "username": user.get_username(),
            "disabled": not user.is_active,
            "locked": False,
            "externallyManaged": False,
        },
        "userGroups": _groups(actor),
        "roleAssignmentMetadata": _roles(actor, scope),
        "projectMetadata": _project(scope),
        "ai": _ai(actor),
        "channel": actor.channel.value,
        "templates": prepared.templates,
    }


def _groups(actor: Actor) -> list[dict[str, Any]]:
    groups = Group.objects.filter(user=actor.user).values("pk")
    rows = UserGroup.objects.filter(group__in=groups).select_related("scope")
    return [
        {
            "identifier": g.identifier,
            "name": g.name,
            "scopeLevel": LEVELS[g.scope.level],
            # Harness lists members here; a decision needs to know of one only.
            "users": [str(actor.user.pk)],
        }
        for g in rows.order_by("scope__path", "identifier")
    ]


def _roles(actor: Actor, scope: Scope) -> list[dict[str, Any]]:
    held = rbac.bindings(actor.user).filter(scope_id__in=scope.chain_ids).distinct()
    rows = held.select_related("role", "scope").order_by("scope__path", "identifier")
    return [
        {
            "identifier": b.identifier,
            "roleIdentifier": b.role.identifier,
            "roleName": b.role.name,
            "roleScopeLevel": LEVELS[b.scope.level],
            "resourceGroupIdentifier": "_all_resources_including_child_scopes",
            "resourceGroupName": "All resources including child scopes",
            "managedRole": b.role.managed,
        }
        for b in rows
    ]


def _project(scope: Scope) -> dict[str, Any]:
    """The project, or the nearest thing to one where the change is not made in a project."""
    parts = scope.path.split("/")
    return {
        "identifier": scope.identifier if scope.level == Scope.Level.PROJECT else "",
        "name": scope.name if scope.level == Scope.Level.PROJECT else "",
        "orgIdentifier": parts[1] if len(parts) > 1 else "",
        "accountIdentifier": parts[0],
        "scope": scope.path,
        "modules": [],
        "tags": {},
    }


def _ai(actor: Actor) -> dict[str, Any]:
    """`generated` and `assisted` are both true for what a Proposal brought: no finer record is kept yet."""
    known = {k: str(actor.ai.get(k, "")) for k in ("mode", "model", "conversation", "prompt_sha256")}
    return {"generated": actor.ai_generated, "assisted": actor.ai_generated, **known}
