"""What a model proposes, held against the checks every draft has; what does not pass goes back to it, never to a person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance import policy_reports
from governance.authoring import compile as compiler
from governance.authoring.cases import Case, derive
from governance.authoring.facts import Facts
from governance.authoring.rule import Rule
from governance.engines import opa_cli
from portal.assistant.answers import Example, PolicyAnswer
from portal.assistant.loop import Rejected

MOST_SAID = 10
MOST_DOCUMENT = 1500


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """An example document, what the rule should say of it and what real OPA said."""

    name: str
    document: Mapping[str, Any]
    expect: str
    verdict: str
    messages: list[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """Rego that passed, with its examples as OPA decided them."""

    rego: str
    entity: str
    cases: list[CaseVerdict]


def verdicts(rego: str, rule: Rule, facts: Facts) -> list[CaseVerdict]:
    """The rule's own minimal examples, decided by real OPA in one limited process."""
    return _decided(rego, derive(rule, facts))


def _decided(rego: str, cases: Sequence[Case]) -> list[CaseVerdict]:
    answers = opa_cli.evaluate(rego, [c.document for c in cases])
    return [
        CaseVerdict(c.name, c.document, c.expect, "deny" if found else "allow", sorted(found))
        for c, found in zip(cases, answers, strict=True)
    ]


def rule(proposed: Rule, facts: Facts) -> Checked:
    """A model's Rule, compiled and checked. Raises Rejected with what to change."""
    try:
        rego = opa_cli.fmt(compiler.standalone(proposed))
        cases = verdicts(rego, proposed, facts)
    except (ValueError, TypeError, LookupError, RecursionError) as error:  # it fits the schema, and no more
        raise Rejected(f"the rule cannot be compiled: {type(error).__name__}: {error}") from error
    return _passed(Checked(rego, proposed.entity, cases), proposed.model_dump(mode="json"))


def rego(answer: PolicyAnswer) -> Checked:
    """A model's Rego with the examples it gave, decided and checked. Raises Rejected with what to change."""
    problems = opa_cli.check(answer.rego)
    if problems:
        raise Rejected("; ".join(str(p) for p in problems[:MOST_SAID]))
    text = opa_cli.fmt(answer.rego)
    try:
        cases = _decided(text, [_case(example) for example in answer.examples])
    except opa_cli.OpaFailed as error:
        raise Rejected(f"the examples could not be decided: {error}") from error
    return _passed(Checked(text, answer.entity, cases), {})


def _case(example: Example) -> Case:
    try:
        document = json.loads(example.document)
    except ValueError as error:
        raise Rejected(f"the document of the example {example.name!r} is no JSON: {error}") from error
    return Case(example.name, document, example.expect)


def _passed(made: Checked, rule: Mapping[str, Any]) -> Checked:
    wrong = [f"{c.name} (expected {c.expect}, is {c.verdict})" for c in made.cases if c.verdict != c.expect]
    if wrong:
        raise Rejected(f"it does not decide its own examples as it should: {', '.join(wrong[:MOST_SAID])}")
    cases = [Case(c.name, c.document, "deny" if c.expect == "deny" else "allow") for c in made.cases]
    report = policy_reports.of_text(made.rego, made.entity, cases=cases, rule=rule)
    errors = [_said(f) for f in report.findings if f.severity == "error"]
    if errors:
        raise Rejected("; ".join(errors[:MOST_SAID]))
    return made


def _said(found: policy_reports.FindingView) -> str:
    at = f" (line {found.line})" if found.line else ""
    shown = "" if found.document is None else f" It shows on {json.dumps(found.document)[:MOST_DOCUMENT]}"
    return f"{found.check}: {found.message}{at}{shown}"
