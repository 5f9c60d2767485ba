"""Policies in English, each sentence with the lines of Rego it speaks of.

A rule is said in full. Hand-written Rego is said as far as its syntax tree tells; what could not
be explained is named, never left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.authoring import rule as r
from governance.authoring.compile import standalone
from governance.authoring.wording import clause_text, listed

CLAUSE = re.compile(r"^violations contains violation if \{$")
INFIX = {
    "eq": "is", "equal": "is", "neq": "is not", "lt": "is less than", "lte": "is at most",
    "gt": "is more than", "gte": "is at least", "internal.member_2": "is one of",
    "startswith": "starts with", "endswith": "ends with", "contains": "contains",
    "regex.match": "is matched by", "glob.match": "is matched by",
}  # fmt: skip
ARITHMETIC = {"plus": "+", "minus": "-", "mul": "×", "div": "/", "rem": "modulo"}
CALLS = {
    "count": "the number of {0}", "lower": "{0} in small letters", "upper": "{0} in capitals",
    "to_number": "{0} as a number", "trim_space": "{0} without blanks around it",
    "object.get": "{1} of {0} (or {2})", "sprintf": "the text {0}", "concat": "{1} joined by {0}",
    "split": "{0} split at {1}", "sum": "the sum of {0}", "max": "the highest of {0}",
    "min": "the lowest of {0}", "time.weekday": "the weekday of {0}",
    "time.clock": "the time of day of {0}", "time.date": "the date of {0}", "walk": "anything in {0}",
    "is_string": "{0} is a text", "is_number": "{0} is a number", "is_object": "{0} is a map",
    "is_array": "{0} is a list", "trim_prefix": "{0} without {1} in front", "round": "{0} rounded",
    "floor": "{0} rounded down", "abs": "the size of {0}",
}  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A sentence and the lines (1-based) it explains; `understood` is False where it could not."""

    text: str
    lines: tuple[int, ...]
    understood: bool = True


def explain_rule(rule: r.Rule, text: str = "") -> list[Sentence]:
    """The rule clause by clause, tied to the lines of its standalone module (or of `text`)."""
    starts, rows = [], (text or standalone(rule)).splitlines()
    for number, row in enumerate(rows, start=1):
        if CLAUSE.match(row):
            starts.append(number)
    sentences = []
    for clause, start in zip(rule.clauses, starts, strict=False):
        end = next(n for n in range(start, len(rows) + 1) if rows[n - 1] == "}")
        sentences.append(Sentence(clause_text(rule, clause), tuple(range(start, end + 1))))
    return sentences


def explain_rego(tree: Mapping[str, Any]) -> list[Sentence]:
    """A parsed module (`opa parse` with locations) rule by rule."""
    package = ".".join(str(part["value"]) for part in tree["package"]["path"][1:])
    row = tree["package"].get("location", {}).get("row", 1)
    sentences = [Sentence(f"The policy is the package {package}.", (row,))]
    for found in tree.get("rules") or []:
        sentences.append(_Reader().rule(found))
    return sentences


