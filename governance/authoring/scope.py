"""Which names a part of a rule uses, and whether each of them is bound where it is used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from governance.authoring import rule as r

if TYPE_CHECKING:
    from governance.authoring.rule import Node, Rule

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(\.[^{}]*)?\}")
BINDERS = ("count", "fold", "exists", "every")


def parts(node: Node) -> Iterator[r.Node]:
    """The direct sub-nodes of a node, in the order of its fields."""
    for name in type(node).model_fields:
        value = getattr(node, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, r.Node):
                yield item


def nodes(node: Node) -> Iterator[r.Node]:
    """A node and all nodes inside it, each before what it holds."""
    yield node
    for part in parts(node):
        yield from nodes(part)


def changed(node: Any, change: Callable[[r.Node], r.Node]) -> Any:
    """The node with every node inside it, and then itself, changed; all else as it is."""
    if isinstance(node, tuple):
        return tuple(changed(part, change) for part in node)
    if not isinstance(node, r.Node):
        return node
    inner = {name: changed(getattr(node, name), change) for name in type(node).model_fields}
    return change(node.model_copy(update=inner))


def refs(node: Node) -> Iterator[str]:
    """The names a node itself refers to, `step.stage` included."""
    for name in ("of", "within", "first", "second", "stage"):
        value = getattr(node, name, None)
        if isinstance(value, str):
            yield value


def free_names(node: Node | None) -> frozenset[str]:
    """Names used in the node but bound outside of it; `step.stage` counts as `step`."""
    if node is None:
        return frozenset()
    found = {ref.partition(".")[0] for ref in refs(node)} - r.SPECIAL_NAMES
    inner: set[str] = set()
    binder = getattr(node, "kind", "") in BINDERS
    for part in parts(node):
        if binder and isinstance(part, r.Named | r.Items):
            found |= free_names(part)
        else:
            inner |= free_names(part)
    if binder:
        inner.discard(getattr(node, "name", ""))
    return frozenset(found | inner)


def check_names(rule: Rule) -> None:
    """Raise ValueError naming the first name that is used but not bound, or bound twice."""
    for number, clause in enumerate(rule.clauses, start=1):
        where = f"clause {number}"
        bound = {clause.name: clause.each} if clause.each is not None else {}
        if clause.each is None and clause.name != "document":
            raise ValueError(f"{where}: without `each` the name must be 'document'")
        if clause.each is not None and clause.name in r.SPECIAL_NAMES:
            raise ValueError(f"{where}: '{clause.name}' is always bound; choose another name")
        if clause.each is not None:
            _check(clause.each, frozenset(), where)
        for part in (clause.where, clause.unless, clause.demand):
            if part is not None:
                _check(part, frozenset(bound), where)
        _check_templates(clause, bound, where)


def _check(node: Node, bound: frozenset[str], where: str) -> None:
    for ref in refs(node):
        name = ref.partition(".")[0]
        if name not in bound and name not in r.SPECIAL_NAMES:
            known = ", ".join(sorted(bound | r.SPECIAL_NAMES))
            raise ValueError(f"{where}: '{name}' is not bound here; bound are: {known}")
    inner = bound
    if getattr(node, "kind", "") in BINDERS:
        name = str(getattr(node, "name", ""))
        if name in bound or name in r.SPECIAL_NAMES:
            raise ValueError(f"{where}: '{name}' is already bound; choose another name")
        inner = bound | {name}
    for part in parts(node):
        _check(part, bound if isinstance(part, r.Named | r.Items) else inner, where)


def _check_templates(clause: r.Clause, bound: Mapping[str, object], where: str) -> None:
    for text in (clause.message, clause.fix):
        for match in PLACEHOLDER.finditer(text):
            if match.group(1) not in bound and match.group(1) not in r.SPECIAL_NAMES:
                raise ValueError(f"{where}: the message names '{match.group(1)}', which is unbound")
