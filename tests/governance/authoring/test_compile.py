"""Compiled modules are clean, formatted, safe on odd input and say where and what."""

from __future__ import annotations

import time

import pytest

from governance.authoring.compile import library_source, linked, standalone
from governance.authoring.fields import KINDS
from governance.authoring.judge import breaches
from governance.authoring.rule import Clause, Exists, Named, Rule
from governance.engines import opa_cli
from tests.governance.authoring.dev_rules import OTHERS, RULES, both, field_is, rule, stage

EVERY = {**RULES, **OTHERS}


@pytest.mark.opa
@pytest.mark.parametrize("made", EVERY.values(), ids=EVERY)
def test_both_modules_are_strict_and_formatted(made: Rule) -> None:
    for text, others in ((standalone(made), {}), (linked(made), {"library.rego": library_source()})):
        assert opa_cli.check(text, others=others) == []
        assert opa_cli.fmt(text) == text


@pytest.mark.opa
def test_the_library_is_strict_and_formatted() -> None:
    assert opa_cli.check(library_source()) == []
    assert opa_cli.fmt(library_source()) == library_source()


@pytest.mark.opa
def test_violations_say_message_place_code_and_fix() -> None:
    made = rule("pipeline", Clause(
        each=Named(name="stages"), name="stage", demand=stage("type", "is", "CI"), code="only-ci",
        message="stage '{stage}' is 100% wrong", fix="Make {stage} a CI stage."))  # fmt: skip
    document = {"pipeline": {"stages": [{"parallel": [{"stage": {"name": "a"}}]}]}}
    [found] = opa_cli.evaluate_rule(standalone(made), "violations", [document])
    assert found == [{
        "code": "only-ci", "fix": "Make a a CI stage.", "msg": "stage 'a' is 100% wrong",
        "path": "pipeline.stages[0].parallel[0].stage",
    }]  # fmt: skip
    [breach] = breaches(made, document)
    assert [breach.code, breach.fix, breach.message, breach.path] == list(found[0].values())


def test_the_package_is_the_one_of_the_entity_unless_given() -> None:
    made = RULES["pol-d027"]
    assert "\npackage infra\n" in standalone(made)
    assert "\npackage mine.own\n" in standalone(made, "mine.own")


@pytest.mark.parametrize("text", ["x\npackage evil", 'quote " and `', "50% {", "line\u2028end"])
def test_texts_of_a_rule_cannot_leave_their_place(text: str) -> None:
    made = rule("pipeline", Clause(demand=field_is("name", "is", text), message=text))
    made = made.model_copy(update={"title": text})
    assert opa_cli.check(standalone(made)) == []
    assert opa_cli.evaluate(standalone(made), [{"pipeline": {}}]) == [{text}]


def test_a_rule_compiles_in_less_than_50_ms() -> None:
    for made in EVERY.values():
        started = time.process_time()
        standalone(made)
        linked(made)
        assert time.process_time() - started < 0.05


@pytest.mark.parametrize(
    ("literal", "measure"), [("soon", "duration"), ("many", "quantity"), ("x", "version")]
)
def test_a_literal_that_does_not_fit_its_measure_is_refused(literal: str, measure: str) -> None:
    made = rule(
        "pipeline", Clause(demand=field_is("timeout", "at_most", literal, measure=measure), message="m")
    )
    with pytest.raises(ValueError, match=f"cannot be read as a {measure}"):
        standalone(made)


def test_a_name_that_is_not_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="'step' is not bound"):
        rule("pipeline", Clause(demand=field_is("type", "is", "x", of="step"), message="m"))
    inner = Exists(each=Named(name="steps"), name="stage", where=both())
    twice = Clause(each=Named(name="stages"), name="stage", demand=inner, message="m")
    with pytest.raises(ValueError, match="already bound"):
        rule("pipeline", twice)


@pytest.mark.parametrize("name", ["package", "input_item", "words", "number", "label", "count", "not"])
def test_any_name_can_be_bound(name: str) -> None:
    made = rule("sbom", Clause(
        each={"kind": "items", "path": ()}, name=name, message=f"{{{name}}}",
        demand=field_is("version", "at_least", "1.0", of=name, measure="version")))  # fmt: skip
    assert opa_cli.check(standalone(made)) == []
    assert opa_cli.evaluate(standalone(made), [[{"name": "a", "version": "0.9"}]]) == [{"a"}]


def test_every_kind_of_entity_has_a_root_and_an_event() -> None:
    assert {k.name for k in KINDS.values() if k.array} == {"sbom", "firewall", "securityTests"}
    assert all(kind.events and kind.package for kind in KINDS.values())
