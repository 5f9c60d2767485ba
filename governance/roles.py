"""Kinds role and role_binding: bundles of permissions, and who holds one where."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from governance import given_rights, groups, kinds, rbac
from governance.actor import Actor
from governance.errors import Conflict, Denied, Invalid, NotFound
from governance.fields import Fields, read, refuse_bad_name
from governance.kinds import Applied, Change, Kind, Prepared, Verb
from governance.models import Epoch, Role, RoleBinding, RolePermission, Scope, User, UserGroup

# Harness writes core_<resource>_<verb>; people who come from there may keep writing it.
ALIASES = {
    "core_pipeline_view": "view_pipeline",
    "core_pipeline_edit": "edit_pipeline",
    "core_pipeline_delete": "delete_pipeline",
    "core_pipeline_execute": "execute_pipeline",
    "core_pipeline_abort": "abort_execution",
    "core_template_view": "view_template",
    "core_template_edit": "edit_template",
    "core_template_access": "access_template",
    "core_template_copy": "access_template",
    "core_service_view": "view_service",
    "core_service_edit": "edit_service",
    "core_service_delete": "delete_service",
    "core_environment_view": "view_environment",
    "core_environment_edit": "edit_environment",
    "core_environment_delete": "delete_environment",
    "core_connector_view": "view_connector",
    "core_connector_edit": "edit_connector",
    "core_connector_delete": "delete_connector",
    "core_governancePolicy_view": "view_policy",
    "core_governancePolicy_create": "edit_policy",
    "core_governancePolicy_edit": "edit_policy",
    "core_governancePolicy_delete": "retire_policy",
    "core_governancePolicySets_view": "view_policy_set",
    "core_governancePolicySets_create": "edit_policy_set",
    "core_governancePolicySets_edit": "edit_policy_set",
    "core_governancePolicySets_delete": "delete_policy_set",
    "core_governancePolicySets_evaluate": "view_evaluation",
    "core_audit_view": "view_audit",
    "core_role_view": "view_role",
    "core_role_edit": "edit_role",
    "core_role_delete": "delete_role",
    "core_usergroup_view": "view_user_group",
    "core_usergroup_manage": "edit_user_group",
    "core_organization_view": "view_organization",
    "core_organization_create": "edit_organization",
    "core_organization_edit": "edit_organization",
    "core_project_view": "view_project",
    "core_project_create": "edit_project",
    "core_project_edit": "edit_project",
    "core_setting_view": "view_setting",
    "core_setting_edit": "administer_setting",
}
# Reading rights that belong to no verb.
READING = frozenset(
    {"view_evaluation", "view_execution", "view_audit", "view_setting", "access_template"}
    | {"abort_execution", "approve_execution"}
)


def known_permissions() -> frozenset[str]:
    return kinds.permissions() | READING


class RoleFields(Fields):
    name: str = Field(min_length=1, max_length=128)
    description: str = Field(default="", max_length=2000)
    permissions: list[str] = Field(min_length=1, max_length=200)


class BindingFields(Fields):
    """principal: "user:<name>" or "user_group:<identifier>" of this scope or one above."""

    role: str
    principal: str = Field(pattern=r"^(user|user_group):.+$")
    ends_at: datetime | None = None


def _prepare_role(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(RoleFields, change)
    refuse_bad_name(change.identifier)
    permissions = sorted({ALIASES.get(p, p) for p in wanted.permissions})
    unknown = [p for p in permissions if p not in known_permissions()]
    if unknown:
        raise Invalid([f"permissions: no permission {p!r}" for p in unknown])
    _only_what_you_hold(actor, scope, frozenset(permissions), f"the role {change.identifier}")
    return Prepared(extra=(wanted, permissions))


def _only_what_you_hold(actor: Actor, scope: Scope, wanted: frozenset[str], what: str) -> None:
    """Nobody grants a right they lack themselves."""
    lacking = sorted(wanted - rbac.permissions(actor, scope))
    if lacking:
        raise Denied(
            f"You may not grant {what}: you do not hold {', '.join(lacking)} in {scope.path} yourself.",
            permission=lacking[0],
            scope=scope.path,
        )


def _save_role(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted, permissions = prepared.extra
    found = Role.objects.filter(scope=scope, identifier=change.identifier).first()
    if found is not None and found.managed:
        raise Conflict(
            f"{found.name} is shipped with the product and cannot be changed; save it under a new name"
        )
    before = _role_text(found) if found else ""
    found = found or Role(scope=scope, identifier=change.identifier)
    found.name, found.description = wanted.name, wanted.description
    found.save()
    held = set(found.permissions.values_list("permission", flat=True))
    put_permissions(found, permissions)
    given_rights.note([given_rights.in_role(found.pk, p) for p in permissions if p not in held], actor)
    bump_holders(found)
    return Applied(version="", before=before, after=_role_text(found))


def put_permissions(role: Role, permissions: list[str]) -> None:
    role.permissions.exclude(permission__in=permissions).delete()
    rows = [RolePermission(role=role, permission=p) for p in permissions]
    RolePermission.objects.bulk_create(rows, ignore_conflicts=True)


def _delete_role(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    found = Role.objects.filter(scope=scope, identifier=change.identifier).first()
    if found is None:
        raise NotFound(f"no role {change.identifier!r} in {scope.path}")
    if found.managed or found.bindings.exists():
        raise Conflict(
            f"{found.name} is {'shipped with the product' if found.managed else 'still bound to people'}"
        )
    before = _role_text(found)
    found.delete()
    return Applied(version="", before=before)


def bump_holders(role: Role) -> None:
    Epoch.bump([s for b in role.bindings.select_related("user_group") for s in _subjects(b)])


def _subjects(binding: RoleBinding) -> list[str]:
    if binding.user_id:
        return [f"user:{binding.user_id}"]
    group = binding.user_group
    return [f"user:{pk}" for pk in group.group.user_set.values_list("pk", flat=True)] if group else []


def _role_text(role: Role) -> str:
    held = "\n".join(sorted(role.permissions.values_list("permission", flat=True)))
    return f"name: {role.name}\ndescription: {role.description}\n{held}"


def _prepare_binding(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(BindingFields, change)
    role = Role.objects.filter(scope_id__in=scope.chain_ids, identifier=wanted.role).first()
    if role is None:
        raise Invalid([f"role: no role {wanted.role!r} in {scope.path} or above"])
    user, group = principal(wanted.principal, scope)
    granted = frozenset(role.permissions.values_list("permission", flat=True))
    _only_what_you_hold(actor, scope, granted, f"the role {role.identifier}")
    if user is not None and user.pk == actor.user.pk:
        raise Invalid(["principal: nobody grants themselves a role; ask somebody else to do it"])
    return Prepared(extra=(wanted, role, user, group))


def principal(text: str, scope: Scope) -> tuple[User | None, UserGroup | None]:
    """The person or group that "user:dana" or "user_group:release_managers" names, seen from a scope."""
    kind, _, name = text.partition(":")
    if kind == "user":
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise Invalid([f"principal: no active person named {name!r}"])
        return user, None
    group = groups.named(name, scope)
    if group is None:
        raise Invalid([f"principal: no user group {name!r} in {scope.path} or above"])
    return None, group


def _grant(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted, role, user, group = prepared.extra
    if RoleBinding.objects.filter(scope=scope, identifier=change.identifier).exists():
        raise Conflict(f"a role binding {change.identifier!r} exists in {scope.path}; revoke it first")
    made = RoleBinding.objects.create(
        scope=scope,
        identifier=change.identifier,
        role=role,
        user=user,
        user_group=group,
        ends_at=wanted.ends_at,
    )
    given_rights.note([given_rights.bound(made.pk)], actor)
    Epoch.bump(_subjects(made))
    return Applied(version="", after=_binding_text(made))


def _revoke(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    found = RoleBinding.objects.filter(scope=scope, identifier=change.identifier).first()
    if found is None:
        raise NotFound(f"no role binding {change.identifier!r} in {scope.path}")
    before = _binding_text(found)
    subjects = _subjects(found)
    found.delete()
    Epoch.bump(subjects)
    return Applied(version="", before=before)


def _binding_text(binding: RoleBinding) -> str:
    who = f"user:{binding.user}" if binding.user else f"user_group:{binding.user_group}"
    end = binding.ends_at.isoformat() if binding.ends_at else "never"
    return f"role: {binding.role}\nprincipal: {who}\nends: {end}"


ROLE = kinds.register(
    Kind(
        name="role",
        title="Role",
        plural="Roles",
        model=Role,
        inherited=True,
        verbs={
            "save": Verb("edit_role", _save_role, _prepare_role),
            "delete": Verb("delete_role", _delete_role),
        },
    )
)
ROLE_BINDING = kinds.register(
    Kind(
        name="role_binding",
        title="Role binding",
        plural="Role bindings",
        model=RoleBinding,
        verbs={
            "grant": Verb("edit_role_binding", _grant, _prepare_binding),
            "revoke": Verb("edit_role_binding", _revoke),
        },
    )
)
