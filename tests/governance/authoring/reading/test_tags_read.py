"""Tags that only stand there: blank ones mark a thing, but do not say what is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from governance.authoring.facts import Facts
from governance.authoring.judge import judge
from governance.authoring.planner import Draft, plan

WORLD = Path(__file__).parents[3] / "generation" / "world.json"
FACTS = Facts.from_world(json.loads(WORLD.read_text(encoding="utf-8")))


def service(**tags: str) -> Any:
    return {"serviceEntity": {"identifier": "ship", "name": "ship", "tags": tags}, "metadata": {}}


@pytest.mark.parametrize(
    ("text", "tags", "denied"),
    [
        ("Services tagged legacy must have a description", {"legacy": ""}, True),
        ("Services tagged legacy must have a description", {"legacy": "yes"}, True),
        ("Services tagged legacy must have a description", {}, False),
        ("Services must have a description unless they are tagged legacy", {"legacy": ""}, False),
        ("Services must have a description unless they are tagged legacy", {}, True),
        ("Services must not be tagged legacy", {"legacy": ""}, True),
        ("Services must not be tagged legacy", {}, False),
        ("Services must be tagged owner", {"owner": ""}, True),
        ("Services must be tagged owner", {"owner": "crew"}, False),
    ],
)
def test_a_blank_tag_marks_a_thing_and_does_not_fulfil_a_demand(
    text: str, tags: dict[str, str], denied: bool
) -> None:
    planned = plan(text, FACTS)
    assert isinstance(planned, Draft), planned
    assert bool(judge(planned.rule, service(**tags))) is denied


@pytest.mark.parametrize("limit", ["Container memory limits", "Container memory"])
def test_what_a_container_may_use_is_asked_of_every_step(limit: str) -> None:
    planned = plan(f"{limit} must be at most 500Mi", FACTS)
    assert isinstance(planned, Draft), planned
    step = {
        "step": {
            "identifier": "t",
            "name": "t",
            "type": "Run",
            "spec": {"resources": {"limits": {"memory": "1Gi"}}},
        }
    }
    stage = {
        "stage": {"identifier": "s", "name": "s", "type": "CI", "spec": {"execution": {"steps": [step]}}}
    }
    assert judge(planned.rule, {"pipeline": {"identifier": "p", "stages": [stage]}, "metadata": {}})
