"""Found an account: its scope, the roles shipped with the product, and the first administrator.

The one write that cannot pass through `admit`, because before it nobody holds a right. It leaves its
own event, refuses to run twice for an account, and is reached from the command line only.
"""

from __future__ import annotations

from django.db import transaction

from audit.record import record
from governance import scopes
from governance.actor import Actor
from governance.errors import Conflict
from governance.models import Epoch, Role, RoleBinding, Scope
from governance.roles import bump_holders, known_permissions, put_permissions

_VIEW = [
    "view_pipeline", "view_template", "access_template", "view_service", "view_environment",
    "view_connector", "view_policy", "view_policy_set", "view_evaluation", "view_execution",
    "view_user_group", "view_role", "view_organization", "view_project", "view_setting", "view_exemption",
]  # fmt: skip
_DEVELOP = [
    *_VIEW, "edit_pipeline", "execute_pipeline", "abort_execution", "delete_pipeline", "edit_service",
    "edit_environment", "approve_execution", "ask_exemption", "evaluate_document",
]  # fmt: skip
_AUTHOR = [*_VIEW, "edit_policy", "edit_policy_set", "evaluate_document"]
# identifier → (name, what it is for, permissions); None means every permission there is.
ROLES: dict[str, tuple[str, str, list[str] | None]] = {
    "viewer": ("Viewer", "Reads everything that is not evidence.", _VIEW),
    "developer": ("Developer", "Builds and runs pipelines.", _DEVELOP),
    "template_author": (
        "Template author", "Keeps golden templates.", [*_DEVELOP, "edit_template", "edit_connector"],
    ),
    "policy_author": ("Policy author", "Drafts policies; never activates their own.", _AUTHOR),
    "policy_approver": (
        "Policy approver",
        "Reviews, approves and activates what others drafted.",
        [*_AUTHOR, "approve_policy", "activate_policy", "retire_policy", "delete_policy_set", "view_audit",
         "grant_exemption", "revoke_exemption", "confirm_policy_set"],
    ),
    "compliance_auditor": (
        "Compliance auditor", "Reads the trail and exports evidence.", [*_VIEW, "view_audit", "export_audit"],
    ),
    "project_admin": (
        "Project admin",
        "Decides who may do what in a project.",
        [
            *_DEVELOP, "edit_template", "edit_connector", "delete_service", "delete_environment",
            "delete_connector", "edit_user_group", "delete_user_group", "view_role_binding",
            "edit_role_binding", "view_object_grant", "edit_object_grant", "edit_role", "delete_role", "administer_setting",
            "view_audit",
        ],
    ),
    "account_admin": ("Account admin", "Every right there is, and no bypass.", None),
}  # fmt: skip


def install_roles(account: Scope) -> None:
    """Create or refresh the shipped roles of an account."""
    every = known_permissions()
    for identifier, (name, description, permissions) in ROLES.items():
        role, _ = Role.objects.get_or_create(scope=account, identifier=identifier, managed=True)
        role.name, role.description = name, description
        role.save()
        wanted = sorted(every if permissions is None else set(permissions))
        unknown = sorted(set(wanted) - every)
        if unknown:
            raise ValueError(f"role {identifier}: unknown permissions {', '.join(unknown)}")
        put_permissions(role, wanted)


def refresh_roles() -> None:
    """After an upgrade: what the product ships may hold rights that earlier releases did not know."""
    every = known_permissions()
    for role in Role.objects.filter(managed=True, identifier__in=ROLES):
        permissions = ROLES[role.identifier][2]
        wanted = sorted(every if permissions is None else set(permissions))
        if sorted(role.permissions.values_list("permission", flat=True)) != wanted:
            with transaction.atomic():
                put_permissions(role, wanted)
                bump_holders(role)


def found(identifier: str, name: str, *, admin: Actor) -> Scope:
    """Create an account whose first administrator is `admin`. Raises Conflict when it exists."""
    with transaction.atomic(durable=True):
        if Scope.objects.filter(path=identifier).exists():
            raise Conflict(f"the account {identifier!r} exists already")
        account = scopes.add(None, identifier, name)
        install_roles(account)
        RoleBinding.objects.create(
            scope=account,
            identifier=f"founder_{admin.user.username}",
            role=Role.objects.get(scope=account, identifier="account_admin"),
            user=admin.user,
        )
        Epoch.bump([f"user:{admin.user.pk}"])
        record(
            action="account.save",
            outcome="admitted",
            resource=f"account:{identifier}",
            scope=identifier,
            data={"name": name, "administrator": admin.user.username},
            **admin.audit_fields(),
        )
    return account
