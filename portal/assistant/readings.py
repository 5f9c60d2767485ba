"""Two readings of a request as doors show them: what each means, what it says of a document, how to take it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from governance.authoring.planner import Chosen, Question
from governance.authoring.readings import Option


def offered(question: Question) -> list[dict[str, Any]]:
    """The options of a question; `choose` is what a person sends back to take one."""
    return [_option(option, path(question.chosen)) for option in question.options]


def _option(option: Option, before: str) -> dict[str, Any]:
    return {
        "label": option.label,
        "explanation": list(option.explanation),
        "verdict": "deny" if option.denies else "allow",
        "witness": option.witness,
        "rule": option.rule.model_dump(mode="json"),
        "choose": f"{before}.{option.key}" if before else option.key,
    }


def path(chosen: Sequence[Chosen]) -> str:
    """What was chosen, as it is sent back."""
    return ".".join(c.key for c in chosen)


def rows(chosen: Sequence[Chosen]) -> list[dict[str, Any]]:
    """What was chosen, as rows of the reading that stays with the policy."""
    return [
        {"text": c.said, "meaning": f"Chosen of two readings: {c.label}", "start": c.start, "end": c.end}
        for c in chosen
    ]


def as_text(question: Question) -> str:
    """The question with its options, for doors that have nothing but text."""
    lines = [question.asks]
    for letter, option in zip("ABCD", question.options, strict=False):
        says = "refuses" if option.denies else "lets pass"
        meaning = " ".join(option.explanation)
        lines.append(f"{letter}. {option.label}: {meaning} It {says} the document that is given with it.")
    return "\n".join(lines)
