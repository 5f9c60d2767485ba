"""Who gave whom the right to decide: nobody decides by a right that whoever asks for the decision gave them meanwhile.

A right is a path of steps: a role binding, the permission in its role and, where a group is bound, the membership;
or a grant on the object, and the membership. Each step is kept with who made it last, and when. What was made before
steps were kept, and what founding an account makes, was given by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from audit import clock
from governance import kinds, rbac
from governance.actor import Actor
from governance.errors import Denied
from governance.models import GivenRight, RoleBinding, Scope, User, UserGroup


def member(group: UUID, user: UUID) -> str:
    return f"member {group} {user}"


def bound(binding: UUID) -> str:
    return f"bound {binding}"


def in_role(role: UUID, permission: str) -> str:
    return f"role {role} {permission}"


def on_object(kind: str, key: UUID, permission: str, principal: UUID) -> str:
    return f"object {kind} {key} {permission} {principal}"


def note(steps: Iterable[str], giver: Actor) -> None:
    """Keep who made these steps, as part of the change that makes them."""
    for step in steps:
        made = {"giver": giver.user, "at": clock.now()}
        GivenRight.objects.update_or_create(step=step, defaults=made)


def refuse_given(
    actor: Actor,
    permission: str,
    scope: Scope,
    *,
    by: Iterable[str],
    since: datetime,
    what: str,
    kind: str = "",
    identifier: str = "",
) -> None:
    """Raises Denied when the actor holds a permission only because one of these people, or they themselves, gave it.

    by     ids of people who may not decide
    since  what they gave before then counts
    what   that is decided: "version 3 of x"
    """
    givers = {*map(UUID, by), actor.user.pk}
    rows = GivenRight.objects.filter(giver__in=givers, at__gte=since).select_related("giver")
    given = {row.step: row.giver for row in rows}
    ways = list(_ways(actor, permission, scope, kind, identifier)) if given else []
    if not ways or any(not way & given.keys() for way in ways):
        return
    names = sorted({_name(given[step], actor) for way in ways for step in way & given.keys()})
    raise Denied(
        f"You may not decide about {what} by a right that {' and '.join(names)} gave you after work on it began."
        f" Somebody else who holds {permission} in {scope.path} must do it, or somebody who has no part in it gives"
        " you the right.",
        permission=permission,
        scope=scope.path,
    )


def let_in_by(user: User, groups: Iterable[UUID], *, by: str, since: datetime) -> set[UUID]:
    """Of these groups, those that somebody let a person into at that time or later."""
    steps = {member(group, user.pk): group for group in groups}
    rows = GivenRight.objects.filter(step__in=steps, giver=UUID(by), at__gte=since)
    return {steps[step] for step in rows.values_list("step", flat=True)}


def _name(giver: User, actor: Actor) -> str:
    return "you yourself" if giver.pk == actor.user.pk else giver.display_name


def _ways(
    actor: Actor, permission: str, scope: Scope, kind: str, identifier: str
) -> Iterator[frozenset[str]]:
    """The steps of every way in which the actor holds the permission now."""
    held = rbac.bindings(actor.user).filter(
        scope_id__in=scope.chain_ids, role__permissions__permission=permission
    )
    for binding in held.distinct():
        yield frozenset({bound(binding.pk), in_role(binding.role_id, permission), *_through(binding, actor)})
    found = kinds.known().get(kind)
    if found is not None and found.takes_object_grants:
        yield from _ways_on_object(actor, found, permission, scope, identifier)


def _through(binding: RoleBinding, actor: Actor) -> list[str]:
    return [member(binding.user_group_id, actor.user.pk)] if binding.user_group_id else []


def _ways_on_object(
    actor: Actor, kind: kinds.Kind, permission: str, scope: Scope, identifier: str
) -> Iterator[frozenset[str]]:
    model: Any = kind.model
    target = model._default_manager.filter(scope=scope, identifier=identifier).first()
    if target is None:
        return
    if target.user_grants.filter(user=actor.user, permission__codename=permission).exists():
        yield frozenset({on_object(kind.name, target.pk, permission, actor.user.pk)})
    grants = target.group_grants.filter(group__user=actor.user, permission__codename=permission)
    for group in UserGroup.objects.filter(group__in=grants.values("group")):
        granted = on_object(kind.name, target.pk, permission, group.pk)
        yield frozenset({granted, member(group.pk, actor.user.pk)})
