"""Setting `ai_model`: the one model that may draft in a scope; it must have sat an exam first."""

from __future__ import annotations

from governance.errors import Invalid, Problem
from governance.exam import query
from governance.models import Scope

SETTING = "ai_model"


def refuse_unexamined(scope: Scope, model: str) -> str:
    """The score of a model that may be admitted, "" for none. Raises Invalid when it has not sat an exam."""
    if not model:
        return ""
    found = query.newest_of(scope, model)
    account = scope.path.partition("/")[0]
    if found is None:
        raise _invalid(
            f"{model} has not sat an exam, so it cannot be admitted to {scope.path}; somebody who administers"
            f" {account} can have it sit one in Settings, AI and models"
        )
    if found.failures == found.items:
        raise _invalid(
            f"{model} sat an exam and gave no usable answer to any of its {found.items} items, so it cannot"
            f" be admitted to {scope.path}; see that its endpoint answers and have it sit again"
        )
    return found.score


def _invalid(sentence: str) -> Invalid:
    return Invalid([Problem(sentence, path="value")])
