"""Cases derived from a rule hold for the compiled policy and reach every branch of it."""

from __future__ import annotations

import pytest

from governance.authoring.cases import derive, rego_tests
from governance.authoring.compile import library_source, linked, standalone
from governance.authoring.rule import Rule
from governance.engines import opa_cli
from tests.governance.authoring.dev_rules import OTHERS, RULES

EVERY = {name: rule for name, rule in {**RULES, **OTHERS}.items() if name != "never and always"}


@pytest.mark.parametrize("rule", EVERY.values(), ids=EVERY)
def test_a_rule_has_a_document_that_fails_and_one_that_passes(rule: Rule) -> None:
    assert {case.expect for case in derive(rule)} == {"deny", "allow"}


@pytest.mark.opa
def test_every_derived_case_holds_in_both_modules_and_every_line_is_reached() -> None:
    modules = {"library.rego": library_source()}
    for number, rule in enumerate(EVERY.values()):
        cases = derive(rule)
        documents = [case.document for case in cases]
        denied = [case.expect == "deny" for case in cases]
        assert [bool(found) for found in opa_cli.evaluate(standalone(rule), documents)] == denied
        package = f"policy_{number}"
        modules[f"{package}.rego"] = linked(rule, package)
        modules[f"{package}_test.rego"] = rego_tests(cases, package)
    run = opa_cli.run_tests(modules, limits=opa_cli.BULK)
    assert run.failed == []
    missed = {name: lines for name, lines in run.uncovered.items() if name.startswith("policy_") and lines}
    assert missed == {}


def test_cases_are_small() -> None:
    for rule in EVERY.values():
        assert all(len(str(case.document)) < 1500 for case in derive(rule) if "stages" not in case.name)