class _Reader:
    """Says one rule; remembers what it could not say."""

    def __init__(self) -> None:
        self.unknown: list[str] = []
        self.rows: set[int] = set()

    def rule(self, found: Mapping[str, Any]) -> Sentence:
        self._see(found)
        head = found["head"]
        conditions = [self.expression(e) for e in found.get("body") or []]
        conditions = [c for c in conditions if c not in ("", "true")]
        text = f"{self._head(head)} {_when(conditions)}".strip() + "."
        if found.get("default"):
            text = f"Otherwise {text[0].lower()}{text[1:]}"
        while found.get("else"):
            found = found["else"]
            self._see(found)
            inner = [self.expression(e) for e in found.get("body") or []]
            value = self.term(found["head"].get("value", {"type": "boolean", "value": True}))
            inner = [c for c in inner if c not in ("", "true")]
            text += f" Else it is {value} {_when(inner)}".rstrip() + "."
        if self.unknown:
            text += f" I cannot explain: {listed(sorted(set(self.unknown)))}."
        lines = range(min(self.rows), max(self.rows) + 1) if self.rows else ()
        return Sentence(text, tuple(lines), not self.unknown)

    def _head(self, head: Mapping[str, Any]) -> str:
        name = head.get("name") or _joined(head.get("ref", []))
        value = head.get("value")
        if "key" in head and name in ("deny", "violations", "violation"):
            return f"It is refused with {self.term(head['key'])}"
        if name in ("warn", "warning") and "key" in head:
            return f"It is warned with {self.term(head['key'])}"
        if "key" in head:
            return f"{self.term(head['key'])} is one of {name}"
        arguments = [self.term(a) for a in head.get("args") or []]
        called = f"{name} of {listed(arguments)}" if arguments else str(name)
        if value is None or value.get("value") is True:
            return "It is refused" if name == "deny" else f"{called} holds"
        return f"{called} is {self.term(value)}"

    def _see(self, node: Any) -> None:
        """Remember the lines a part of the tree lies on."""
        if isinstance(node, Mapping):
            row = (node.get("location") or {}).get("row")
            if isinstance(row, int):
                self.rows.add(row)
            for key, value in node.items():
                if key not in ("location", "else"):
                    self._see(value)
        elif isinstance(node, list):
            for value in node:
                self._see(value)

    def expression(self, found: Mapping[str, Any]) -> str:
        """One line of a body."""
        terms = found.get("terms")
        if isinstance(terms, Mapping) and "symbols" in terms:
            return self._some(terms["symbols"])
        if isinstance(terms, Mapping) and "domain" in terms:
            body = [self.expression(e) for e in terms.get("body") or []]
            value = self.term(terms["value"])
            return f"for every {value} in {self.term(terms['domain'])} it holds that {' and '.join(body)}"
        text = self._call(terms) if isinstance(terms, Sequence) else self._plain(terms)
        for changed in found.get("with") or []:
            text += f" (with {self.term(changed['target'])} replaced by {self.term(changed['value'])})"
        return f"it is not so that {text}" if found.get("negated") else text

    def _plain(self, term: Any) -> str:
        if term.get("type") == "boolean":
            return "true" if term["value"] else "never"
        if term.get("type") == "call":
            return self._call(term["value"])
        return f"{self.term(term)} is given"

    def _some(self, symbols: list[Any]) -> str:
        first = symbols[0]
        if first.get("type") == "call":
            _, *arguments = first["value"]
            names = [self.term(a) for a in arguments]
            return f"there is {' and '.join(reversed(names[:-1]))} in {names[-1]}"
        return ""

    def _call(self, terms: Sequence[Any]) -> str:
        operator, arguments = _joined(terms[0]["value"]), [self.term(a) for a in terms[1:]]
        if operator == "assign" or (operator == "eq" and terms[1].get("type") == "var"):
            return f"{arguments[0]} is {arguments[1]}"
        if operator == "regex.match":
            arguments.reverse()
        if operator in INFIX and len(arguments) == 2:
            return f"{arguments[0]} {INFIX[operator]} {arguments[1]}"
        if operator in ARITHMETIC and len(arguments) == 2:
            return f"{arguments[0]} {ARITHMETIC[operator]} {arguments[1]}"
        if operator in CALLS and len(arguments) >= CALLS[operator].count("{"):
            return CALLS[operator].format(*arguments)
        if "." in operator and not operator.startswith("data."):
            self.unknown.append(operator)
        return f"{operator} of {listed(arguments)}" if arguments else operator

    def term(self, found: Mapping[str, Any]) -> str:
        """A term as it reads best."""
        kind = found.get("type")
        value: Any = found.get("value")
        if kind == "var":
            return "something" if str(value).startswith("$") or value == "_" else str(value)
        if kind == "string":
            return f'"{value}"'
        if kind == "ref":
            return self._reference(value)
        if kind == "call":
            return self._call(value)
        if kind in ("array", "set"):
            return listed([self.term(item) for item in value]) or "nothing"
        if kind == "object":
            return "; ".join(f"{self.term(k)} {self.term(v)}" for k, v in value)
        if kind in ("arraycomprehension", "setcomprehension", "objectcomprehension"):
            body = [self.expression(e) for e in value.get("body") or []]
            head = self.term(value["term"]) if "term" in value else self.term(value["value"])
            return f"all {head} where {' and '.join(c for c in body if c)}"
        if kind in ("number", "boolean", "null"):
            return "null" if value is None else str(value).lower()
        self.unknown.append(str(kind))
        return f"<{kind}>"

    def _reference(self, parts: Any) -> str:
        text = ""
        for i, part in enumerate(parts):
            if i == 0:
                text = self.term(part)
            elif part.get("type") == "string":
                text += f".{part['value']}"
            else:
                text += f"[{'any' if str(part.get('value', '')).startswith('$') else self.term(part)}]"
        return text


def _joined(parts: Any) -> str:
    """A reference to a function as text."""
    if isinstance(parts, str):
        return parts
    return ".".join(str(part.get("value")) for part in parts)


def _when(conditions: list[str]) -> str:
    return f"when {', and '.join(conditions)}" if conditions else ""
