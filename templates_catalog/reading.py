"""From the text of a change to a checked document, the same way for every kind of definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from governance.errors import Invalid, Problem
from governance.kinds import Change
from governance.models import Scope
from templates_catalog.documents import models as shapes
from templates_catalog.documents import parse, write
from templates_catalog.documents.paths import nearest
from templates_catalog.documents.problems import DocumentError, located

__all__ = [
    "LABEL",
    "Read",
    "content_digest",
    "labelled",
    "lineage_digest",
    "nearest",
    "read",
    "source_digest",
]

LABEL = "ai_generated"
# What two documents may differ in and still be the same work under another name.
IDENTITY = ("identifier", "name", "description", "tags", "orgIdentifier", "projectIdentifier", "versionLabel")


@dataclass(frozen=True, slots=True)
class Read:
    """root: "pipeline"; value: the whole document; body: what stands under its root."""

    root: str
    value: dict[str, Any]
    positions: Mapping[str, tuple[int, int]]

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = self.value[self.root]
        return found


def read(change: Change, scope: Scope, root: str, kind: str) -> Read:
    """The document of a change. Raises Invalid with every problem and its line."""
    try:
        parsed = parse.read(change.source)
    except DocumentError as error:
        raise Invalid([_problem(p) for p in error.problems]) from error
    if not isinstance(parsed.value.get(root), dict):
        raise Invalid([f"the document must start with the key {root!r}"])
    found = shapes.validate(kind, parsed.value)
    errors = [p for p in located(found, parsed.positions) if p.severity == "error"]
    problems = [_problem(p) for p in errors] + _misplaced(parsed.value[root], root, change, scope)
    if problems:
        raise Invalid(problems)
    return Read(root, parsed.value, parsed.positions)


def _problem(found: Any) -> Problem:
    return Problem(found.message, found.path, found.line, found.column)


def _misplaced(body: dict[str, Any], root: str, change: Change, scope: Scope) -> list[Problem]:
    parts = scope.path.split("/")
    wanted = {"identifier": change.identifier}
    if len(parts) > 1:
        wanted["orgIdentifier"] = parts[1]
    if len(parts) > 2:
        wanted["projectIdentifier"] = parts[2]
    return [
        Problem(f"is {body[key]!r}, but this is saved as {value!r}; make them the same", f"{root}.{key}")
        for key, value in wanted.items()
        if body.get(key) not in (None, "", value)
    ]


def content_digest(value: dict[str, Any], root: str) -> str:
    """Digest of a document without the label the portal itself puts on it."""
    return write.digest({root: _unlabelled(value[root])})


def lineage_digest(value: dict[str, Any], root: str) -> str:
    return write.digest({k: v for k, v in value[root].items() if k not in IDENTITY})


def source_digest(source: str, root: str) -> str:
    try:
        value = parse.read(source).value
    except DocumentError:
        return ""
    return content_digest(value, root) if isinstance(value.get(root), dict) else ""


def _unlabelled(body: dict[str, Any]) -> dict[str, Any]:
    tags = {k: v for k, v in (body.get("tags") or {}).items() if k != LABEL}
    rest = {k: v for k, v in body.items() if k != "tags"}
    return {**rest, "tags": tags} if tags else rest


def labelled(source: str, value: dict[str, Any], root: str) -> tuple[str, dict[str, Any]]:
    """The same document carrying the AI label, its formatting kept. Nobody else can take it off."""
    body = value[root]
    if (body.get("tags") or {}).get(LABEL) == "true":
        return source, value
    after = {**value, root: {**body, "tags": {**(body.get("tags") or {}), LABEL: "true"}}}
    return write.rewrite(source, after), after
