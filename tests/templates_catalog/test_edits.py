"""Typed edits do one thing each, say it in words, and show it as a small diff."""

import pytest

from templates_catalog.authoring import edits
from templates_catalog.authoring.edits import (
    AddItem,
    AddStage,
    AddStep,
    Move,
    Remove,
    Rename,
    ReplaceText,
    SetValue,
)
from templates_catalog.documents.parse import read

TEXT = """# the release
pipeline:
  identifier: ship
  tags: {team: cart}
  stages:
    - stage:
        identifier: build   # first
        timeout: 3m
        steps:
          - step: {identifier: a}
          - stepGroup:
              identifier: g
              steps:
                - step: {identifier: b, command: echo one}
    - stage:
        identifier: deploy
"""
DOCUMENT = read(TEXT).value
BUILD = "pipeline.stages[0].stage"
CASES = [
    (SetValue(f"{BUILD}.timeout", "15m", "3m"), "set timeout from “3m” to “15m”", lambda p: p["stages"][0]["stage"]["timeout"] == "15m"),
    (SetValue("pipeline.tags.owner", "x"), "set tags.owner to “x”", lambda p: p["tags"] == {"team": "cart", "owner": "x"}),
    (Rename("pipeline.identifier", "cart_ship", "ship"), "change the identifier from “ship” to “cart_ship”", lambda p: p["identifier"] == "cart_ship"),
    (Remove("pipeline.stages[1]", "the stage “deploy”"), "remove the stage “deploy”", lambda p: len(p["stages"]) == 1),
    (Remove(f"{BUILD}.steps[1].stepGroup.steps[0]", "the step b"), "remove the step b", lambda p: len(p["stages"][0]["stage"]["steps"]) == 1),
    (AddItem("pipeline.delegateSelectors", "eu"), "add “eu” to delegateSelectors", lambda p: p["delegateSelectors"] == ["eu"]),
    (AddStage("pipeline.stages", {"stage": {"identifier": "ask", "name": "Ask", "type": "Approval"}}, 1, where="before “deploy”"), "add the Approval stage “Ask” before “deploy”", lambda p: p["stages"][1]["stage"]["identifier"] == "ask"),
    (AddStep(f"{BUILD}.steps", {"step": {"identifier": "s", "name": "S", "type": "Semgrep"}}, 0, where="first in “build”"), "add the Semgrep step “S” first in “build”", lambda p: p["stages"][0]["stage"]["steps"][0]["step"]["identifier"] == "s"),
    (Move("pipeline.stages[1]", "pipeline.stages[0]", False, "the stage “deploy”", "the stage “build”"), "move the stage “deploy” before the stage “build”", lambda p: p["stages"][0]["stage"]["identifier"] == "deploy"),
    (Move(f"{BUILD}.steps[0]", f"{BUILD}.steps[1]", True, "a", "g"), "move a after g", lambda p: "stepGroup" in p["stages"][0]["stage"]["steps"][0]),
    (ReplaceText(f"{BUILD}.steps[1].stepGroup.steps[0].step.command", "one", "two"), "replace “one” by “two” in command", lambda p: "echo two" in str(p)),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "words", "holds"), CASES, ids=[case[1] for case in CASES])
def test_an_edit_does_one_thing_and_says_it(edit, words, holds):
    before = read(TEXT).value
    after = edits.apply(before, [edit])
    assert edit.words() == words
    assert holds(after["pipeline"])
    assert before == DOCUMENT


@pytest.mark.parametrize("edit", [
    Remove("pipeline.stages[7]"), Remove("pipeline.nothing"), ReplaceText("pipeline.identifier", "zzz", "y"),
    AddItem("pipeline.identifier", "x"), Move("pipeline.stages[0]", "pipeline.stages[9]", True), SetValue("pipeline.stages[9].x", 1),
])  # fmt: skip
def test_an_edit_that_does_not_fit_is_an_error(edit):
    with pytest.raises(edits.EditError):
        edits.apply(DOCUMENT, [edit])


def test_the_change_is_shown_with_a_title_and_the_lines_that_change():
    made = [SetValue(f"{BUILD}.timeout", "15m", "3m"), SetValue("pipeline.tags.owner", "x")]
    change = edits.diff(TEXT, edits.apply(DOCUMENT, made), made)
    assert change.title == "Set timeout from “3m” to “15m” and set tags.owner to “x”."
    changed = [line for line in change.diff.splitlines() if line[0] in "+-" and line[1] not in "+-"]
    assert changed == [
        "-  tags: {team: cart}",
        "+  tags: {team: cart, owner: x}",
        "-        timeout: 3m",
        "+        timeout: 15m",
    ]
