"""Who can sit an exam: the planner, or the configured model, each answering as it answers people."""

from __future__ import annotations

from collections.abc import Callable

from governance.authoring import compile as compiler
from governance.authoring.facts import Facts
from governance.authoring.planner import Draft, Question, plan
from governance.exam.marking import Answer, Candidate
from portal.assistant import chat, offline
from portal.assistant.loop import Talk
from portal.assistant.ports import LanguageModel, ModelRefused, ModelUnavailable


class Planner:
    """Reads the request by grammar."""

    def answer(self, prompt: str, facts: Facts, cancelled: Callable[[], bool]) -> Answer:
        planned = plan(prompt, facts)
        if isinstance(planned, Draft):
            return Answer("draft", compiler.standalone(planned.rule))
        if isinstance(planned, Question):
            return Answer("question", said=planned.asks)
        return Answer("refusal", said=planned.reason)


class Model:
    """Asks a model alone: where it fails, the planner does not step in."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def answer(self, prompt: str, facts: Facts, cancelled: Callable[[], bool]) -> Answer:
        talk = Talk()
        try:
            made = offline.policy(self._model, facts, prompt, talk=talk, cancelled=cancelled)
        except ModelRefused as refusal:
            return Answer("refusal", said=str(refusal), rounds=talk.repairs + 1)
        except ModelUnavailable as error:
            return Answer("failure", said=str(error), rounds=talk.repairs + 1)
        given = "draft" if made.rego else "question"
        return Answer(given, made.rego, made.question, talk.repairs + 1)


def candidate_for(candidate: str, model: str) -> Candidate | None:
    """By the columns of an exam; None when it is about a model that is not configured here."""
    if candidate == "planner":
        return Planner()
    configured = chat.model_in_use()
    return Model(configured) if configured is not None and configured.name == model else None
