"""Whether an answer in an exam is right. Its Rego is tried by the engine in a limited process; nothing is believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from governance.authoring.facts import Facts
from governance.engines import opa_cli
from governance.exam.paper import Item

# failure: no usable answer came: unreachable, too slow, cut off, or still wrong after its corrections
Given = Literal["draft", "question", "refusal", "failure"]
MOST_WHY = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody who sits the exam gives for one request.

    said    the question, the reason of a refusal or of a failure
    rounds  how often an answer was given before it was taken, 1 without corrections
    """

    given: Given
    rego: str = ""
    said: str = ""
    rounds: int = 1


class Candidate(Protocol):
    """Who sits the exam: the planner, or a model."""

    def answer(self, prompt: str, facts: Facts, cancelled: Callable[[], bool]) -> Answer:
        """The answer a person would have been given. Raises whatever goes wrong with it."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """What one answer is worth. `why`: what is wrong with it, "" when it is right."""

    given: Given
    right: bool
    why: str = ""


def mark(item: Item, answer: Answer) -> Mark:
    """Right when every case of the item agrees, or when what has to be asked about was asked or refused."""
    if answer.given == "failure":
        return Mark("failure", False, answer.said[:MOST_WHY])
    if answer.given != "draft":
        why = "" if item.expect_clarify else f"could be decided, and was not: {answer.said}"
        return Mark(answer.given, item.expect_clarify, why[:MOST_WHY])
    if item.expect_clarify:
        return Mark("draft", False, "should have been asked about")
    why = _disagreement(item, answer.rego)
    return Mark("draft", not why, why[:MOST_WHY])


def _disagreement(item: Item, rego: str) -> str:
    """Where the policy decides otherwise than the item says, "" when nowhere."""
    try:
        found = opa_cli.evaluate_rule(rego, "deny", [case.input for case in item.cases])
    except ValueError as error:  # OpaFailed, DidNotFinish, and text that is none
        return f"cannot be used: {error}"
    if None in found:
        return "does not say what it denies: `deny` is undefined for some documents"
    wrong = [
        f"{case.name or number}: expected {case.expect}"
        for number, (case, denies) in enumerate(zip(item.cases, found, strict=True), 1)
        if bool(denies) != (case.expect == "deny")
    ]
    return "; ".join(wrong)
