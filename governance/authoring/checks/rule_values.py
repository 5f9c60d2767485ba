"""Tests of a rule that can never come true: fields nothing has, values a field never takes."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from governance.authoring import rule as r
from governance.authoring.checks.findings import Finding
from governance.authoring.fields import METADATA_FIELDS, STAGE_TYPES, STEP_TYPES, kind_of
from governance.authoring.fields.model import FieldSpec
from governance.authoring.fields.pipeline import STAGE_FIELDS
from governance.authoring.judge import TEXT_TESTS
from governance.authoring.scope import parts
from governance.authoring.wording import Words

Fields = Mapping[str, tuple[FieldSpec, ...]]


def impossible_tests(rule: r.Rule) -> list[Finding]:
    """Findings for the tests and predicates of a rule."""
    kind = kind_of(rule.entity)
    start: dict[str, tuple[FieldSpec, ...]] = {"document": kind.fields, "metadata": METADATA_FIELDS}
    found: list[Finding] = []
    for clause in rule.clauses:
        known = dict(start)
        if clause.each is not None:
            known[clause.name] = _fields(rule, clause.each)
        for part in (clause.where, clause.unless, clause.demand):
            if part is not None:
                found.extend(_in(rule, part, known))
    return found


def _in(rule: r.Rule, node: Any, known: Fields) -> list[Finding]:
    if isinstance(node, r.Test):
        return [*_test(node, known), *_inner(rule, node, known)]
    if isinstance(node, r.RanBefore | r.ApprovedBefore):
        return [f for kind in node.types for f in _listed(kind, STEP_TYPES, "step type")]
    name = getattr(node, "name", None)
    each = getattr(node, "each", None)
    inner = {**known, name: _fields(rule, each)} if name and each else known
    return _inner(rule, node, inner)


def _inner(rule: r.Rule, node: Any, known: Fields) -> list[Finding]:
    return [f for part in parts(node) for f in _in(rule, part, known)]


def _fields(rule: r.Rule, each: Any) -> tuple[FieldSpec, ...]:
    spec = Words(kind_of(rule.entity))._spec(each)
    return spec.fields if spec else ()


def _test(test: r.Test, known: Fields) -> list[Finding]:
    if not isinstance(test.value, r.Field) or not test.value.path:
        return []
    name, dot, _ = test.value.of.partition(".")
    fields = STAGE_FIELDS if dot else known.get(name, ())
    spec = next((f for f in fields if f.parts == test.value.path), None)
    if spec is None:
        return _unknown(test, fields)
    if not spec.values or test.op not in ("is", "starts_with", "ends_with", "contains"):
        return []
    options = [option for option in test.to if isinstance(option, str)]
    values = spec.values if not test.ignore_case else tuple(v.lower() for v in spec.values)
    wrong = [o for o in options if not _possible(test, o, values)]
    return [f for o in wrong for f in _listed(o, spec.values, spec.label, partly=test.op != "is")]


def _possible(test: r.Test, option: str, values: tuple[str, ...]) -> bool:
    wanted = option.lower() if test.ignore_case else option
    fits = TEXT_TESTS[test.op] if test.op != "is" else lambda value, given: value in given
    return any(fits(value, [wanted]) for value in values)


def _listed(value: str, values: tuple[str, ...], label: str, partly: bool = False) -> list[Finding]:
    """A finding when a value is none of the known ones."""
    if value in values and not partly:
        return []
    near = difflib.get_close_matches(value, values, n=1, cutoff=0.55)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    # Installations may know step types of their own; a near miss is still a mistake.
    severe = bool(near) or values not in (STEP_TYPES, STAGE_TYPES)
    message = f"The {label} is never '{value}', so the test never holds.{hint}"
    return [Finding("never_fires", "error" if severe else "warning", message)]


def _unknown(test: r.Test, fields: tuple[FieldSpec, ...]) -> list[Finding]:
    """A path nothing is known of, where the fields around it are known."""
    if not isinstance(test.value, r.Field) or test.op == "exists":
        return []
    path = ".".join(test.value.path)
    opened = {f.path for f in fields if f.type in ("map", "any", "list")}
    below_open = any(path.startswith(f"{p}.") for p in opened if p != "spec")
    if not fields or path == "@key" or below_open:
        return []
    near = difflib.get_close_matches(path, [f.path for f in fields], n=1, cutoff=0.8)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    message = f"Nothing known has the field '{path}', so the test never holds.{hint}"
    return [Finding("never_fires", "error" if near else "warning", message)]
