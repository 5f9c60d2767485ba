"""One request: what a person typed, and the documents on which the policy must decide so."""

from __future__ import annotations

from typing import Any


def deny(document: Any) -> dict[str, Any]:
    return {"expect": "deny", "input": document}


def allow(document: Any) -> dict[str, Any]:
    return {"expect": "allow", "input": document}


def ask() -> dict[str, Any]:
    """The request cannot be decided as it stands: the product has to ask."""
    return {"expect": "ask"}


def item(category: str, difficulty: int, prompt: str, *cases: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {"category": category, "difficulty": difficulty, "prompt": prompt.strip()}
    if cases and cases[0]["expect"] == "ask":
        return {**out, "expect_clarify": True}
    return {**out, "cases": [{"name": f"case {i}", **c} for i, c in enumerate(cases, 1)]}
