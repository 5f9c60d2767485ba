"""A model is an untrusted user: what it says is checked, what it cannot do is refused, and it ends."""

from __future__ import annotations

import json

import pytest
from pydantic import BaseModel

from portal.assistant.loop import MOST_REPAIRS, MOST_TURNS, Rejected, converse
from portal.assistant.models.scripted import ScriptedModel
from portal.assistant.ports import Cancelled, ModelUnavailable, Reply, ToolCall
from tests.people import PROJECT, by_hand

pytestmark = pytest.mark.django_db


class Colour(BaseModel):
    colour: str


def ask(model, cast, accept=lambda answer: answer.colour, **more):
    messages = [{"role": "user", "content": "which?"}]
    return converse(model, by_hand(cast.dana), PROJECT, messages, Colour, accept=accept, **more)


def test_a_valid_answer_is_taken(cast):
    made, talk = ask(ScriptedModel([Reply('{"colour": "red"}')]), cast)
    assert made == "red"
    assert talk.repairs == 0


def test_an_answer_in_a_code_fence_is_read(cast):
    made, _ = ask(ScriptedModel([Reply('```json\n{"colour": "red"}\n```')]), cast)
    assert made == "red"


def test_what_is_wrong_goes_back_to_the_model(cast):
    model = ScriptedModel([Reply("red"), Reply('{"colour": "red"}')])
    made, talk = ask(model, cast)
    assert (made, talk.repairs) == ("red", 1)
    assert "does not fit the schema" in model.asked[1][-1]["content"]


def test_corrections_end_after_three(cast):
    with pytest.raises(ModelUnavailable, match="no usable answer"):
        ask(ScriptedModel([Reply("never")] * 10), cast)


def test_a_rejected_answer_counts_as_a_correction(cast):
    def refuse(answer):
        raise Rejected("not this one")

    model = ScriptedModel([Reply('{"colour": "red"}')] * 10)
    with pytest.raises(ModelUnavailable):
        ask(model, cast, accept=refuse)
    assert len(model.asked) == MOST_REPAIRS + 1


def test_a_model_that_only_calls_tools_is_stopped_after_six_turns(cast):
    call = ToolCall("1", "search", json.dumps({"text": "java"}))
    model = ScriptedModel([Reply("", (call,))] * 50)
    with pytest.raises(ModelUnavailable):
        ask(model, cast)
    assert len(model.asked) == MOST_TURNS


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("delete_everything", "{}"),
        ("get", '{"scope": "acme", "identifier": "x", "user_id": "ada"}'),
        ("get", "not json"),
        ("get", '{"scope": "acme/shop/search", "identifier": "anything"}'),
    ],
)
def test_a_tool_call_beyond_the_user_comes_back_as_an_error(cast, name, arguments):
    model = ScriptedModel([Reply("", (ToolCall("1", name, arguments),)), Reply('{"colour": "red"}')])
    ask(model, cast)
    said = json.loads(model.asked[1][-1]["content"])
    assert "error" in said or said["refused"] == "not_found"


def test_a_cancelled_turn_ends(cast):
    with pytest.raises(Cancelled):
        ask(ScriptedModel([Reply('{"colour": "red"}')]), cast, cancelled=lambda: True)


def test_a_model_that_fails_is_unavailable(cast):
    with pytest.raises(ModelUnavailable, match="could not be reached"):
        ask(ScriptedModel([ModelUnavailable("m could not be reached")]), cast)
