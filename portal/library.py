"""Starter policies as doors see them: ours and those of plugins, how one is adopted, and when a newer text is there."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from governance import starters
from governance.engines import opa_cli
from governance.errors import NotFound
from governance.policy_views import VersionView
from portal import plugins


@lru_cache(maxsize=1)
def every() -> dict[str, starters.Starter]:
    """By identifier; the files of an installation do not change while it runs."""
    folders = [starters.FOLDER, *plugins.STARTER_POLICIES]
    return {s.identifier: s for folder in folders for s in starters.starters(folder)}


def one(identifier: str) -> starters.Starter:
    """Raises NotFound."""
    found = every().get(identifier)
    if found is None:
        raise NotFound(f"no starter policy {identifier!r}")
    return found


@lru_cache(maxsize=128)
def text_of(identifier: str) -> str:
    """The text somebody who adopts a starter gets."""
    return opa_cli.fmt(one(identifier).rego)


def adopting(starter: starters.Starter) -> dict[str, Any]:
    """The fields of a save that adopts a starter: its rule, its examples and where it comes from."""
    return {
        "name": starter.rule.title[:128],
        "description": starter.about,
        "entity": starter.rule.entity,
        "rule": starter.rule.model_dump(mode="json"),
        "cases": [
            {"name": c.name, "document": c.document, "expect": c.expect} for c in starter.cases()[:200]
        ],
        "tags": {"library": starter.pack},
        "origin": {"starter": starter.identifier, "digest": starter.digest},
    }


@dataclass(frozen=True, slots=True)
class Update:
    """A newer text of the starter a policy came from. changed_here: people changed their text since."""

    starter: starters.Starter
    rego: str
    fields: dict[str, Any]
    changed_here: bool


def update_of(version: VersionView) -> Update | None:
    """The newer text the library ships for what a version was adopted from; None when there is none."""
    origin = version.origin
    starter = every().get(str(origin.get("starter", "")))
    if starter is None or origin.get("digest") == starter.digest:
        return None
    return Update(starter, text_of(starter.identifier), adopting(starter), changed_here=not version.rule)


def difference(before: str, after: str) -> str:
    """Two texts as `diff -u` prints them."""
    return "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), "before", "after"
        )
    )
