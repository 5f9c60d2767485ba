"""Keep one more version of a definition: identity by constraint, versions never changed, labels sticky."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from governance import locks
from governance.errors import Conflict, NotFound
from governance.kinds import Change
from governance.models import Scope


def lock_or_make(model: Any, scope: Scope, identifier: str, **also: Any) -> Any:
    """The definition's row, ours until the transaction ends; a deleted one comes back with its history."""
    rows: QuerySet[Any] = model.everything.filter(scope=scope, identifier=identifier, **also)
    if not rows.exists():
        return model(scope=scope, identifier=identifier, **also)
    locks.update(rows)
    return rows.get()


def lock(model: Any, scope: Scope, identifier: str, what: str) -> Any:
    """The same for a definition that must exist. Raises NotFound."""
    rows: QuerySet[Any] = model.objects.filter(scope=scope, identifier=identifier)
    locks.update(rows)
    found = rows.first()
    if found is None:
        raise NotFound(f"no {what} {identifier!r} in {scope.path}")
    return found


def refuse_stale(change: Change, latest: int) -> None:
    """Somebody who edited version 3 may not write over version 4 without having seen it."""
    if change.expected_version and change.expected_version != str(latest):
        raise Conflict(
            f"{change.resource} is at version {latest}, not {change.expected_version};"
            " somebody was faster: compare, then save again"
        )


def describe(row: Any, body: dict[str, Any]) -> None:
    row.name = body.get("name") or row.identifier
    row.description = body.get("description") or ""
    row.tags = body.get("tags") or {}
    row.deleted = False
