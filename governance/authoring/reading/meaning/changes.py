"""What a plan destroys, as it was: afterwards it has no values, so that conditions on it are asked of those before."""

from __future__ import annotations

from typing import Any

from governance.authoring import rule as r
from governance.authoring.reading.meaning.typed import Pred, any_of
from governance.authoring.scope import changed, nodes

AFTER, BEFORE = ("change", "after"), ("change", "before")


def as_destroyed(pred: Pred, actions: tuple[str, ...]) -> Pred:
    """What is said of resources that undergo these actions."""
    if "delete" not in actions:
        return pred
    if actions == ("delete",):
        return lambda at: _before(pred(at))
    return lambda at: any_of([pred(at), _before(pred(at))])


def of_the_destroyed(clause: r.Clause) -> r.Clause:
    """A clause about changes that must not destroy, with its conditions on what there was."""
    changes = isinstance(clause.each, r.Items) and clause.each.path == ("resource_changes",)
    deletes = [part for part in (clause.demand, clause.where) if any(map(_only_deletes, nodes(part)))]
    if not changes or not deletes:
        return clause
    return clause.model_copy(update={"where": _before(clause.where), "unless": _before(clause.unless)})


def _only_deletes(node: r.Node) -> bool:
    return isinstance(node, r.Test) and node.op == "is" and node.to == ("delete",)


def _before(condition: Any) -> Any:
    """A condition on the values after a change, asked of those before it."""
    return changed(condition, _moved)


def _moved(node: r.Node) -> r.Node:
    if isinstance(node, r.Field | r.Items) and node.path[:2] == AFTER:
        return node.model_copy(update={"path": (*BEFORE, *node.path[2:])})
    return node
