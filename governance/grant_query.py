"""Who holds a permission on one template or policy alone, for whoever may see grants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from governance import kinds, rbac
from governance.actor import Actor
from governance.errors import NotFound
from governance.models import Scope
from governance.object_grants import grantable


@dataclass(frozen=True, slots=True)
class GrantView:
    """`identifier` is the one a change of the kind object_grant has: template.golden_java."""

    identifier: str
    scope: str
    permission: str
    principal: str
    principal_name: str


@dataclass(frozen=True, slots=True)
class GrantedView:
    """One object that takes grants, what can be granted on it, and what is."""

    kind: str
    identifier: str
    name: str
    scope: str
    restricted: bool
    permissions: list[str]
    grants: list[GrantView]


def in_scope(actor: Actor, path: str) -> list[GrantView]:
    """Every grant on an object of this very scope. Raises Denied or NotFound."""
    scope = rbac.enter(actor, "view_object_grant", path)
    found = [
        grant
        for kind in kinds.known().values()
        if kind.takes_object_grants
        for row in _rows(kind, scope)
        for grant in _grants(kind, scope, row)
    ]
    return sorted(found, key=lambda g: (g.identifier, g.permission, g.principal))


def on_object(actor: Actor, path: str, kind_name: str, identifier: str) -> GrantedView:
    """One object with the grants on it. Raises Denied or NotFound."""
    scope = rbac.enter(actor, "view_object_grant", path)
    kind = kinds.known().get(kind_name)
    row = _rows(kind, scope).filter(identifier=identifier).first() if _takes(kind) else None
    if kind is None or row is None:
        raise NotFound(f"no {kind_name} {identifier!r} in {path} that takes grants of its own")
    grants = sorted(_grants(kind, scope, row), key=lambda g: (g.permission, g.principal))
    return GrantedView(
        kind=kind.name,
        identifier=identifier,
        name=str(getattr(row, "name", "") or identifier),
        scope=scope.path,
        restricted=bool(getattr(row, "restricted", False)),
        permissions=grantable(kind.model),
        grants=grants,
    )


def _takes(kind: kinds.Kind | None) -> bool:
    return kind is not None and kind.takes_object_grants


def _rows(kind: Any, scope: Scope) -> Any:
    return kind.model._default_manager.filter(scope=scope)


def _grants(kind: kinds.Kind, scope: Scope, row: Any) -> list[GrantView]:
    name = f"{kind.name}.{row.identifier}"
    people = [
        GrantView(name, scope.path, g.permission.codename, f"user:{g.user.username}", g.user.display_name)
        for g in row.user_grants.select_related("user", "permission")
    ]
    together = [
        GrantView(
            name, scope.path, g.permission.codename,
            f"user_group:{g.group.user_group.identifier}", g.group.user_group.name,
        )
        for g in row.group_grants.select_related("group__user_group", "permission")
    ]  # fmt: skip
    return people + together
