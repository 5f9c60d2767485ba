"""A model's answers to the questions of `manage.py draft`; where it has none, the planner's, which say so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from governance.authoring.facts import Facts
from portal.assistant import offline
from portal.assistant.loop import Talk
from portal.assistant.ports import LanguageModel, ModelUnavailable
from templates_catalog.authoring import draft

Answer = dict[str, Any]
Answerer = Callable[[Answer], Answer]


def or_planner(model: LanguageModel, asked: Answerer, planned: Answerer) -> Answerer:
    """`asked` answers with the model; what it cannot answer, `planned` does, and says why."""

    def answer(question: Answer) -> Answer:
        try:
            return {"id": question.get("id"), **asked(question), "by": model.name}
        except ModelUnavailable as error:
            made = planned(question)
            note = f"{error}; this is the planner's answer."
            return {**made, "by": "planner", "notes": f"{made.get('notes') or ''} {note}".strip()}

    return answer


def policy_answer(model: LanguageModel, world: dict[str, Any]) -> Answerer:
    facts = Facts.from_world(world)

    def answer(question: Answer) -> Answer:
        talk = Talk()
        made = offline.policy(model, facts, str(question.get("prompt", "")), talk=talk)
        outcome = "policy" if made.rego else "clarify"
        return {"outcome": outcome, "rego": made.rego, "question": made.question, "rounds": talk.repairs + 1}

    return answer


def pipeline_answer(model: LanguageModel, catalogs: Path) -> Answerer:
    def answer(question: Answer) -> Answer:
        entries = draft.visible(catalogs / f"{question['catalog']}.yaml", question.get("user") or {})
        return offline.pipeline(model, entries, question["prompt"])

    return answer


def fix_answer(model: LanguageModel, policies: Path) -> Answerer:
    def answer(question: Answer) -> Answer:
        evaluate_many = draft.evaluator(question, policies)
        document = question["document"]
        found = draft.told(question) or evaluate_many([document])[0]
        request = str(question.get("request") or "")
        return offline.fix(model, document, request, found, lambda one: evaluate_many([one])[0])

    return answer
