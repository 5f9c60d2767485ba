"""What the marks of an exam come to: as a whole, and by category."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from governance.models import ExamMark


@dataclass(frozen=True, slots=True)
class Category:
    """How a group of items went. asked: questions and refusals where a draft was wanted."""

    name: str
    items: int
    right: int
    wrong_drafts: int
    asked: int
    failures: int


def score_of(marks: Sequence[ExamMark]) -> dict[str, Any]:
    """The columns of an exam's result, by name."""
    groups: dict[str, list[ExamMark]] = defaultdict(list)
    for one in marks:
        groups[one.category].append(one)
    return {
        "right": sum(m.right for m in marks),
        "wrong_drafts": _wrong(marks),
        "questions": sum(m.given == "question" for m in marks),
        "refusals": sum(m.given == "refusal" for m in marks),
        "failures": sum(m.given == "failure" for m in marks),
        "rounds": sum(m.rounds for m in marks),
        "took_ms": sum(m.took_ms for m in marks),
        "median_ms": int(statistics.median(m.took_ms for m in marks)) if marks else 0,
        "categories": [asdict(_category(name, groups[name])) for name in sorted(groups)],
    }


def _category(name: str, marks: Sequence[ExamMark]) -> Category:
    return Category(
        name=name,
        items=len(marks),
        right=sum(m.right for m in marks),
        wrong_drafts=_wrong(marks),
        asked=sum(m.given in ("question", "refusal") and not m.right for m in marks),
        failures=sum(m.given == "failure" for m in marks),
    )


def _wrong(marks: Sequence[ExamMark]) -> int:
    return sum(m.given == "draft" and not m.right for m in marks)
