"""Drafts for questions as plain mappings: what `manage.py draft` answers, without a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.assistant.ports import LanguageModel

Answer = dict[str, Any]
# the answer of each kind to a question that cannot be answered
NOTHING: dict[str, Answer] = {
    "policy": {"outcome": "refuse", "rego": ""},
    "pipeline": {"document": None, "asked": True, "none_fits": False},
    "fix": {"document": None},
}


def policy_answer(world: dict[str, Any], model: LanguageModel | None = None) -> Callable[[Answer], Answer]:
    """Answers {"id", "outcome": policy | clarify | refuse, "rego", "question"?, "reading"?, "options"?}.

    Where it has to be said which of two readings is meant, the `choose` of an option comes back in the question.
    With a model it is asked first, and "by" says who answered; so in the other two.
    """
    from governance.authoring.compile import standalone
    from governance.authoring.facts import Facts
    from governance.authoring.planner import Draft, Question, plan
    from portal.assistant import readings

    facts = Facts.from_world(world)

    def answer(question: Answer) -> Answer:
        chosen = [key for key in str(question.get("choose", "")).split(".") if key]
        planned = plan(str(question.get("prompt", "")), facts, chosen)
        head = {"id": question.get("id")}
        if isinstance(planned, Draft):
            reading = [{"text": p.text, "meaning": p.meaning} for p in planned.reading]
            return {**head, "outcome": "policy", "rego": standalone(planned.rule), "reading": reading}
        understood = [{"text": p.text, "meaning": p.meaning} for p in planned.understood]
        if isinstance(planned, Question):
            return {**head, "outcome": "clarify", "rego": "", "question": readings.as_text(planned),
                    "reading": understood, "options": readings.offered(planned)}  # fmt: skip
        return {**head, "outcome": "refuse", "rego": "", "question": planned.reason, "reading": understood}

    if model is None:
        return answer
    from portal.assistant import measuring

    return measuring.or_planner(model, measuring.policy_answer(model, world), answer)


def pipeline_answer(
    world: dict[str, Any], catalogs: Path, model: LanguageModel | None = None
) -> Callable[[Answer], Answer]:
    """Answers {"id", "document", "asked", "none_fits", "notes"}."""
    from templates_catalog.authoring import draft

    def planned(question: Answer) -> Answer:
        return draft.answer(question, catalogs, world)

    if model is None:
        return planned
    from portal.assistant import measuring

    return measuring.or_planner(model, measuring.pipeline_answer(model, catalogs), planned)


def fix_answer(
    world: dict[str, Any], policies: Path, model: LanguageModel | None = None
) -> Callable[[Answer], Answer]:
    """Answers {"id", "document", …}; the policies of the folder are evaluated by OPA."""
    from templates_catalog.authoring import draft

    def planned(question: Answer) -> Answer:
        return draft.fix_answer(question, policies, world)

    if model is None:
        return planned
    from portal.assistant import measuring

    return measuring.or_planner(model, measuring.fix_answer(model, policies), planned)
