"""The examples kept with a version: a document, what is expected of it, and what the policy says of it.

Verdicts are never taken from whoever sends them: the policy decides each example anew when it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field, JsonValue, ValidationError

from governance import trying
from governance.errors import Conflict, Invalid, Problem
from governance.fields import VerbatimFields

MOST_BYTES = 4 * 1024 * 1024


class CaseFields(VerbatimFields):
    """verdict, messages and lines are what was said last; they are made anew and never believed."""

    name: str = Field(min_length=1, max_length=1000)
    document: JsonValue
    expect: Literal["deny", "allow"]
    verdict: str = ""
    messages: list[JsonValue] = Field(default_factory=list)
    lines: list[int] = Field(default_factory=list)
    problem: str = ""


def decided(rego: str, given: Sequence[Any]) -> list[dict[str, Any]]:
    """The cases as they are kept, each with its verdict. Raises Invalid with every case that is none."""
    cases = _read(given)
    if not cases:
        return []
    text = json.dumps([c.document for c in cases])
    if len(text) > MOST_BYTES:
        raise Invalid([Problem(f"the examples are longer than {MOST_BYTES // 1024} kB", path="cases")])
    verdicts = _verdicts(rego, text)
    if any(found.verdict == "failed" for found in verdicts):
        # It may have been the machine's fault: what failed is tried anew.
        _verdicts.cache_clear()
    return [
        {
            "name": case.name,
            "document": case.document,
            "expect": case.expect,
            "verdict": found.verdict,
            "messages": [said["msg"] for said in found.said],
            "lines": found.lines,
            "problem": found.problem,
        }
        for case, found in zip(cases, verdicts, strict=True)
    ]


@lru_cache(maxsize=64)
def _verdicts(rego: str, documents: str) -> tuple[trying.Tried, ...]:
    """A save that is decided twice, because rights moved, tries its cases once."""
    return tuple(trying.decide(rego, json.loads(documents)))


def _read(given: Sequence[Any]) -> list[CaseFields]:
    cases, problems = [], []
    for number, one in enumerate(given):
        try:
            cases.append(CaseFields.model_validate(one))
        except ValidationError as error:
            problems += [
                Problem(str(e["msg"]), path=".".join([f"cases[{number}]", *map(str, e["loc"])]))
                for e in error.errors()
            ]
    names = [c.name for c in cases]
    twice = sorted({n for n in names if names.count(n) > 1})
    problems += [Problem(f"two examples are called {name!r}", path="cases") for name in twice]
    if problems:
        raise Invalid(problems)
    return cases


def refuse_unexpected(cases: Sequence[Any], number: int) -> None:
    """Raises Conflict when a kept example does not come out as expected: nobody should review that."""
    wrong = [c for c in cases if isinstance(c, dict) and c.get("expect") != c.get("verdict")]
    if not wrong:
        return
    said = {"deny": "refused", "allow": "let through", "failed": "not decided"}
    first = "; ".join(
        f"'{c.get('name')}' should be {said.get(str(c.get('expect')))}"
        f" and is {said.get(str(c.get('verdict')), 'not tried')}"
        for c in wrong[:3]
    )
    raise Conflict(
        f"version {number} cannot be sent to review: {len(wrong)} of its {len(cases)} examples"
        f" do not come out as expected ({first}); correct the policy, or what is expected of it"
    )
