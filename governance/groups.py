"""Kind user_group: people who are granted, and who approve, together."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q
from pydantic import Field

from governance import given_rights, kinds, rbac
from governance.actor import Actor
from governance.errors import Conflict, Denied, Invalid, NotFound
from governance.fields import Fields, read, refuse_bad_name
from governance.kinds import Applied, Change, Kind, Prepared, Verb
from governance.models import Epoch, RoleBinding, Scope, User, UserGroup


class GroupFields(Fields):
    name: str = Field(min_length=1, max_length=128)
    description: str = Field(default="", max_length=2000)
    members: list[str] = Field(default_factory=list, max_length=5000)


def named(reference: str, scope: Scope) -> UserGroup | None:
    """The group that `security_team`, `org.security_team` or `account.security_team` names, seen from a scope."""
    prefix, _, rest = reference.partition(".")
    homes, identifier = list(scope.chain_ids), reference
    if rest and prefix in ("account", "org"):
        above = scope.account_id if prefix == "account" else scope.organization_id
        homes, identifier = [above or scope.pk], rest
    found = UserGroup.objects.filter(scope_id__in=homes, identifier=identifier)
    return min(found, key=lambda group: homes.index(group.scope_id), default=None)


def _prepare(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(GroupFields, change)
    refuse_bad_name(change.identifier)
    _refuse_same_name(change.identifier, scope)
    found = {u.username: u for u in User.objects.filter(username__in=wanted.members, is_active=True)}
    missing = sorted(set(wanted.members) - set(found))
    if missing:
        raise Invalid([f"members: no active person named {name!r}" for name in missing])
    if actor.user.username in wanted.members and not _is_member(change, scope, actor):
        raise Invalid(["members: nobody adds themselves to a group; ask somebody else to do it"])
    _refuse_more_than_held(change, scope, actor, set(wanted.members))
    return Prepared(extra=(wanted, list(found.values())))


def _refuse_same_name(identifier: str, scope: Scope) -> None:
    """Approvals and policies name a group, often without its scope: one name must mean one group."""
    if UserGroup.objects.filter(scope=scope, identifier=identifier).exists():
        return
    near = Q(scope__in=scope.chain_ids) | Q(scope__organization=scope) | Q(scope__account=scope)
    taken = UserGroup.objects.filter(near, identifier=identifier).select_related("scope").first()
    if taken is not None:
        raise Invalid(
            [
                f"identifier: there is a group {identifier} in {taken.scope.path}; what it may approve could"
                " be approved by yours, so choose another identifier"
            ]
        )


def _refuse_more_than_held(change: Change, scope: Scope, actor: Actor, members: set[str]) -> None:
    """Whoever is added gets what the group holds, so adding takes holding it."""
    group = (
        UserGroup.objects.filter(scope=scope, identifier=change.identifier).select_related("group").first()
    )
    added = sorted(members - set(group.group.user_set.values_list("username", flat=True))) if group else []
    if group is None or not added:
        return
    for permission, where in _held_by(group):
        if not rbac.holds(actor, permission, where):
            raise Denied(
                f"You may not add {', '.join(added)} to {group.identifier}: the group holds {permission} in"
                f" {where.path}, and you do not.",
                permission=permission,
                scope=where.path,
            )


def _held_by(group: UserGroup) -> Iterator[tuple[str, Scope]]:
    """Every permission of a group with where it holds: by role bindings, and on single objects."""
    bindings = RoleBinding.objects.filter(user_group=group).select_related("scope", "role")
    for binding in bindings:
        for permission in binding.role.permissions.order_by("permission").values_list(
            "permission", flat=True
        ):
            yield permission, binding.scope
    for kind in kinds.known().values():
        if kind.takes_object_grants:
            model: Any = kind.model
            grants = model.group_grants.rel.related_model._default_manager.filter(group=group.group)
            for grant in grants.select_related("permission", "content_object__scope"):
                yield grant.permission.codename, grant.content_object.scope


def _is_member(change: Change, scope: Scope, actor: Actor) -> bool:
    rows = UserGroup.objects.filter(scope=scope, identifier=change.identifier, group__user=actor.user)
    return bool(rows.exists())


def _save(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted, people = prepared.extra
    found = UserGroup.objects.filter(scope=scope, identifier=change.identifier).first()
    before = _text(found) if found else ""
    if found is None:
        group = Group.objects.create(name=str(uuid.uuid4()))
        found = UserGroup(scope=scope, identifier=change.identifier, group=group)
    found.name, found.description = wanted.name, wanted.description
    found.save()
    held = set(found.group.user_set.all())
    touched = {*held, *people}
    found.group.user_set.set(people)
    given_rights.note([given_rights.member(found.pk, u.pk) for u in people if u not in held], actor)
    Epoch.bump([f"user:{u.pk}" for u in touched])
    return Applied(version="", before=before, after=_text(found))


def _delete(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    found = UserGroup.objects.filter(scope=scope, identifier=change.identifier).first()
    if found is None:
        raise NotFound(f"no user group {change.identifier!r} in {scope.path}")
    if RoleBinding.objects.filter(user_group=found).exists():
        raise Conflict(f"{found.name} still holds role bindings; revoke them first")
    before = _text(found)
    Epoch.bump([f"user:{u.pk}" for u in found.group.user_set.all()])
    found.group.delete()
    return Applied(version="", before=before)


def _text(group: UserGroup) -> str:
    members = ", ".join(sorted(group.group.user_set.values_list("username", flat=True)))
    return f"name: {group.name}\ndescription: {group.description}\nmembers: {members}"


USER_GROUP = kinds.register(
    Kind(
        name="user_group",
        title="User group",
        plural="User groups",
        model=UserGroup,
        inherited=True,
        verbs={
            "save": Verb("edit_user_group", _save, _prepare),
            "delete": Verb("delete_user_group", _delete),
        },
    )
)
