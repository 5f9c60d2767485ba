"""Any endpoint that speaks OpenAI's chat completions, through the official SDK."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx2
import openai

from portal.assistant.ports import Cancelled, Message, ModelRefused, ModelUnavailable, Reply, ToolCall

# An answer longer than this is no answer to anything we ask.
MOST_CHARACTERS = 1024 * 1024
CONNECT_S = 5.0
# Between two chunks; the deadline over all of them is the caller's.
SILENCE_S = 20.0


class OpenAIModel:
    """Streams replies. Follows no redirects, trusts no proxy from the environment, retries nothing."""

    def __init__(self, base_url: str, api_key: str, model: str) -> None:
        self.name = model
        http = httpx2.Client(follow_redirects=False, trust_env=False)
        self._client = openai.OpenAI(
            base_url=base_url, api_key=api_key or "none", max_retries=0, http_client=http
        )

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
        left = deadline - time.monotonic()
        if left <= 0:
            raise ModelUnavailable("the model's time was over")
        timeout = httpx2.Timeout(min(left, SILENCE_S), connect=min(left, CONNECT_S))
        asked: dict[str, Any] = {"model": self.name, "messages": list(messages), "stream": True}
        if tools:
            asked["tools"] = list(tools)
        if schema is not None:
            wanted = {"name": "answer", "schema": schema, "strict": False}
            asked["response_format"] = {"type": "json_schema", "json_schema": wanted}
        try:
            with self._client.chat.completions.create(**asked, timeout=timeout) as stream:
                return _collect(stream, deadline, on_text, cancelled)
        except openai.APITimeoutError as error:
            raise ModelUnavailable(f"{self.name} did not answer in time") from error
        except openai.APIConnectionError as error:
            raise ModelUnavailable(f"{self.name} could not be reached") from error
        except openai.APIStatusError as error:
            raise ModelUnavailable(f"{self.name} answered with status {error.status_code}") from error
        except (openai.OpenAIError, httpx2.HTTPError, ValueError, AttributeError, TypeError) as error:
            raise ModelUnavailable(f"{self.name} answered something that could not be read") from error


def _collect(
    stream: Any, deadline: float, on_text: Callable[[str], None], cancelled: Callable[[], bool]
) -> Reply:
    text: list[str] = []
    calls: dict[int, dict[str, str]] = {}
    size = 0
    finished = False
    for chunk in stream:
        if cancelled():
            raise Cancelled
        if time.monotonic() > deadline:
            raise ModelUnavailable("the model's time was over before its answer was")
        for choice in chunk.choices[:1]:
            delta = choice.delta
            if delta.refusal:
                raise ModelRefused("the model will not answer this")
            if delta.content:
                size += len(delta.content)
                text.append(delta.content)
                on_text(delta.content)
            for call in delta.tool_calls or ():
                size += _take(calls, call)
            finished = finished or bool(choice.finish_reason)
        if size > MOST_CHARACTERS:
            raise ModelUnavailable("the model's answer has no end")
    if not finished:
        raise ModelUnavailable("the model's answer was cut off")
    made = tuple(ToolCall(c["id"], c["name"], c["arguments"]) for _, c in sorted(calls.items()))
    return Reply("".join(text), made)


def _take(calls: dict[int, dict[str, str]], call: Any) -> int:
    """Add one piece of a tool call; returns how many characters it brought."""
    entry = calls.setdefault(call.index, {"id": "", "name": "", "arguments": ""})
    entry["id"] = call.id or entry["id"]
    function = call.function
    if function is None:
        return 0
    entry["name"] += function.name or ""
    entry["arguments"] += function.arguments or ""
    return len(function.arguments or "")
