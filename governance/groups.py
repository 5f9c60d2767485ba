"""Kind user_group: people who are granted, and who approve, together."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import Group
from pydantic import Field

from governance import kinds
from governance.actor import Actor
from governance.errors import Conflict, Invalid, NotFound
from governance.fields import Fields, read
from governance.kinds import Applied, Change, Kind, Prepared, Verb
from governance.models import Epoch, RoleBinding, Scope, User, UserGroup


class GroupFields(Fields):
    name: str = Field(min_length=1, max_length=128)
    description: str = Field(default="", max_length=2000)
    members: list[str] = Field(default_factory=list, max_length=5000)


def _prepare(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(GroupFields, change)
    found = {u.username: u for u in User.objects.filter(username__in=wanted.members, is_active=True)}
    missing = sorted(set(wanted.members) - set(found))
    if missing:
        raise Invalid([f"members: no active person named {name!r}" for name in missing])
    if actor.user.username in wanted.members and not _is_member(change, scope, actor):
        raise Invalid(["members: nobody adds themselves to a group; ask somebody else to do it"])
    return Prepared(extra=(wanted, list(found.values())))


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
    touched = {*found.group.user_set.all(), *people}
    found.group.user_set.set(people)
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
