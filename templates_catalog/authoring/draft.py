"""Answers for `manage.py draft`: questions as plain mappings in, drafts as plain mappings out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from governance.authoring.facts import Facts
from templates_catalog.authoring.planner import plan
from templates_catalog.documents.parse import read
from templates_catalog.search import CatalogueEntry


def answer(question: dict[str, Any], catalogs: Path, world: dict[str, Any]) -> dict[str, Any]:
    """A pipeline for one question {"id", "prompt", "catalog", "user": {"groups", "cannot_see"}}.

    catalogs  a folder with <catalog>.yaml; entries the user may not see are left out before anything is read of them
    returns   {"id", "document", "asked", "none_fits", "notes", …}
    """
    user = question.get("user") or {}
    entries = visible(catalogs / f"{question['catalog']}.yaml", user)
    made = plan(question["prompt"], entries, Facts.from_world(world))
    return {
        "id": question.get("id"),
        "document": made.document,
        "asked": made.asked,
        "none_fits": made.none_fits,
        "notes": made.notes,
        "template": made.template,
        "version": made.version,
        "missing": made.missing,
        "invalid": {name: {"value": value, "why": why} for name, (value, why) in made.invalid.items()},
        "runners_up": [{"template": name, "why_not": why} for name, why in made.runners_up],
    }


def visible(path: Path, user: Mapping[str, Any]) -> list[CatalogueEntry]:
    groups, hidden = set(user.get("groups") or ()), set(user.get("cannot_see") or ())
    found = []
    for row in rows(path):
        allowed = set((row.get("access") or {}).get("groups") or ("*",))
        if row["template"]["identifier"] not in hidden and ("*" in allowed or allowed & groups):
            found.append(entry_of(row))
    return found


@cache
def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(path.read_text(encoding="utf-8")).value["templates"]
    return found


def entry_of(row: Mapping[str, Any]) -> CatalogueEntry:
    deprecation = row.get("deprecation") or {}
    return CatalogueEntry.from_template(
        row["template"],
        stable=bool(row.get("stable")),
        lifecycle=row.get("lifecycle", "active"),
        replaced_by=deprecation.get("replacedBy") or "",
        deprecation_message=deprecation.get("message") or "",
        owner=row.get("owner", ""),
    )
