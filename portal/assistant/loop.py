"""A conversation with a model: at most six turns, one deadline, tools as the user, an answer that validates."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from pydantic import BaseModel, ValidationError

from governance.actor import Actor
from portal import tools
from portal.assistant.ports import LanguageModel, Message, ModelUnavailable, Toolbox

MOST_TURNS = 6
MOST_CALLS = 20
MOST_REPAIRS = 3

A = TypeVar("A", bound=BaseModel)


@dataclass(slots=True)
class Talk:
    """What went on: tool calls made, rounds of repair, time."""

    calls: list[dict[str, str]] = field(default_factory=list)
    repairs: int = 0
    seconds: float = 0.0


class Rejected(Exception):
    """An answer that has the right form and is still wrong; the text goes back to the model."""


@dataclass(frozen=True, slots=True)
class AsUser:
    """The portal's own tools, called as the person who asks, from where they stand."""

    actor: Actor
    scope: str

    def definitions(self) -> Sequence[dict[str, Any]]:
        return tools.definitions()

    def call(self, name: str, arguments: str) -> str:
        return tools.call(self.actor, self.scope, name, arguments)


def converse(
    model: LanguageModel,
    actor: Actor,
    scope: str,
    messages: Sequence[Message],
    answer: type[A],
    *,
    accept: Callable[[A], Any],
    on_text: Callable[[str], None] = lambda text: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Any, Talk]:
    """Talk for a person, with the tools they may use. The rest is as in `converse_with`."""
    talk = Talk()
    made = converse_with(
        model, AsUser(actor, scope), messages, answer,
        accept=accept, talk=talk, on_text=on_text, cancelled=cancelled,
    )  # fmt: skip
    return made, talk


def converse_with(
    model: LanguageModel,
    toolbox: Toolbox,
    messages: Sequence[Message],
    answer: type[A],
    *,
    accept: Callable[[A], Any],
    talk: Talk,
    on_text: Callable[[str], None] = lambda text: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Any:
    """Talk until the model gives an answer that validates and that `accept` takes; returns what it made.

    accept  turns the answer into a result, or raises Rejected with what is wrong
    talk    is told what went on, also when nothing usable came of it
    raises  ModelUnavailable when there is no such answer within six turns, three repairs and the deadline
    """
    started = time.monotonic()
    deadline = started + settings.ASSISTANT_DEADLINE_S
    said = list(messages)
    for _ in range(MOST_TURNS):
        reply = model.reply(
            said,
            tools=toolbox.definitions(),
            schema=answer.model_json_schema(),
            deadline=deadline,
            on_text=on_text,
            cancelled=cancelled,
        )
        if reply.tool_calls:
            said.append(_as_message(reply))
            for call in reply.tool_calls:
                said.append(_call(toolbox, call, talk))
            continue
        try:
            made = accept(answer.model_validate_json(_json_of(reply.text)))
            talk.seconds = time.monotonic() - started
            return made
        except (ValidationError, Rejected) as error:
            if talk.repairs == MOST_REPAIRS:
                break
            talk.repairs += 1
            said += [{"role": "assistant", "content": reply.text}, {"role": "user", "content": _wrong(error)}]
    raise ModelUnavailable(f"{model.name} gave no usable answer after {talk.repairs} corrections")


def _as_message(reply: Any) -> Message:
    calls = [
        {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
        for c in reply.tool_calls
    ]
    return {"role": "assistant", "content": reply.text or None, "tool_calls": calls}


def _call(toolbox: Toolbox, call: Any, talk: Talk) -> Message:
    if len(talk.calls) >= MOST_CALLS:
        raise ModelUnavailable("the model called too many tools")
    talk.calls.append({"name": call.name, "arguments": call.arguments[:500]})
    content = toolbox.call(call.name, call.arguments)
    return {"role": "tool", "tool_call_id": call.id, "content": content}


def _json_of(text: str) -> str:
    """The JSON in an answer; some endpoints wrap it in a code fence whatever they are asked."""
    stripped = text.strip()
    if stripped.startswith("```"):
        stripped = stripped.strip("`").removeprefix("json").strip()
    return stripped


def _wrong(error: Exception) -> str:
    if isinstance(error, ValidationError):
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:20]]
        return "The answer does not fit the schema:\n" + "\n".join(lines)
    return f"The answer is wrong: {error}"
