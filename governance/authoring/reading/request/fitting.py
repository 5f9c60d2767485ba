"""Fits clauses to their documents: approvals are those that have what is asked of them, destroyed things are as they were."""

from __future__ import annotations

from typing import TypeGuard

from governance.authoring import rule as r
from governance.authoring.reading.meaning.changes import of_the_destroyed
from governance.authoring.reading.meaning.paths import STEPS, paths_of

FEW = 2  # so many types somebody has named one by one


def fitted(clause: r.Clause) -> r.Clause:
    """The clause about the types of approvals that have the fields it demands (a Jira approval lists no approvers), unchanged
    where none or all have; and about what a plan destroys as it was before."""
    clause = of_the_destroyed(clause)
    parts = clause.where.of if isinstance(clause.where, r.All) else (clause.where,)
    fields = [STEPS[p] for p in paths_of(clause.demand, clause.name) if p in STEPS and STEPS[p].of_types]
    for n, part in enumerate(parts):
        if not fields or not _all_approvals(part, clause.name):
            continue
        kept = tuple(t for t in part.to if all(t in f.of_types for f in fields))
        if kept and kept != part.to:
            narrower = (*parts[:n], part.model_copy(update={"to": kept}), *parts[n + 1 :])
            where = narrower[0] if len(narrower) == 1 else r.All(of=narrower)
            return clause.model_copy(update={"where": where})
    return clause


def _all_approvals(part: r.Condition, name: str) -> TypeGuard[r.Test]:
    return (
        isinstance(part, r.Test)
        and part.value == r.Field(of=name, path=("type",))
        and len(part.to) > FEW
        and all(str(t).endswith("Approval") for t in part.to)
    )
