"""Reading the syntax tree of a module: every expression, reference and literal with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Tree = Mapping[str, Any]


@dataclass(frozen=True)
class Expression:
    """One expression of a body with the rule it stands in."""

    node: Tree
    rule: Tree
    negated: bool

    @property
    def line(self) -> int:
        return row(self.node)


def row(node: Any) -> int:
    """The line of a part of the tree; 0 when it has none."""
    return int((node.get("location") or {}).get("row", 0)) if isinstance(node, Mapping) else 0


def column(node: Any) -> int:
    """The column of a part of the tree; 0 when it has none."""
    return int((node.get("location") or {}).get("col", 0)) if isinstance(node, Mapping) else 0


def rules(tree: Tree) -> Iterator[Tree]:
    """Every rule, its else branches too."""
    for rule in tree.get("rules") or []:
        current: Any = rule
        while current:
            yield current
            current = current.get("else")


def expressions(tree: Tree) -> Iterator[Expression]:
    """Every expression anywhere, those in comprehensions and `every` too."""
    for rule in rules(tree):
        without_else = {key: value for key, value in rule.items() if key != "else"}
        for node in nodes(without_else):
            if isinstance(node, Mapping) and "terms" in node:
                yield Expression(node, rule, bool(node.get("negated")))


def nodes(node: Any) -> Iterator[Any]:
    """A part of the tree and everything below it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        if isinstance(current, Mapping):
            waiting.extend(value for key, value in current.items() if key != "location")
        elif isinstance(current, list):
            waiting.extend(current)


def references(tree: Any) -> Iterator[Tree]:
    """Every reference such as input.pipeline.name, the names of called functions left out."""
    called = {
        id(node["terms"][0])
        for node in nodes(tree)
        if isinstance(node, Mapping) and isinstance(node.get("terms"), list) and node["terms"]
    } | {
        id(node["value"][0])
        for node in nodes(tree)
        if isinstance(node, Mapping) and node.get("type") == "call"
    }
    for node in nodes(tree):
        if isinstance(node, Mapping) and node.get("type") == "ref" and id(node) not in called:
            yield node


def head_of(reference: Tree) -> str:
    """The variable a reference starts with."""
    return str(reference["value"][0].get("value"))


def operator_of(terms: Any) -> str:
    """The function a call calls: "eq", "startswith", "internal.member_2"."""
    if not isinstance(terms, list) or not terms:
        return ""
    value = terms[0].get("value")
    if isinstance(value, str):
        return value
    return ".".join(str(part.get("value")) for part in value) if isinstance(value, list) else ""


def name_of(rule: Tree) -> str:
    """The name of a rule."""
    head = rule["head"]
    reference = head.get("ref") or []
    return str(head.get("name") or (reference[0].get("value") if reference else ""))


def strings(term: Any) -> list[str]:
    """The texts of a literal, a set or a list of literals."""
    if not isinstance(term, Mapping):
        return []
    if term.get("type") == "string":
        return [str(term["value"])]
    if term.get("type") in ("set", "array"):
        return [text for item in term["value"] for text in strings(item)]
    return []


def constants(tree: Tree) -> dict[str, list[str]]:
    """Texts of rules that are nothing but a literal set or list."""
    return {
        name_of(rule): found
        for rule in rules(tree)
        if (found := strings(rule["head"].get("value"))) and "args" not in rule["head"]
    }
