"""Kind object_grant: one permission on one template or policy, for one person or group.

The change's identifier is "<kind>.<identifier>": `template.golden_java`.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from governance import given_rights, kinds, rbac
from governance.actor import Actor
from governance.errors import Conflict, Denied, Invalid, NotFound
from governance.fields import Fields, read
from governance.kinds import Applied, Change, Kind, Prepared, Verb
from governance.models import Epoch, Scope
from governance.roles import principal


class GrantFields(Fields):
    permission: str
    principal: str


def _prepare(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(GrantFields, change)
    kind_name, _, identifier = change.identifier.partition(".")
    kind = kinds.known().get(kind_name)
    if kind is None or not kind.takes_object_grants:
        takers = ", ".join(sorted(k.name for k in kinds.known().values() if k.takes_object_grants))
        raise Invalid(
            [f"object grants go to {takers}, named like template.golden_java; not {change.identifier!r}"]
        )
    model: Any = kind.model
    target = model._default_manager.filter(scope=scope, identifier=identifier).first()
    if target is None:
        raise NotFound(f"no {kind.title.lower()} {identifier!r} in {scope.path}")
    permission = _permission(model, wanted.permission)
    if wanted.permission not in rbac.permissions(actor, scope):
        raise Denied(
            f"You may not grant {wanted.permission}: you do not hold it in {scope.path} yourself.",
            permission=wanted.permission,
            scope=scope.path,
        )
    user, group = principal(wanted.principal, scope)
    return Prepared(extra=(wanted, target, permission, user, group))


def _permission(model: Any, codename: str) -> Permission:
    rows = Permission.objects.filter(content_type=ContentType.objects.get_for_model(model))
    found = rows.filter(codename=codename).first() if codename in grantable(model) else None
    if found is None:
        raise Invalid([f"permission: {codename!r} is not one of {', '.join(grantable(model))}"])
    return found


def grantable(model: Any) -> list[str]:
    """The permissions that can be granted on one object: those the product asks about, not Django's own."""
    known = {codename for codename, _ in model._meta.permissions} | {f"view_{model._meta.model_name}"}
    return sorted(known)


def _rows(target: Any, permission: Permission, user: Any, group: Any) -> Any:
    if user is not None:
        return target.user_grants.filter(user=user, permission=permission)
    return target.group_grants.filter(group=group.group, permission=permission)


def _grant(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted, target, permission, user, group = prepared.extra
    if _rows(target, permission, user, group).exists():
        raise Conflict(f"{wanted.principal} holds {wanted.permission} on {change.identifier} already")
    if user is not None:
        target.user_grants.create(user=user, permission=permission)
    else:
        target.group_grants.create(group=group.group, permission=permission)
    kind, principal = change.identifier.partition(".")[0], user or group
    step = given_rights.on_object(kind, target.pk, permission.codename, principal.pk)
    given_rights.note([step], actor)
    _bump(user, group)
    return Applied(version="", after=f"{wanted.principal} {wanted.permission}")


def _revoke(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted, target, permission, user, group = prepared.extra
    deleted, _ = _rows(target, permission, user, group).delete()
    if not deleted:
        raise NotFound(f"{wanted.principal} does not hold {wanted.permission} on {change.identifier}")
    _bump(user, group)
    return Applied(version="", before=f"{wanted.principal} {wanted.permission}")


def _bump(user: Any, group: Any) -> None:
    people = [user.pk] if user is not None else list(group.group.user_set.values_list("pk", flat=True))
    Epoch.bump([f"user:{pk}" for pk in people])


OBJECT_GRANT = kinds.register(
    Kind(
        name="object_grant",
        title="Object grant",
        plural="Object grants",
        verbs={
            "grant": Verb("edit_object_grant", _grant, _prepare),
            "revoke": Verb("edit_object_grant", _revoke, _prepare),
        },
    )
)
