"""Everything that is stored, as the gate would be asked about it if it were saved now."""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from audit import clock
from governance.kinds import Kind
from governance.models import Evaluation, EvaluationInput, Scope

AT_ONCE = 500
Stored = tuple[Scope, str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One document as the gate would see it. evaluation: of the past decision it comes from."""

    scope: Scope
    kind: str
    identifier: str
    event: str
    evaluation: UUID | None
    input: Any


def stored(kind: Kind, scope: Scope, event: str = "onsave") -> Iterator[Asked]:
    """Documents of a kind in a scope and below it, as an event of it would ask about them.

    What is stored is asked as if it were saved, or run, now, by whom it was last.
    """
    if kind.stored is None:
        return
    rows = iter(kind.stored(scope))
    while part := list(itertools.islice(rows, AT_ONCE)):
        said_of = _latest_metadata(kind, scope, part, event)
        for where, identifier, document in part:
            said = said_of.get((where.pk, identifier)) or _plain_metadata(kind, where, identifier)
            now = {**said, **_event(kind, event), "timestamp": int(clock.now().timestamp())}
            body = {kind.root or kind.name: document, "metadata": now}
            yield Asked(where, kind.name, identifier, event, None, body)


def _event(kind: Kind, event: str) -> dict[str, str]:
    verbs = (name for name, verb in kind.verbs.items() if verb.event == event)
    return {} if event == "onsave" else {"action": event, "verb": next(verbs, "")}


def _plain_metadata(kind: Kind, scope: Scope, identifier: str) -> dict[str, Any]:
    parts = scope.path.split("/")
    project = scope.identifier if scope.level == Scope.Level.PROJECT else ""
    return {
        "type": kind.package or kind.name,
        "action": "onsave",
        "identifier": identifier,
        "projectMetadata": {
            "identifier": project, "orgIdentifier": parts[1] if len(parts) > 1 else "",
            "accountIdentifier": parts[0], "scope": scope.path,
        },
    }  # fmt: skip


def below(scope: Scope) -> Q:
    """Rows with a `scope` that is this one or lies in it."""
    return Q(scope=scope) | Q(scope__organization=scope) | Q(scope__account=scope)


def _latest_metadata(
    kind: Kind, scope: Scope, part: list[Stored], event: str
) -> dict[tuple[UUID, str], dict[str, Any]]:
    """Who and what the newest decision about each object was told of, by (scope, identifier).

    Of what was never asked about at the event, that of its last save.
    """
    names = {identifier for _, identifier, _ in part}
    rows = Evaluation.objects.filter(
        below(scope), kind=kind.name, event__in={event, "onsave"}, identifier__in=names
    ).exclude(input_sha256="")
    grouped = rows.order_by().values("scope", "identifier", "event")
    newest = grouped.annotate(last=Max("at")).values_list("last", flat=True)
    found: dict[tuple[UUID, str], dict[str, Any]] = {}
    for row, body in sorted(with_inputs(rows.filter(at__in=list(newest))), key=lambda pair: pair[0].at):
        key = (row.scope_id, row.identifier)
        if row.event == event or found.get(key, {}).get("action") != event:
            found[key] = dict(body.get("metadata") or {})
    return found


def with_inputs(rows: Any) -> Iterator[tuple[Evaluation, Any]]:
    """Decisions with the input each was about; one whose input is no longer kept is left out."""
    listed = list(rows.select_related("scope"))
    for start in range(0, len(listed), 200):
        part = listed[start : start + 200]
        bodies = EvaluationInput.objects.in_bulk([row.input_sha256 for row in part])
        for row in part:
            if (kept := bodies.get(row.input_sha256)) is not None:
                yield row, json.loads(zlib.decompress(kept.body))
