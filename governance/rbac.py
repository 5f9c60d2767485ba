"""The one file that answers "may this actor?" and "what may this actor see?".

Scope grants are RoleBinding rows and reach downwards; object grants are guardian rows with a direct
foreign key. There is no branch for superusers: an administrator holds a role binding like anybody else.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from governance import kinds
from governance.actor import Actor
from governance.errors import Denied, NotFound
from governance.models import Epoch, RoleBinding, RolePermission, Scope, User


def bindings(user: User) -> QuerySet[RoleBinding]:
    """The role bindings a person holds now, by themselves or through a group."""
    return RoleBinding.objects.filter(
        Q(user=user) | Q(user_group__group__user=user),
        Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now()),
    )


def permissions(actor: Actor, scope: Scope) -> frozenset[str]:
    """What the actor may do anywhere in this scope, by role bindings here or above."""
    if not actor.user.is_active:
        return frozenset()
    held = bindings(actor.user).filter(scope_id__in=scope.chain_ids)
    found = RolePermission.objects.filter(role__in=held.values("role")).values_list("permission", flat=True)
    return frozenset(found)


def holds(actor: Actor, permission: str, scope: Scope) -> bool:
    return permission in permissions(actor, scope)


def enter(actor: Actor, permission: str, path: str, *, kind: str = "", identifier: str = "") -> Scope:
    """The scope at `path` if the actor holds `permission` there or on the named object.

    Raises NotFound for a scope that does not exist or in which the actor holds nothing at all, so that
    names do not leak; Denied when they hold something else there, so that they know whom to ask.
    """
    scope = Scope.objects.filter(path=path).first()
    if scope is None or not actor.user.is_active:
        raise NotFound(f"no scope {path!r}")
    here = permissions(actor, scope)
    if permission in here or _granted_on_object(actor, permission, scope, kind, identifier):
        return scope
    if not here and not _holds_below(actor, scope) and not _any_grant(actor, scope, kind, identifier):
        raise NotFound(f"no scope {path!r}")
    raise Denied(
        f"You may not {permission.replace('_', ' ')} in {scope.path}. It needs the permission"
        f" {permission}; somebody who administers {scope.name} can grant it.",
        permission=permission,
        scope=path,
    )


def scopes(actor: Actor, permission: str = "") -> QuerySet[Scope]:
    """The scopes in which the actor holds `permission` ("" = anything), including everything below."""
    held = bindings(actor.user)
    if permission:
        held = held.filter(role__permissions__permission=permission)
    ids = held.values("scope")
    return Scope.objects.filter(Q(id__in=ids) | Q(organization__in=ids) | Q(account__in=ids))


def known_scopes(actor: Actor) -> QuerySet[Scope]:
    """Scopes the actor may know of: those they hold something in, and the ancestors of those."""
    mine = scopes(actor)
    return Scope.objects.filter(
        Q(id__in=mine.values("id")) | Q(id__in=mine.values("organization")) | Q(id__in=mine.values("account"))
    )


def visible(actor: Actor, kind_name: str, permission: str = "") -> QuerySet[Any]:
    """The objects of a kind that the actor may see (or may `permission`), as one SQL statement."""
    kind = kinds.get(kind_name)
    if kind.model is None:
        raise TypeError(f"kind {kind_name!r} has no table")
    wanted = permission or kind.view
    reach = Q(scope__in=scopes(actor, wanted).values("id"))
    if kind.inherited and wanted == kind.view:
        reach |= _inherited(actor, kind, wanted)
    rows = kind.model._default_manager.all()
    if kind.takes_object_grants:
        mine, ours = grants_of(actor, kind, wanted)
        reach |= Exists(mine) | Exists(ours)
    return rows.filter(reach)


def _inherited(actor: Actor, kind: kinds.Kind, permission: str) -> Q:
    mine = scopes(actor, permission)
    above = Q(scope__in=mine.values("organization")) | Q(scope__in=mine.values("account"))
    model: Any = kind.model
    if any(f.name == "restricted" for f in model._meta.get_fields()):
        above &= Q(restricted=False)
    return above


def grants_of(actor: Actor, kind: kinds.Kind, permission: str) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Grant rows of the person, and of their groups, on the outer query's object."""
    model: Any = kind.model
    by_user = model.user_grants.rel.related_model._default_manager.filter(
        content_object=OuterRef("pk"), user=actor.user, permission__codename=permission
    )
    by_group = model.group_grants.rel.related_model._default_manager.filter(
        content_object=OuterRef("pk"), group__user=actor.user, permission__codename=permission
    )
    return by_user, by_group


def _granted_on_object(actor: Actor, permission: str, scope: Scope, kind: str, identifier: str) -> bool:
    found = kinds.known().get(kind)
    if found is None or not identifier or not found.takes_object_grants:
        return False
    model: Any = found.model
    mine, ours = grants_of(actor, found, permission)
    rows = model._default_manager.filter(scope=scope, identifier=identifier)
    return bool(rows.filter(Exists(mine) | Exists(ours)).exists())


def _any_grant(actor: Actor, scope: Scope, kind: str, identifier: str) -> bool:
    found = kinds.known().get(kind)
    return found is not None and _granted_on_object(actor, found.view, scope, kind, identifier)


def _holds_below(actor: Actor, scope: Scope) -> bool:
    below = Q(scope__organization=scope) | Q(scope__account=scope)
    return bindings(actor.user).filter(below).exists()


def epochs(actor: Actor, path: str) -> dict[str, int]:
    """The counters a decision for this actor at a path depends on, made if they are missing.

    Read before the rights themselves, so that no change of them falls between the two. {} for no scope.
    """
    scope = Scope.objects.filter(path=path).first()
    if scope is None:
        return {}
    subjects = [f"user:{actor.user.pk}", *(f"scope:{i}" for i in scope.chain_ids)]
    found = dict(Epoch.objects.filter(subject__in=subjects).values_list("subject", "number"))
    missing = [s for s in subjects if s not in found]
    if missing:
        Epoch.objects.bulk_create([Epoch(subject=s) for s in missing], ignore_conflicts=True)
        found.update({s: 0 for s in missing})
    return found
