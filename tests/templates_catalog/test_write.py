"""Edits keep what a person typed, and the result always reads back as the value that was meant."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_catalog.documents.parse import read
from templates_catalog.documents.write import canonical, digest, dump, rewrite

TYPED = """# who owns this
pipeline:
  identifier: a   # the id
  on: yes
  count: 1_0
  tags: {team: x, v: '1.0'}
  stages:
    # first
    - stage:
        identifier: build
        version: 1.10
    - stage:
        identifier: deploy   # careful
        command: |
          echo hi
          echo there
"""


def edited(change):
    value = copy.deepcopy(read(TYPED).value)
    change(value["pipeline"])
    text = rewrite(TYPED, value)
    assert read(text).value == value
    return text


def test_adding_a_tag_changes_one_line():
    text = edited(lambda pipeline: pipeline["tags"].update(owner="4711"))
    changed = [line for line in text.splitlines() if line not in TYPED.splitlines()]
    assert changed == ["  tags: {team: x, v: '1.0', owner: \"4711\"}"]


def test_an_inserted_stage_leaves_comments_and_neighbours_alone():
    stage = {"stage": {"identifier": "approve", "name": "no", "when": {}}}
    text = edited(lambda pipeline: pipeline["stages"].insert(1, stage))
    for line in TYPED.splitlines():
        assert line in text.splitlines()


def test_a_removed_stage_takes_only_its_own_lines():
    text = edited(lambda pipeline: pipeline["stages"].pop(0))
    assert "identifier: deploy   # careful" in text
    assert "build" not in text


def test_moving_stages_keeps_the_values():
    text = edited(lambda pipeline: pipeline["stages"].reverse())
    assert text.index("deploy") < text.index("build")


def test_json_stays_json():
    assert rewrite('{"a": 1}', {"a": 2, "b": "x"}).startswith("{")


def test_a_changed_type_is_a_change():
    assert "1.0" in rewrite("a: 1\n", {"a": 1.0})
    assert read(rewrite("a: 1\n", {"a": True})).value["a"] is True


def test_unchanged_text_comes_back_as_it_was():
    assert rewrite(TYPED, read(TYPED).value) == TYPED


@pytest.mark.parametrize(
    "text", ["no", "on", "1.10", "0o7", "null", "a: b", "x\ny\n", " x", "- a", "#c", "", "é😀", "a\tb"]
)
def test_awkward_text_survives(text):
    assert read(dump({"a": text, "b": [text]})).value == {"a": text, "b": [text]}


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts.filter(bool), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.dictionaries(texts.filter(bool), values, max_size=4),
    st.dictionaries(texts.filter(bool), values, max_size=4),
)
def test_whatever_the_edit_the_result_reads_as_meant(before, after):
    assert read(rewrite(dump(before), after)).value == after


def test_canonical_bytes_do_not_depend_on_order():
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    with pytest.raises(ValueError, match="not JSON"):
        canonical({"a": float("nan")})
