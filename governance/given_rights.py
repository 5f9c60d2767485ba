"""Who gave whom the right to decide: nobody decides by a right that whoever asks for the decision gave them meanwhile.

A right is a path of steps: a role binding, the permission in its role and, where a group is bound, the membership;
or a grant on the object, and the membership. Each step is kept with who made it last, and when. What was made before
steps were kept, and what founding an account makes, was given by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided: by which permission, where; `of` is the object, ("policy", "named"), where it takes grants.

    by     ids of people who may not decide, and so do not choose who does
    since  what they gave before then counts
    """

    what: str
    permission: str
    scope: Scope
    by: Iterable[str]
    since: datetime
    of: tuple[str, str] = ("", "")


def refuse_given(actor: Actor, decision: Decision) -> None:
    """Raises Denied when the actor may decide only because one of these people, or they themselves, gave the right."""
    if why := why_given(actor, decision):
        raise Denied(why, permission=decision.permission, scope=decision.scope.path)


def why_given(actor: Actor, decision: Decision) -> str:
    """The same as a sentence, "" when nothing stands against it."""
    ways = list(_ways(actor, decision))
    givers = {*map(UUID, decision.by), actor.user.pk}
    rows = GivenRight.objects.filter(
        step__in=frozenset().union(*ways), giver__in=givers, at__gte=decision.since
    ).select_related("giver")
    given = {row.step: _name(row.giver, actor) for row in rows}
    if not given or not all(way & given.keys() for way in ways):
        return ""
    return (
        f"You may not decide about {decision.what} by a right that {' and '.join(sorted(set(given.values())))} gave"
        f" you after work on it began. Somebody else who holds {decision.permission} in {decision.scope.path} must do"
        " it, or somebody who has no part in it gives you the right."
    )


def let_in_by(user: User, groups: Iterable[UUID], *, by: str, since: datetime) -> set[UUID]:
    """Of these groups, those that somebody let a person into at that time or later."""
    steps = {member(group, user.pk): group for group in groups}
    rows = GivenRight.objects.filter(step__in=steps, giver=UUID(by), at__gte=since)
    return {steps[step] for step in rows.values_list("step", flat=True)}


def _name(giver: User, actor: Actor) -> str:
    return "you yourself" if giver.pk == actor.user.pk else giver.display_name


def _ways(actor: Actor, decision: Decision) -> Iterator[frozenset[str]]:
    """The steps of every way in which the actor holds the permission now."""
    permission = decision.permission
    held = rbac.bindings(actor.user).filter(
        scope_id__in=decision.scope.chain_ids, role__permissions__permission=permission
    )
    for binding in held.distinct():
        yield frozenset({bound(binding.pk), in_role(binding.role_id, permission), *_through(binding, actor)})
    yield from _ways_on_object(actor, decision)


def _through(binding: RoleBinding, actor: Actor) -> list[str]:
    return [member(binding.user_group_id, actor.user.pk)] if binding.user_group_id else []


def _ways_on_object(actor: Actor, decision: Decision) -> Iterator[frozenset[str]]:
    kind = kinds.known().get(decision.of[0])
    if kind is None or not kind.takes_object_grants:
        return
    model: Any = kind.model
    target = model._default_manager.filter(scope=decision.scope, identifier=decision.of[1]).first()
    if target is None:
        return
    permission = decision.permission
    if target.user_grants.filter(user=actor.user, permission__codename=permission).exists():
        yield frozenset({on_object(kind.name, target.pk, permission, actor.user.pk)})
    grants = target.group_grants.filter(group__user=actor.user, permission__codename=permission)
    for group in UserGroup.objects.filter(group__in=grants.values("group")):
        granted = on_object(kind.name, target.pk, permission, group.pk)
        yield frozenset({granted, member(group.pk, actor.user.pk)})
