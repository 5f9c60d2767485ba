"""Conditions that can never come true (or are always true): wrong paths, impossible values.

Every `input.` path and every compared literal of a module is held against what the input can
hold. `opa check --schema` finds neither impossible literals nor anything below `walk`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import Any

from governance.authoring.checks import tree as t
from governance.authoring.checks.bindings import Bindings
from governance.authoring.checks.findings import Finding

EQUALITIES = ("eq", "equal", "neq")
ORDERINGS = ("lt", "lte", "gt", "gte")
PARTS = {"startswith": str.startswith, "endswith": str.endswith, "contains": str.__contains__}


def never_fires(tree: t.Tree, entity: str) -> list[Finding]:
    """Findings for a parsed module about a kind of entity."""
    reader = _Reader(Bindings.of(tree, entity), Bindings.followed(tree, entity), t.constants(tree))
    for rule in t.rules(tree):
        reader.read(rule)
    return list(dict.fromkeys(reader.findings))


@dataclass
class _Reader:
    """followed: knows what rules hand each other. Only values go by it: a helper for many things tries paths."""

    names: Bindings
    followed: Bindings
    constants: dict[str, list[str]]
    findings: list[Finding] = field(default_factory=list)

    def read(self, rule: t.Tree) -> None:
        """Hold every reference and comparison of one rule against the input."""
        body = self.names.enter(rule)
        self.followed.enter(rule)
        for reference in t.references({k: v for k, v in rule.items() if k != "else"}):
            self._path(reference)
        for node in body:
            self._comparison(node)

    def _path(self, reference: t.Tree) -> None:
        found = self.names.resolve(reference)
        if not found.broken or (not found.certain and t.head_of(reference) != "input"):
            return
        text = _text(reference)
        hint = f" Did you mean '{found.near}'?" if found.near else " Look at the input of an example."
        self.findings.append(
            Finding(
                "never_fires", "error" if found.near or found.closed else "warning",
                f"{text}: nothing known of a {self.names.entity} has '{found.broken}' there, so this is "
                f"undefined and the line never holds.{hint}",
                t.row(reference), t.column(reference),
            )
        )  # fmt: skip

    # --- comparisons --------------------------------------------------------------------------

    def _comparison(self, node: t.Tree) -> None:
        terms = node["terms"]
        operator = t.operator_of(terms)
        if operator in EQUALITIES or operator in PARTS or operator == "internal.member_2":
            first, second = terms[1], terms[2]
            if first.get("type") != "ref":
                first, second = second, first
            if first.get("type") == "ref":
                self._literals(node, operator, first, self._texts(second))
        elif operator in ORDERINGS:
            self._ordering(node, terms[1], terms[2])

    def _texts(self, term: Any) -> list[str]:
        if term.get("type") == "var":
            return self.constants.get(str(term["value"]), [])
        return t.strings(term)

    def _literals(self, node: t.Tree, operator: str, reference: t.Tree, texts: list[str]) -> None:
        values = self._values(reference)
        if not values:
            return
        fits = PARTS.get(operator, str.__eq__)
        wrong = [text for text in texts if not any(fits(value, text) for value in values)]
        if not wrong or any("<+" in text for text in wrong):
            return
        negative = (operator == "neq") != bool(node.get("negated"))
        every = len(wrong) == len(texts)
        effect = ("always" if negative else "never") + " holds" if every else "is never true for it"
        near = [difflib.get_close_matches(text, values, n=1, cutoff=0.55) for text in wrong]
        hints = [f" Did you mean '{n[0]}'?" for n in near if n]
        names = ", ".join(f"'{text}'" for text in wrong)
        self.findings.append(
            Finding(
                "never_fires", "error" if hints else "warning",
                f"{_text(reference)} is never {names}, so the comparison {effect}."
                + (hints[0] if hints else f" It can be: {', '.join(values[:8])}"
                   + (", …" if len(values) > 8 else "") + "."),
                t.row(node), t.column(node),
            )
        )  # fmt: skip

    def _values(self, reference: t.Tree) -> tuple[str, ...]:
        """Everything that can stand there, () when that is not a list."""
        for names in (self.names, self.followed):
            shapes = names.resolve(reference).shapes
            if shapes and all(shape.values for shape in shapes):
                return tuple(dict.fromkeys(v for shape in shapes for v in shape.values))
        return ()

    def _ordering(self, node: t.Tree, left: Any, right: Any) -> None:
        for reference, other in ((left, right), (right, left)):
            if reference.get("type") != "ref" or other.get("type") not in ("number", "string"):
                continue
            shapes = self.names.resolve(reference).shapes
            if shapes and all(s.text_number for s in shapes) and other["type"] == "number":
                advice = f"It is a text. Write to_number({_text(reference)})."
            elif shapes and all(s.kind == "duration" for s in shapes):
                advice = "It is a duration such as 10m, and texts compare by letters. Parse it first."
            else:
                continue
            self.findings.append(
                Finding("never_fires", "error",
                        f"{_text(reference)} cannot be compared like this. {advice}",
                        t.row(node), t.column(node))
            )  # fmt: skip


def _text(reference: t.Tree) -> str:
    parts = reference["value"]
    keys = (f".{p['value']}" if p.get("type") == "string" else "[_]" for p in parts[1:])
    return str(parts[0].get("value")) + "".join(keys)
