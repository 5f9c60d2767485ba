"""The views of one pipeline, each with its own address."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from governance import access_query
from governance.actor import Actor
from governance.models import Scope
from portal.web import shell

SECTION = "pipelines"


def tabs(
    actor: Actor, scope: Scope, identifier: str, current: str, versions: int = 0
) -> list[dict[str, Any]]:
    """The views of one pipeline, each with its own address."""
    rows: list[tuple[str, str, int]] = [
        ("YAML", "pipeline", 0),
        ("Expanded", "pipeline_expanded", 0),
        ("Policies here", "pipeline_policies", 0),
        ("Versions", "pipeline_versions", versions),
        ("Runs and inputs", "pipeline_runs", 0),
    ]
    found = [
        {
            "title": title,
            "url": reverse(name, args=(scope.dotted, identifier)),
            "current": name == current,
            "count": n,
        }
        for title, name, n in rows
    ]
    may_read = "view_audit" in access_query.permissions(actor, scope.path)
    if may_read and (audit := shell.address("audit", scope.dotted)):
        found.append({"title": "Trail", "url": f"{audit}?resource=pipeline:{scope.path}/{identifier}"})
    return found
