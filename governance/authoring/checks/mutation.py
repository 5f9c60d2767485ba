"""Small changes of a policy: cases that do not notice one leave a part of it untested."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from governance.authoring import rule as r
from governance.authoring.cases import Case
from governance.authoring.checks import tree as t
from governance.authoring.checks.findings import Finding
from governance.authoring.compile.library import library_blocks
from governance.authoring.judge import judge

FLIPS = {"less_than": "at_most", "at_most": "less_than", "more_than": "at_least", "at_least": "more_than"}
OPERATORS = {"==": "!=", "!=": "==", "<=": "<", ">=": ">", "<": "<=", ">": ">="}


@dataclass(frozen=True)
class Survivor:
    """A change no case notices."""

    what: str
    line: int = 0

    def finding(self) -> Finding:
        message = f"No case notices it when {self.what}. Add a case that does."
        return Finding("mutation", "warning", message, self.line)


def rule_mutation_score(rule: r.Rule, cases: Sequence[Case]) -> tuple[float, list[Survivor]]:
    """The share of changed rules that at least one case tells from the rule, and the others."""
    mutants = list(rule_mutants(rule))
    survivors = [
        Survivor(what)
        for what, mutant in mutants
        if all(bool(judge(mutant, case.document)) == (case.expect == "deny") for case in cases)
    ]
    return (1 - len(survivors) / len(mutants) if mutants else 1.0), survivors


def rule_mutants(rule: r.Rule) -> Iterator[tuple[str, r.Rule]]:
    """The rule with one thing changed, and what was changed."""
    for i, clause in enumerate(rule.clauses):
        for what, changed in _clause_mutants(clause):
            clauses = (*rule.clauses[:i], changed, *rule.clauses[i + 1 :])
            yield what, rule.model_copy(update={"clauses": clauses})
        if len(rule.clauses) > 1:
            rest = rule.clauses[:i] + rule.clauses[i + 1 :]
            yield f"clause {i + 1} is dropped", rule.model_copy(update={"clauses": rest})


def _clause_mutants(clause: r.Clause) -> Iterator[tuple[str, r.Clause]]:
    if clause.unless is not None:
        yield "the exception is dropped", clause.model_copy(update={"unless": None})
    if clause.where != r.All():
        yield "the condition is dropped", clause.model_copy(update={"where": r.All()})
    for name in ("where", "unless", "demand"):
        part = getattr(clause, name)
        if part is not None:
            for what, changed in condition_mutants(part):
                yield what, clause.model_copy(update={name: changed})


def condition_mutants(node: Any) -> Iterator[tuple[str, Any]]:
    """A condition with one thing changed."""
    match node:
        case r.All() | r.Any():
            yield from _several(node)
        case r.Not():
            yield "a negation is dropped", node.of
        case r.Test():
            yield from _test_mutants(node)
        case r.Exists():
            yield "an existence is denied", r.Not(of=node)
        case r.DeploysToProduction() | r.UserInGroup() | r.UserHasRole() | r.RanBefore():
            yield f"'{node.kind.replace('_', ' ')}' is negated", r.Not(of=node)
        case r.ApprovedBefore() | r.During() | r.Order():
            yield f"'{node.kind.replace('_', ' ')}' is negated", r.Not(of=node)
    for name in ("where", "demand", "of"):
        inner = getattr(node, name, None)
        if isinstance(inner, r.Node) and not isinstance(inner, r.Field):
            for what, changed in condition_mutants(inner):
                yield what, node.model_copy(update={name: changed})


def _several(node: Any) -> Iterator[tuple[str, Any]]:
    for i, part in enumerate(node.of):
        rest = node.of[:i] + node.of[i + 1 :]
        if rest:
            yield "one part of a condition is dropped", node.model_copy(update={"of": rest})
        for what, changed in condition_mutants(part):
            yield what, node.model_copy(update={"of": (*node.of[:i], changed, *node.of[i + 1 :])})
    if len(node.of) > 1:
        other = r.Any if isinstance(node, r.All) else r.All
        yield "and and or are exchanged", other(of=node.of)


def _test_mutants(test: r.Test) -> Iterator[tuple[str, Any]]:
    subject = ".".join(getattr(test.value, "path", ())) or "a value"
    yield f"the test of {subject} is negated", r.Not(of=test)
    if test.op in FLIPS:
        yield f"the limit of {subject} is moved by one", test.model_copy(update={"op": FLIPS[test.op]})
    if len(test.to) > 1:
        for i, option in enumerate(test.to):
            rest = test.to[:i] + test.to[i + 1 :]
            yield f"'{option}' is no longer listed for {subject}", test.model_copy(update={"to": rest})
    elif (
        len(test.to) == 1 and isinstance(test.to[0], str) and test.measure == "plain" and test.op != "matches"
    ):
        changed = test.model_copy(update={"to": (f"{test.to[0]}~",)})
        yield f"'{test.to[0]}' is changed for {subject}", changed


# --- hand-written Rego ---------------------------------------------------------------------------


@dataclass(frozen=True)
class RegoMutant:
    """The module with one change."""

    what: str
    line: int
    text: str


def rego_mutants(text: str, tree: t.Tree, most: int = 40) -> list[RegoMutant]:
    """Changed modules: a line dropped, a comparison turned, a literal changed, a `not` dropped."""
    found: dict[str, RegoMutant] = {}
    rows = text.split("\n")
    shared = {name for name, block in library_blocks().items() if block.text.split("\n\n")[0] in text}
    for expression in t.expressions(tree):
        if t.name_of(expression.rule) in shared:
            continue  # a helper of the library, which has tests of its own
        source = _source(expression.node)
        start = t.column(expression.node) - 1
        line = expression.line
        if not source or line < 1 or not rows[line - 1][start:].startswith(source.split("\n")[0]):
            continue
        for what, changed in _expression_mutants(source, expression):
            mutant = _replaced(rows, line - 1, start, source, changed)
            if mutant is not None:
                found.setdefault(mutant, RegoMutant(what, line, mutant))
    return list(found.values())[:most]


def _expression_mutants(source: str, expression: t.Expression) -> Iterator[tuple[str, str]]:
    short = source if len(source) < 60 else f"{source[:57]}..."
    if ":=" not in source and not source.startswith("some "):
        yield f"'{short}' is dropped", "true"
    if source.startswith("not "):
        yield f"the 'not' of '{short}' is dropped", source[4:]
    for sign, other in OPERATORS.items():
        pattern = rf"(?<![<>=!:]){re.escape(sign)}(?![=])"
        if re.search(pattern, source):
            yield f"'{sign}' in '{short}' becomes '{other}'", re.sub(pattern, other, source, count=1)
    for literal in re.findall(r'"[^"\\]+"', source)[:3]:
        changed = source.replace(literal, json.dumps(f"{literal[1:-1]}~"), 1)
        yield f"{literal} in '{short}' is changed", changed


def _source(node: t.Tree) -> str:
    """The text of an expression as it was written."""
    given = (node.get("location") or {}).get("text")
    return base64.b64decode(given).decode() if isinstance(given, str) else ""


def _replaced(rows: list[str], row: int, start: int, source: str, changed: str) -> str | None:
    text = "\n".join(rows)
    offset = sum(len(r) + 1 for r in rows[:row]) + start
    if text[offset : offset + len(source)] != source:
        return None
    return text[:offset] + changed + text[offset + len(source) :]
