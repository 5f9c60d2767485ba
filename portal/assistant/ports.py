"""What the assistant asks of a language model. A model is an untrusted user: its words are data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Message = dict[str, Any]


class ModelUnavailable(Exception):
    """No usable answer: unreachable, too slow, cut off, garbled. The message is for a person."""


class ModelRefused(ModelUnavailable):
    """The model said that it will not answer this."""


class Cancelled(Exception):
    """The person stopped the turn."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    id: str
    name: str
    arguments: str  # JSON text as the model wrote it; not yet believed


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    tool_calls: Sequence[ToolCall] = field(default_factory=tuple)


class LanguageModel(Protocol):
    name: str

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
        """One answer of the model, streamed.

        tools     OpenAI function definitions
        schema    JSON Schema that the final text must satisfy, None = free text
        deadline  on time.monotonic(), for connecting and every byte together
        raises    ModelUnavailable, Cancelled
        """
        ...


class Toolbox(Protocol):
    """What a model may look up while it answers. Every call is a read; wrong calls come back as text."""

    def definitions(self) -> Sequence[dict[str, Any]]:
        """OpenAI function definitions."""
        ...

    def call(self, name: str, arguments: str) -> str:
        """The answer as JSON text for the model."""
        ...
