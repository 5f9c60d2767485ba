"""Who gave whom the right to decide: nobody decides by a right that whoever asks for the decision gave them meanwhile.

A right is a path of steps: a role binding, the permission in its role and, where a group is bound, the membership;
or a grant on the object, and the membership. Each step is kept with who made it last, and when. What was made before
steps were kept, and what founding an account makes, was given by nobody.

Nor by a right from somebody else who could give it only because they gave that one something first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from audit import clock
from governance import kinds, rbac
from governance.actor import Actor
from governance.errors import Denied
from governance.models import GivenRight, RoleBinding, Scope, User, UserGroup

# Somebody and a permission.
Holding = tuple[UUID, str]


def member(group: UUID, user: UUID) -> str:
    return f"member {group} {user}"


def bound(binding: UUID) -> str:
    return f"bound {binding}"


def in_role(role: UUID, permission: str) -> str:
    return f"role {role} {permission}"


def on_object(kind: str, key: UUID, permission: str, principal: UUID) -> str:
    return f"object {kind} {key} {permission} {principal}"


# What making such a step takes, beside holding what is given.
GIVING = {
    "member": "edit_user_group", "bound": "edit_role_binding", "role": "edit_role",
    "object": "edit_object_grant",
}  # fmt: skip


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
    by: Collection[str]
    since: datetime
    of: tuple[str, str] = ("", "")


def refuse_given(actor: Actor, decision: Decision) -> None:
    """Raises Denied when the actor may decide only because one of these people, or they themselves, gave the right."""
    if why := why_given(actor, decision):
        raise Denied(why, permission=decision.permission, scope=decision.scope.path)


def why_given(actor: Actor, decision: Decision) -> str:
    """The same as a sentence, "" when nothing stands against it."""
    held = _held(actor.user, decision, frozenset({*map(UUID, decision.by), actor.user.pk}))
    if held.freely:
        return ""
    names = " and ".join(sorted({_name(giver, actor, decision) for giver in held.from_them.values()}))
    if not names:
        return ""
    return (
        f"You may not decide about {decision.what} by a right that {names} gave"
        f" you after work on it began. Somebody else who holds {decision.permission} in {decision.scope.path} must do"
        " it, or somebody who has no part in it gives you the right."
    )


def appointed_by(actor: Actor, decision: Decision) -> list[str]:
    """Names of those who may not decide and gave the actor, at whatever time, the right to."""
    ways = list(_ways(actor.user, decision))
    rows = GivenRight.objects.filter(
        step__in=frozenset().union(*ways), giver__in=list(map(UUID, decision.by))
    )
    given = {row.step: row.giver.display_name for row in rows.select_related("giver")}
    return sorted(set(given.values())) if all(way & given.keys() for way in ways) else []


def let_in_by(user: User, groups: Iterable[UUID], *, scope: Scope, by: str, since: datetime) -> set[UUID]:
    """Of these groups, those that somebody let a person into at that time or later, or had somebody let them."""
    decision = Decision("", GIVING["member"], scope, by=[by], since=since)
    steps = {member(group, user.pk): group for group in groups}
    return {steps[step] for step in _from_them(steps, decision, frozenset({UUID(by), user.pk}))}


@dataclass(frozen=True, slots=True)
class _Held:
    """Whether somebody holds a permission by steps that are nobody's favour; which are, and whose."""

    freely: bool
    from_them: dict[str, User]


def _held(user: User, decision: Decision, them: frozenset[UUID]) -> _Held:
    ways = list(_ways(user, decision))
    found = _from_them(frozenset().union(*ways), decision, them)
    return _Held(any(not way & found.keys() for way in ways), found)


def _from_them(steps: Iterable[str], decision: Decision, them: frozenset[UUID]) -> dict[str, User]:
    """The steps that these people made since, or others whom only they enabled to, each with who made it."""
    rows = _made_since(steps, decision)
    takes = {row.step: _takes(row, decision.permission) for row in rows if row.giver_id not in them}
    free = _free(frozenset().union(*takes.values()), decision, them)
    return {row.step: row.giver for row in rows if row.step not in takes or not takes[row.step] <= free}


def _made_since(steps: Iterable[str], decision: Decision) -> list[GivenRight]:
    rows = GivenRight.objects.filter(step__in=list(steps), at__gte=decision.since)
    return list(rows.select_related("giver"))


def _takes(row: GivenRight, permission: str) -> frozenset[Holding]:
    """What whoever made a step must hold to make it: the right to give, and what is given."""
    giving = GIVING[row.step.partition(" ")[0]]
    return frozenset({(row.giver_id, giving), (row.giver_id, permission)})


def _free(wanted: frozenset[Holding], decision: Decision, them: frozenset[UUID]) -> set[Holding]:
    """Who of these, and of those they depend on, holds what now without these people.

    Grown from what takes nobody's step: people who only enable each other are not among them, however many they are.
    """
    ways: dict[Holding, list[frozenset[Holding]]] = {}
    waiting = set(wanted)
    while waiting:
        one = waiting.pop()
        ways[one] = _needs(one, decision, them)
        waiting |= frozenset().union(*ways[one]) - ways.keys()
    free: set[Holding] = set()
    while more := {one for one, each in ways.items() if any(way <= free for way in each)} - free:
        free |= more
    return free


def _needs(one: Holding, decision: Decision, them: frozenset[UUID]) -> list[frozenset[Holding]]:
    """For each way in which somebody holds something: what those must hold who made steps of it since."""
    key, permission = one
    asked = replace(decision, permission=permission)
    ways = list(_ways(User.objects.get(pk=key), asked))
    rows = {row.step: row for row in _made_since(frozenset().union(*ways), asked)}
    made = [[rows[step] for step in way & rows.keys()] for way in ways]
    return [
        frozenset().union(*(_takes(row, permission) for row in each))
        for each in made
        if not any(row.giver_id in them for row in each)
    ]


def _name(giver: User, actor: Actor, decision: Decision) -> str:
    if giver.pk == actor.user.pk:
        return "you yourself"
    them = str(giver.pk) in decision.by
    return giver.display_name if them else f"{giver.display_name} (who could only because of them)"


def _ways(user: User, decision: Decision) -> Iterator[frozenset[str]]:
    """The steps of every way in which a person holds the permission now."""
    permission = decision.permission
    held = rbac.bindings(user).filter(
        scope_id__in=decision.scope.chain_ids, role__permissions__permission=permission
    )
    for binding in held.distinct():
        yield frozenset({bound(binding.pk), in_role(binding.role_id, permission), *_through(binding, user)})
    yield from _ways_on_object(user, decision)


def _through(binding: RoleBinding, user: User) -> list[str]:
    return [member(binding.user_group_id, user.pk)] if binding.user_group_id else []


def _ways_on_object(user: User, decision: Decision) -> Iterator[frozenset[str]]:
    kind = kinds.known().get(decision.of[0])
    if kind is None or not kind.takes_object_grants:
        return
    model: Any = kind.model
    target = model._default_manager.filter(scope=decision.scope, identifier=decision.of[1]).first()
    if target is None:
        return
    permission = decision.permission
    if target.user_grants.filter(user=user, permission__codename=permission).exists():
        yield frozenset({on_object(kind.name, target.pk, permission, user.pk)})
    grants = target.group_grants.filter(group__user=user, permission__codename=permission)
    for group in UserGroup.objects.filter(group__in=grants.values("group")):
        granted = on_object(kind.name, target.pk, permission, group.pk)
        yield frozenset({granted, member(group.pk, user.pk)})
