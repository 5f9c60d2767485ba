"""From what a policy says to what a person reads."""

from __future__ import annotations

from typing import Any

import pytest

from governance.engines.answers import messages
from governance.ports import BadDecision
from governance.verdicts import line_of, plain_path


@pytest.mark.parametrize("value", [None, False, "", [], {}, {"x": False}])
def test_what_denies_nothing(value: Any) -> None:
    assert messages("acme/rule", value, None) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, ["denied by rule"]),
        ("no", ["no"]),
        (["a", "b"], ["a", "b"]),
        ([{"msg": "a"}, {"message": "b"}], ["a", "b"]),
        ([{"code": 3}], ["denied by rule"]),
        ([""], ["denied by rule"]),
        ([True], ["denied by rule: true"]),
        ({"msg": "a", "path": "x"}, ["a"]),
        ({"first": True, "second": "x"}, ["first", "second"]),
    ],
)
def test_boolean_text_collection_and_object_deny(value: Any, said: list[str]) -> None:
    assert [m["msg"] for m in messages("acme/rule", value, None)] == said


def test_a_character_that_no_database_keeps_is_replaced() -> None:
    assert messages("acme/rule", ["a\x00b"], None)[0]["msg"] == "a\ufffdb"


@pytest.mark.parametrize("value", [0, 1, 2.5])
def test_a_value_without_meaning_is_no_decision(value: Any) -> None:
    with pytest.raises(BadDecision):
        messages("acme/rule", value, None)


def test_violations_give_a_message_its_place_and_fix() -> None:
    found = messages(
        "acme/rule", ["a", "b"], [{"msg": "a", "path": "/pipeline/stages/2", "fix": "do", "code": "c"}]
    )
    assert found == [
        {"msg": "a", "path": "/pipeline/stages/2", "code": "c", "fix": "do"},
        {"msg": "b", "path": "", "code": "", "fix": ""},
    ]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("/pipeline/stages/2/stage", "pipeline.stages[2].stage"),
        ("$.pipeline.name", "pipeline.name"),
        ("input.pipeline.name", "pipeline.name"),
        ("/a/b~1c", "a.b/c"),
        ("", ""),
    ],
)
def test_paths_are_read_in_every_spelling(written: str, plain: str) -> None:
    assert plain_path(written) == plain


@pytest.mark.parametrize(
    ("path", "kind", "line"),
    [
        ("pipeline.stages[1].stage.spec", "pipeline", 7),
        ("pipeline.stages[1].stage.spec.execution.steps[0]", "pipeline", 7),
        ("pipeline.stages[9]", "pipeline", 4),
        ("serviceEntity.tags.tier", "service", 3),
        ("nothing.like.it", "environment", 0),
        ("a]b[c..", "pipeline", 0),
        ("", "pipeline", 0),
    ],
)
def test_a_violation_stands_on_its_line_or_the_nearest_around_it(path: str, kind: str, line: int) -> None:
    lines = {
        "pipeline": (1, 1), "pipeline.stages": (4, 3), "pipeline.stages[1].stage.spec": (7, 9),
        "service": (1, 1), "service.tags": (3, 3),
    }  # fmt: skip
    assert line_of(path, kind, lines, root="serviceEntity") == line
