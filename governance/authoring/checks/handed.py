"""What a module hands on inside itself: arguments to its own functions, members to its own sets and objects."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from governance.authoring.checks import tree as t


def functions(tree: t.Tree) -> dict[str, list[list[str]]]:
    """The functions of a module with the names of their arguments, rule by rule; "" for one that is no name."""
    found: dict[str, list[list[str]]] = {}
    for rule in t.rules(tree):
        if args := rule["head"].get("args"):
            names = [str(a["value"]) if a.get("type") == "var" else "" for a in args]
            found.setdefault(t.name_of(rule), []).append(names)
    return found


def calls(rule: t.Tree, names: Collection[str]) -> Iterator[tuple[str, list[t.Tree]]]:
    """Every call of one of these functions in a rule, with its arguments."""
    for node in t.nodes({k: v for k, v in rule.items() if k != "else"}):
        if not isinstance(node, dict):
            continue
        terms = (
            node.get("terms")
            if "terms" in node
            else node.get("value")
            if node.get("type") == "call"
            else None
        )
        if isinstance(terms, list) and (name := t.operator_of(terms)) in names:
            yield name, terms[1:]


def member(rule: t.Tree) -> tuple[str, t.Tree] | None:
    """The name of the set or object that a rule adds to, and what it adds; None for any other rule."""
    head = rule["head"]
    keys = head.get("ref") or []
    if head.get("args") or len(keys) > 2:
        return None
    added: Any = head.get("value") if len(keys) == 2 else head.get("key")
    return (t.name_of(rule), added) if added else None
