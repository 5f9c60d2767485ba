"""Kind audit: taking events out of the building, which needs a permission and leaves an event itself."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, JsonValue

from audit import export, query
from governance import kinds, rbac
from governance.actor import Actor
from governance.errors import Invalid, Problem
from governance.fields import Fields, read
from governance.kinds import Applied, Change, Kind, Prepared, Verb
from governance.models import Scope


class ExportFields(Fields):
    """filters: as on the page of the trail; an unknown one is refused."""

    filters: dict[str, JsonValue] = Field(default_factory=dict)
    format: Literal["csv", "jsonl"] = "csv"


def _prepare(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(ExportFields, change)
    try:
        query.parse(_as_params(wanted.filters))
    except query.FilterError as error:
        raise Invalid([Problem(str(error), path="filters")]) from error
    return Prepared(extra=wanted)


def _as_params(filters: dict[str, Any]) -> dict[str, str | list[str]]:
    return {k: [str(x) for x in v] if isinstance(v, list) else str(v) for k, v in filters.items()}


def _export(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    """Fixes what will be in the file: the filters, the scopes and the last event. The door streams it."""
    wanted: ExportFields = prepared.extra
    bound = export.bound()
    below = rbac.scopes(actor, "export_audit").filter(path=scope.path).values_list("path", flat=True)
    return Applied(
        version="",
        data={
            "filters": _as_params(wanted.filters),
            "format": wanted.format,
            "scopes": list(below),
            "upto": bound.seq,
            "unsealed": bound.unsealed,
        },
    )


AUDIT = kinds.register(
    Kind(
        name="audit",
        title="Audit trail",
        plural="Audit trail",
        verbs={"export": Verb("export_audit", _export, _prepare)},
    )
)
