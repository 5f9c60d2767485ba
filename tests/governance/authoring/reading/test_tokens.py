"""Words, literals and numbers of a request."""

from __future__ import annotations

import pytest

from governance.authoring.facts import Facts
from governance.authoring.planner import Draft, plan
from governance.authoring.reading.request.whole import Requests
from governance.authoring.reading.words.tokens import lemma, tokenize


def bases(text: str) -> list[str]:
    return [token.base for token in tokenize(text)]


def test_identifiers_and_quoted_text_are_kept_as_typed() -> None:
    tokens = tokenize('use `prod_eu`, "My Name", K8sRollingDeploy and t3.micro.')
    literals = [token.text for token in tokens if token.kind == "literal"]
    assert literals == ["prod_eu", "My Name", "K8sRollingDeploy", "t3.micro"]


def test_contractions_hold_a_negation() -> None:
    assert bases("it mustn't, can't and doesn't") == [
        "it",
        "must",
        "not",
        ",",
        "can",
        "not",
        "and",
        "do",
        "not",
    ]


@pytest.mark.parametrize(
    ("typed", "base"),
    [("deploys", "deploy"), ("policies", "policy"), ("stages", "stage"), ("needs", "need"), ("ran", "run")],
)
def test_words_are_reduced_to_their_base_form(typed: str, base: str) -> None:
    assert lemma(typed) == base


def test_positions_point_into_the_text_as_typed() -> None:
    text = "No shell scripts, please."
    assert all(text[t.start : t.end] == t.text for t in tokenize(text) if t.kind != "word")


def test_a_misspelt_word_is_put_right_and_an_identifier_is_not() -> None:
    sentence = Requests(Facts()).sentences("every pipline needs the tag ownr_id")[0]
    assert [t.base for t in sentence.tokens if t.typed] == ["pipeline"]
    assert "ownr_id" in [t.text for t in sentence.tokens]


def test_what_was_put_right_is_told() -> None:
    """ "prodx" may be a name that nobody knows here; who reads the draft has to see what became of it."""
    draft = plan("Deploys to prodx are forbidden", Facts())
    assert isinstance(draft, Draft)
    slips = [p for p in draft.reading if "slip" in p.meaning]
    assert [(p.text, p.start, p.end) for p in slips] == [("prodx", 11, 16)]
