"""What doors may read of scopes, people, groups, roles and bindings, always as seen by an actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from governance import kinds, rbac
from governance.actor import Actor
from governance.errors import NotFound
from governance.models import Role, RoleBinding, Scope, User, UserGroup


@dataclass(frozen=True, slots=True)
class ScopeView:
    """A scope as somebody sees it. roles: the names of the roles they hold in it."""

    path: str
    dotted: str
    level: str
    identifier: str
    name: str
    description: str
    depth: int
    archived: bool
    chain: tuple[tuple[str, str], ...]  # (dotted, name) from the account down to this one
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupView:
    identifier: str
    name: str
    description: str
    scope: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleView:
    identifier: str
    name: str
    description: str
    scope: str
    managed: bool
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BindingView:
    identifier: str
    scope: str
    role: str
    role_name: str
    principal: str
    principal_name: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Why:
    """One way in which somebody holds a permission: person → group → binding → role."""

    scope: str
    role: str
    group: str
    binding: str


def account_path() -> str:
    """The account that events about no other scope belong to; "" before there is one."""
    found = Scope.objects.filter(level=Scope.Level.ACCOUNT).order_by("created_at").first()
    return found.path if found else ""


def scopes(actor: Actor) -> list[ScopeView]:
    """Every scope the actor may know of, as a tree in path order."""
    rows = list(rbac.known_scopes(actor).order_by("path"))
    names = {row.path: row.name for row in rows}
    held = _roles_by_scope(actor)
    return [_scope_view(row, names, held) for row in rows]


def scope(actor: Actor, path: str) -> ScopeView:
    """One scope. Raises NotFound for one the actor may not know of."""
    row = rbac.known_scopes(actor).filter(path=path).first()
    if row is None:
        raise NotFound(f"no scope {path!r}")
    names = dict(Scope.objects.filter(path__in=row.chain_paths).values_list("path", "name"))
    return _scope_view(row, names, _roles_by_scope(actor))


def _scope_view(row: Scope, names: dict[str, str], held: dict[str, set[str]]) -> ScopeView:
    paths = list(reversed(row.chain_paths))
    return ScopeView(
        path=row.path,
        dotted=row.dotted,
        level=row.level,
        identifier=row.identifier,
        name=row.name,
        description=row.description,
        depth=len(paths) - 1,
        archived=row.archived,
        chain=tuple((p.replace("/", "."), names.get(p, p.rpartition("/")[2])) for p in paths),
        roles=tuple(sorted({r for p in paths for r in held.get(p, set())})),
    )


def _roles_by_scope(actor: Actor) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path, role in rbac.bindings(actor.user).values_list("scope__path", "role__name"):
        found.setdefault(path, set()).add(role)
    return found


def permissions(actor: Actor, path: str) -> frozenset[str]:
    """What the actor may do in a scope; empty when there is no such scope for them."""
    row = Scope.objects.filter(path=path).first()
    return rbac.permissions(actor, row) if row else frozenset()


def reach(actor: Actor, permission: str) -> list[str]:
    """Paths of the topmost scopes in which the actor holds a permission; each means all below it too."""
    held = rbac.bindings(actor.user).filter(role__permissions__permission=permission)
    return sorted(set(held.values_list("scope__path", flat=True)))


def groups(actor: Actor, path: str) -> list[GroupView]:
    """The user groups of a scope and above it that the actor may see."""
    here = Scope.objects.filter(path=path).first()
    if here is None:
        return []
    rows = rbac.visible(actor, "user_group").filter(scope_id__in=here.chain_ids)
    rows = rows.select_related("scope", "group").prefetch_related("group__user_set").order_by("name")
    return [_group_view(row) for row in rows]


def _group_view(row: UserGroup) -> GroupView:
    members = tuple(sorted(u.username for u in row.group.user_set.all()))
    return GroupView(row.identifier, row.name, row.description, row.scope.path, members)


def roles(actor: Actor, path: str) -> list[RoleView]:
    here = Scope.objects.filter(path=path).first()
    if here is None:
        return []
    rows = rbac.visible(actor, "role").filter(scope_id__in=here.chain_ids)
    rows = rows.select_related("scope").prefetch_related("permissions").order_by("name")
    return [_role_view(row) for row in rows]


def _role_view(row: Role) -> RoleView:
    held = tuple(sorted(p.permission for p in row.permissions.all()))
    return RoleView(row.identifier, row.name, row.description, row.scope.path, row.managed, held)


def bindings(actor: Actor, path: str) -> list[BindingView]:
    """The role bindings at a scope and above it, for whoever may see them."""
    here = Scope.objects.filter(path=path).first()
    if here is None:
        return []
    rows = rbac.visible(actor, "role_binding").filter(scope_id__in=here.chain_ids)
    rows = rows.select_related("scope", "role", "user", "user_group").order_by("scope__path", "identifier")
    return [_binding_view(row) for row in rows]


def _binding_view(row: RoleBinding) -> BindingView:
    if row.user is not None:
        who, name = f"user:{row.user.username}", row.user.display_name
    else:
        who, name = f"user_group:{row.user_group}", row.user_group.name if row.user_group else ""
    return BindingView(
        row.identifier, row.scope.path, row.role.identifier, row.role.name, who, name, row.ends_at
    )


def why(actor: Actor, username: str, permission: str, path: str) -> list[Why]:
    """Every way in which a person holds a permission at a scope; empty: they do not hold it.

    Asking needs the right to see role bindings there. Raises Denied or NotFound otherwise.
    """
    here = rbac.enter(actor, kinds.get("role_binding").view, path)
    person = User.objects.filter(username=username).first()
    if person is None:
        raise NotFound(f"nobody is named {username!r}")
    rows = rbac.bindings(person).filter(scope_id__in=here.chain_ids, role__permissions__permission=permission)
    rows = rows.select_related("scope", "role", "user_group").distinct()
    return [
        Why(r.scope.path, r.role.name, r.user_group.name if r.user_group else "", r.identifier) for r in rows
    ]


def people(actor: Actor) -> list[tuple[str, str]]:
    """(user name, full name) of everyone active, for whoever may name people in a binding or group."""
    if (
        not rbac.scopes(actor, "edit_user_group").exists()
        and not rbac.scopes(actor, "edit_role_binding").exists()
    ):
        return [(actor.user.username, actor.user.display_name)]
    rows = User.objects.filter(is_active=True).order_by("username")
    return [(u.username, u.display_name) for u in rows]


def display_name(username: str) -> str:
    """The full name of somebody by their user name; the user name itself for people no longer known."""
    person = User.objects.filter(username=username).only("first_name", "last_name", "username").first()
    return person.display_name if person else username


def display_names(usernames: Iterable[str]) -> dict[str, str]:
    """The same for many at once, as {user name: full name}."""
    rows = User.objects.filter(username__in=set(usernames)).only("first_name", "last_name", "username")
    return {u.username: u.display_name for u in rows}
