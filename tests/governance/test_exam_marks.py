"""Marks in an exam: what is right, what is a wrong draft, and what an answer that cannot be used is worth."""

from __future__ import annotations

import json

import pytest

from governance.errors import Invalid
from governance.exam import paper as papers
from governance.exam.marking import Answer, mark
from governance.exam.paper import Item

OWNER = {
    "id": "one",
    "category": "service",
    "prompt": "Every service needs an owner.",
    "cases": [
        {"name": "without", "expect": "deny", "input": {"service": {}}},
        {"name": "with", "expect": "allow", "input": {"service": {"owner": "ada"}}},
    ],
}
RIGHT = 'package exam\n\ndeny contains "needs an owner" if not input.service.owner\n'


def marked(rego: str = "", given: str = "draft", item: dict | None = None):
    return mark(Item.model_validate(item or OWNER), Answer(given, rego))


@pytest.mark.opa
def test_a_draft_is_right_when_every_case_agrees():
    assert marked(RIGHT).right


@pytest.mark.opa
@pytest.mark.parametrize(
    ("rego", "why"),
    [
        ('package exam\n\ndeny contains "never" if false\n', "without: expected deny"),
        ('package exam\n\ndeny contains "always"\n', "with: expected allow"),
        ("package exam\n\ndeny contains {{{", "cannot be used"),
        ("this is no Rego", "cannot be used"),
        (
            'package exam\n\ndeny contains "x" if http.send({"url": "http://x", "method": "get"})\n',
            "http.send",
        ),
        ('package exam\n\nallow contains "x" if true\n', "undefined"),
        ('package exam\n\ndeny := "x" if not input.service.owner\n', "undefined"),
        (
            'package exam\n\ndeny contains "x" if {\n\tcount([1 | some a in numbers.range(1, 100000);'
            " some b in numbers.range(1, 100000); a * b == 7]) > 0\n}\n",
            "did not finish",
        ),
    ],
)
def test_everything_else_is_a_wrong_draft_and_says_why(rego, why):
    found = marked(rego)
    assert (found.given, found.right) == ("draft", False)
    assert why in found.why


def test_asking_is_right_only_where_it_has_to_be_asked():
    unclear = {"id": "two", "prompt": "Make it better.", "expect_clarify": True}
    assert marked(given="question", item=unclear).right
    assert marked(given="refusal", item=unclear).right
    assert not marked(given="question").right
    assert not marked(given="failure", item=unclear).right
    assert marked(RIGHT, item=unclear).why == "should have been asked about"


def test_a_file_with_a_wrong_line_is_refused_as_a_whole_and_each_line_is_named():
    lines = [json.dumps(OWNER), "{", json.dumps({"id": "x", "prompt": "y"}), json.dumps(OWNER)]
    with pytest.raises(Invalid) as refused:
        papers.read("exam.jsonl", "\n".join(lines), {})
    said = [str(p) for p in refused.value.problems]
    assert said[0].startswith("line 2: is no JSON")
    assert "give either cases, or expect_clarify" in said[1]
    assert said[1].startswith("line 3")
    assert said[2] == "two items are called 'one'"


@pytest.mark.parametrize("key", ["a\x00b", "a\nb", ""])
def test_an_id_that_cannot_be_shown_or_kept_is_refused(key):
    with pytest.raises(Invalid, match=r"line 1: id"):
        papers.read("exam.jsonl", json.dumps({**OWNER, "id": key}), {})


@pytest.mark.parametrize("world", [{"user_groups": ["a\x00"]}, {"user_groups": ["\ud800"]}])
def test_facts_that_cannot_be_kept_are_refused(world):
    with pytest.raises(Invalid, match="cannot be kept"):
        papers.read("exam.jsonl", json.dumps(OWNER), world)


def test_an_empty_file_is_no_exam():
    with pytest.raises(Invalid, match="from 1 to"):
        papers.read("exam.jsonl", "\n\n", {})
