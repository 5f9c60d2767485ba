"""Explanations leave nothing out and point at the lines they speak of."""

import pytest

from governance.authoring import rule as r
from governance.authoring.compile import standalone
from governance.authoring.explain import explain_rego, explain_rule
from governance.authoring.wording import clause_text
from governance.engines import opa_cli
from tests.governance.authoring.dev_rules import RULES


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_clause_has_a_sentence_with_its_lines(rule) -> None:
    text = standalone(rule)
    sentences = explain_rule(rule, text)
    assert len(sentences) == len(rule.clauses)
    for sentence in sentences:
        assert text.splitlines()[sentence.lines[0] - 1].startswith("violations contains")


def test_a_sentence_names_the_values_of_the_rule() -> None:
    [sentence] = explain_rule(RULES["pol-d048"])
    assert '"log4j-core"' in sentence.text
    assert '"2.17.1"' in sentence.text


def test_what_nothing_may_do_is_said_to_be_refused() -> None:
    named = r.Test(value=r.Field(of="document", path=("name",)), op="present")
    clause = r.Clause(where=named, demand=r.Any(), message="no")
    text = clause_text(r.Rule(entity="pipeline", title="no", clauses=(clause,)), clause)
    assert text.endswith(": it is always refused.")
    assert "false" not in text


@pytest.mark.opa
def test_hand_written_rego_is_explained_and_what_is_unknown_is_named() -> None:
    text = """package p

deny contains msg if {
	input.pipeline.name == "x"
	not startswith(input.pipeline.identifier, "team_")
	crypto.sha256(input.pipeline.name) != "abc"
	msg := "no"
}
"""
    _, sentence = explain_rego(opa_cli.parse(text))
    assert 'input.pipeline.name is "x"' in sentence.text
    assert "input.pipeline.identifier does not start with" in sentence.text
    assert "I cannot explain: crypto.sha256" in sentence.text
    assert not sentence.understood
    assert sentence.lines == (3, 4, 5, 6, 7, 8)
