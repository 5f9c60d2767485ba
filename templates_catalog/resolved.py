"""What a fixed reference to an environment stands for, put where policies look for it."""

from __future__ import annotations

import copy
from typing import Any

from governance.models import Scope
from templates_catalog.documents.walk import stages
from templates_catalog.models import EntityVersion


def with_environments(body: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """A copy in which each deployment stage holds its environment's identifier, name, type and tags
    at `spec.infrastructure.environment`; references that are expressions or unknown stay as they are."""
    done = copy.deepcopy(body)
    for stage in stages(done):
        spec = stage.get("spec")
        reference = ((spec or {}).get("environment") or {}).get("environmentRef")
        if not isinstance(reference, str) or "<+" in reference:
            continue
        found = environment(reference, scope)
        if found is not None:
            spec.setdefault("infrastructure", {})["environment"] = found
    return done


def environment(reference: str, scope: Scope) -> dict[str, Any] | None:
    """The stored environment that a reference names, seen from a scope; None when there is none.

    A bare reference means the nearest one up the chain: policies must not miss a production environment
    because somebody left its prefix out.
    """
    prefix, _, rest = reference.partition(".")
    homes: list[Any] = list(scope.chain_ids)
    identifier = reference
    if rest and prefix in ("account", "org"):
        homes = [scope.account_id or scope.id] if prefix == "account" else [scope.organization_id or scope.id]
        identifier = rest
    rows = EntityVersion.objects.filter(
        entity__kind="environment",
        entity__deleted=False,
        entity__scope_id__in=homes,
        entity__identifier=identifier,
    )
    found = sorted(rows.select_related("entity"), key=lambda v: (homes.index(v.entity.scope_id), -v.number))
    if not found:
        return None
    body = found[0].document["environment"]
    return {key: body.get(key) for key in ("identifier", "name", "type", "tags") if body.get(key)}
