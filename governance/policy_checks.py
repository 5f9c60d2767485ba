"""What a policy's text must pass before it is kept, and before it is put in force."""

from __future__ import annotations

from typing import Any

from governance import kinds, rego_text
from governance.authoring.compile import standalone
from governance.authoring.rule import Rule
from governance.engines import opa_stand_in as opa_cli
from governance.errors import Conflict, Invalid, Problem
from governance.models import PolicyVersion

MAX_REGO_BYTES = 256 * 1024


def refuse_unknown_entity(entity: str) -> None:
    """A policy speaks about a kind of document that is gated at all."""
    gated = sorted(k.name for k in kinds.known().values() if k.events)
    if entity not in gated:
        raise Invalid([Problem(f"no documents of kind {entity!r}; known: {', '.join(gated)}", path="entity")])


def refuse_bad_rego(text: str, policy: str) -> None:
    """Raises Invalid with every problem: syntax, types, forbidden built-ins, foreign data, no rule `deny`."""
    if not text.strip():
        raise Invalid(["the policy is empty: write Rego with a rule `deny`"])
    if len(text.encode()) > MAX_REGO_BYTES:
        raise Invalid([f"the policy is longer than {MAX_REGO_BYTES // 1024} kB"])
    if found := opa_cli.check(text):
        raise Invalid([Problem(p.message, line=p.line, column=p.column) for p in found])
    tree = opa_cli.parse(text)
    if bad := rego_text.problems(tree):
        raise Invalid(bad)
    try:
        rego_text.nest(text, policy, "0")
    except ValueError as error:
        raise Invalid([f"the policy cannot be moved into a bundle: {error}"]) from error


def rule_of(given: dict[str, Any], text: str) -> dict[str, Any]:
    """The Rule the text was compiled from; {} when a person changed the text since, so that only it counts."""
    if not given:
        return {}
    try:
        rule = Rule.model_validate(given)
        same = standalone(rule)
    except ValueError as error:
        raise Invalid([Problem(f"not a rule: {error}", path="rule")]) from error
    return dict(given) if same.split() == text.split() else {}


def refuse_conflicts(version: PolicyVersion) -> None:
    """Raises Conflict when a case of the policy makes it fail: in force it would close the gate for everybody."""
    documents = [c["document"] for c in version.cases if isinstance(c, dict) and "document" in c]
    try:
        opa_cli.evaluate(version.rego, documents)
    except ValueError as error:
        raise Conflict(f"version {version.number} cannot be evaluated on its own cases: {error}") from error
