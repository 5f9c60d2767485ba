"""A model that says what it was told to say: for tests, and for plugins that want to try the loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from portal.assistant.ports import Cancelled, Message, ModelUnavailable, Reply


class ScriptedModel:
    """Answers with the given replies in turn; an exception in the list is raised. Keeps what it was asked."""

    name = "scripted"

    def __init__(self, replies: Iterable[Reply | Exception]) -> None:
        self._replies = list(replies)
        self.asked: list[list[Message]] = []

    def reply(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[dict[str, Any]],
        schema: dict[str, Any] | None,
        deadline: float,
        on_text: Callable[[str], None],
        cancelled: Callable[[], bool],
    ) -> Reply:
        self.asked.append([dict(m) for m in messages])
        if cancelled():
            raise Cancelled
        if not self._replies:
            raise ModelUnavailable("the script is over")
        answer = self._replies.pop(0)
        if isinstance(answer, Exception):
            raise answer
        on_text(answer.text)
        return answer
