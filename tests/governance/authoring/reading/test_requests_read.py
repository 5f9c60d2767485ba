"""What requests become: the demand, the things it is about, and what is asked instead of guessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from governance.authoring import rule as r
from governance.authoring.facts import Facts
from governance.authoring.judge import judge
from governance.authoring.planner import Draft, Planned, Question, Refusal, plan

WORLD = Path(__file__).parents[3] / "generation" / "world.json"
FACTS = Facts.from_world(json.loads(WORLD.read_text(encoding="utf-8")))


def read(text: str) -> Planned:
    return plan(text, FACTS)


def rule_of(text: str) -> r.Rule:
    planned = read(text)
    assert isinstance(planned, Draft), planned
    return planned.rule


def service(**fields: Any) -> dict[str, Any]:
    return {"serviceEntity": {"identifier": "cart", "name": "cart", **fields}, "metadata": {"timestamp": 0}}


@pytest.mark.parametrize(
    "text",
    [
        "Every service needs an owner tag.",
        "services must have the tag owner",
        "No service without an owner tag",
        "Block services that have no owner tag",
        "Can we make sure that each service carries a tag called owner?",
        "an owner tag is required on every service",
        "srevices need an owner tag, please",
    ],
)
def test_one_demand_can_be_said_in_many_ways(text: str) -> None:
    rule = rule_of(text)
    assert rule.entity == "service"
    assert judge(rule, service())
    assert judge(rule, service(tags={"owner": ""}))
    assert not judge(rule, service(tags={"owner": "a"}))


def test_what_is_said_last_counts_when_somebody_corrects_themselves() -> None:
    rule = rule_of("Services need an owner tag, no wait, I mean a team tag.")
    assert judge(rule, service(tags={"owner": "a"}))
    assert not judge(rule, service(tags={"team": "a"}))


def test_several_sentences_make_several_clauses() -> None:
    rule = rule_of("Services need a description. They must also have an owner tag.")
    assert len(rule.clauses) == 2
    assert judge(rule, service(description="x"))
    assert not judge(rule, service(description="x", tags={"owner": "a"}))


def test_only_leaves_a_missing_value_alone_and_must_does_not() -> None:
    only = rule_of("Infrastructure definitions may only use the namespace shop.")
    must = rule_of("Infrastructure definitions must use the namespace shop.")
    document = {"infrastructureEntity": {"identifier": "a", "spec": {}}, "metadata": {}}
    assert not judge(only, document)
    assert judge(must, document)


def test_forbidden_steps_are_found_in_rollback_steps_and_required_ones_are_not() -> None:
    stage = {
        "identifier": "d",
        "name": "d",
        "type": "Deployment",
        "spec": {
            "execution": {
                "steps": [],
                "rollbackSteps": [{"step": {"identifier": "x", "name": "x", "type": "Http"}}],
            }
        },
    }
    document = {"pipeline": {"identifier": "p", "stages": [{"stage": stage}]}, "metadata": {}}
    assert judge(rule_of("No Http steps."), document)
    assert judge(rule_of("Every pipeline must contain an Http step."), document)


@pytest.mark.parametrize(
    "text",
    [
        "Make everything safer.",
        "Only experienced people may deploy to production.",
        "Block deployments that will cause an outage.",
        "Production deployments need approval from the gardeners.",
        "Services must have a sensible name.",
        "Pipelines must be fast.",
        "Secrets must have been rotated lately.",
        "Every service needs an owner tag and must frobnicate the widgets.",
        "The spend of last month decides who may deploy.",
        "Images must be trustworthy.",
        "",
    ],
)
def test_what_cannot_be_decided_is_asked(text: str) -> None:
    assert isinstance(read(text), Question | Refusal)


def test_a_question_names_the_words_that_were_not_understood() -> None:
    planned = read("Every service needs an owner tag and must frobnicate the widgets.")
    assert isinstance(planned, Question)
    assert "frobnicate" in planned.asks


def test_contradictions_are_asked_about() -> None:
    planned = read("Services must have an owner tag. Services must not have an owner tag.")
    assert isinstance(planned, Question)
    assert "contradict" in planned.asks


def test_the_same_request_gives_the_same_rule() -> None:
    text = "Production deployments need approval from the release managers."
    assert rule_of(text) == rule_of(text)


def test_each_sentence_is_shown_with_what_it_was_read_as() -> None:
    planned = read("Services need a description. They must also have an owner tag.")
    assert isinstance(planned, Draft)
    assert [p.text for p in planned.reading] == [
        "Services need a description",
        "They must also have an owner tag",
    ]
    assert all(p.meaning for p in planned.reading)


def test_very_long_text_is_refused_at_once() -> None:
    assert isinstance(read("pipeline " * 5000), Refusal)


@pytest.mark.parametrize(
    "text",
    [
        "Every service must be tagged with " + "owner, " * 500,
        "production or " * 280,
        "Deny pipelines " + "with a step " * 320,
        "A scan must come " + "before a deployment " * 190,
        "the first step of " * 220,
    ],
)
def test_words_repeated_without_end_are_refused_before_they_take_long(text: str) -> None:
    planned = read(text)
    assert isinstance(planned, Refusal)
    assert "too many ways" in planned.reason


def test_thirty_sentences_are_not_too_many() -> None:
    text = " ".join(f"Services must have the tag owner{n} and a description." for n in range(30))
    assert isinstance(read(text), Draft)
