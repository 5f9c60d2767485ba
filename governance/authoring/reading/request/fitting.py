"""Fits clauses to their documents: approvals are those that have what is asked of them, destroyed things are as they were."""

from __future__ import annotations

import re
from typing import TypeGuard

from governance.authoring import rule as r
from governance.authoring.reading.meaning.changes import of_the_destroyed
from governance.authoring.reading.meaning.paths import STEPS, paths_of
from governance.authoring.scope import changed

# A host, and perhaps a path below it; no tag, no digest.
REGISTRY = re.compile(r"[\w-]+(\.[\w-]+)+(/[\w./-]*)?")
FEW = 2  # so many types somebody has named one by one


def fitted(clause: r.Clause) -> r.Clause:
    """The clause about the types of approvals that have the fields it demands (a Jira approval lists no approvers), unchanged
    where none or all have; and about what a plan destroys as it was before."""
    clause = _of_images(of_the_destroyed(clause))
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


def _of_images(clause: r.Clause) -> r.Clause:
    """Where images come from is asked of the images there are: steps without one run elsewhere."""
    demand = changed(clause.demand, _at_registry)
    parts = demand.of if isinstance(demand, r.All) else (demand,)
    spared = tuple(_or_none(p) if _says_where(p, clause.name) else p for p in parts)
    whole = spared[0] if len(spared) == 1 and not isinstance(demand, r.All) else r.All(of=spared)
    return clause if whole == clause.demand else clause.model_copy(update={"demand": whole})


def _at_registry(node: r.Node) -> r.Node:
    """An image that "is eu.gcr.io/acme" comes from there: without a tag that names no image."""
    if isinstance(node, r.Test) and node.op == "is" and _is_image(node.value) and _all_registries(node.to):
        pattern = "^(" + "|".join(re.escape(str(x).rstrip("/")) for x in node.to) + ")[/:]"
        return node.model_copy(update={"op": "matches", "to": (pattern,)})
    return node


def _all_registries(found: tuple[r.Scalar, ...]) -> bool:
    return all(isinstance(x, str) and REGISTRY.fullmatch(x) for x in found) and bool(found)


def _is_image(value: r.Value) -> bool:
    return isinstance(value, r.Field) and value.path == ("spec", "image")


def _says_where(part: r.Condition, name: str) -> TypeGuard[r.Test]:
    return (
        isinstance(part, r.Test)
        and part.op == "matches"
        and isinstance(part.value, r.Field)
        and part.value.of == name
        and _is_image(part.value)
    )


def _or_none(test: r.Test) -> r.Condition:
    return r.Any(of=(r.Not(of=r.Test(value=test.value, op="present")), test))


def _all_approvals(part: r.Condition, name: str) -> TypeGuard[r.Test]:
    return (
        isinstance(part, r.Test)
        and part.value == r.Field(of=name, path=("type",))
        and len(part.to) > FEW
        and all(str(t).endswith("Approval") for t in part.to)
    )
