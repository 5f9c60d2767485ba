"""From the codebase a pipeline names to the workspace of one run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from governance.models import Scope
from templates_catalog.models import EntityVersion
from templates_catalog.runners import workspace
from templates_catalog.runners.expressions import Unresolved, Values
from templates_catalog.runners.plan import Plan
from templates_catalog.runners.workspace import Workspace, WorkspaceError


def workspace_of(plan: Plan, scope: Scope, *, commit: str = "", branch: str = "") -> Workspace | None:
    """The workspace of a run; None when the pipeline names no codebase. Raises WorkspaceError.

    commit: the one an earlier attempt of this run worked on; "" = find out what the codebase means now
    """
    if plan.codebase is None:
        return None
    try:
        codebase = Values(variables=plan.variables).resolve(plan.codebase)
    except Unresolved as error:
        raise WorkspaceError(f"the codebase cannot be worked out: {error}") from error
    connector = _connector(str(codebase["connectorRef"]), scope)
    folder = workspace.repository(connector, str(codebase.get("repoName") or ""), settings.GIT_ALLOWED_PATHS)
    if not commit:
        commit, branch = workspace.commit_of(folder, codebase.get("build"))
    return Workspace(folder.name.removesuffix(".git"), commit, workspace.archive(folder, commit), branch)


def _connector(reference: str, scope: Scope) -> Mapping[str, Any]:
    prefix, _, rest = reference.partition(".")
    home, identifier = scope.id, reference
    if rest and prefix in ("account", "org"):
        above = scope.account_id if prefix == "account" else scope.organization_id
        home, identifier = above or scope.id, rest
    rows = EntityVersion.objects.filter(
        entity__kind="connector", entity__deleted=False, entity__scope_id=home, entity__identifier=identifier
    )
    found = rows.order_by("-number").first()
    if found is None:
        raise WorkspaceError(f"there is no connector {reference!r} as seen from {scope.path}")
    body: Mapping[str, Any] = found.document["connector"]
    return body
