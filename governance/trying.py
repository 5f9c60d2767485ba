"""A draft decided on documents before anything is kept: verdicts, messages, and the lines each document reached.

Everything runs in limited processes; the engine that gates is never asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from governance import rego_text
from governance.engines import answers, limited, opa_checks, opa_cli
from governance.errors import Problem
from governance.ports import BadDecision

# Documents that one process decides, each by its own copy of the policy.
BATCH = 50
# Processor time of all batches together.
CPU_S = 2.5
# A document on which a policy fails is looked for by halves; more than this and the rest is not told apart.
MOST_FAILURES = 8


@dataclass(frozen=True, slots=True)
class Tried:
    """verdict: deny, allow, or failed (`problem` says why). said: [{"msg", "path", "code", "fix"}].

    lines are the lines of the Rego that the document reached, missed those that can be reached and were not.
    """

    verdict: str
    said: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problem: str = ""
    missed: list[int] = field(default_factory=list)


def decide(rego: str, documents: Sequence[Any], *, limits: opa_cli.Limits = opa_cli.DRAFT) -> list[Tried]:
    """What a policy says of each document, in their order. Raises OpaFailed when it is no policy at all."""
    if not documents:
        return []
    copied = _Copies(rego)
    found: list[Tried] = []
    with limited.budget(CPU_S):
        for start in range(0, len(documents), BATCH):
            found += _batch(copied, documents[start : start + BATCH], limits, [MOST_FAILURES])
    return found


def _batch(
    copied: _Copies, documents: Sequence[Any], limits: opa_cli.Limits, failures: list[int]
) -> list[Tried]:
    try:
        return copied.decide(documents, limits)
    except opa_cli.DidNotFinish as error:
        return [Tried("failed", problem=str(error))] * len(documents)
    except (opa_cli.OpaFailed, BadDecision) as error:
        failures[0] -= 1
        if len(documents) == 1 or failures[0] < 0:
            return [Tried("failed", problem=str(error))] * len(documents)
        half = len(documents) // 2
        return [
            *_batch(copied, documents[:half], limits, failures),
            *_batch(copied, documents[half:], limits, failures),
        ]


class _Copies:
    """A policy as often as there are documents, so that coverage tells which lines each of them reached."""

    def __init__(self, rego: str) -> None:
        self._mark = f"copy_{secrets.token_hex(8)}_"
        try:
            self._text = rego_text.nest(rego, self._mark, "tried")
        except ValueError as error:
            problems = error.problems if isinstance(error, opa_cli.OpaFailed) else []
            raise opa_cli.OpaFailed(problems or [Problem(str(error))]) from error
        self._rows = len(rego.splitlines())
        self._others = opa_checks.beside(rego)

    def decide(self, documents: Sequence[Any], limits: opa_cli.Limits) -> list[Tried]:
        names = [f"{self._mark}{i}" for i in range(len(documents))]
        modules = {f"{n}.rego": self._text.replace(self._mark, n) for n in names}
        # The document is bound before the input is replaced by it.
        asked = ", ".join(
            f'"{n}": {{{", ".join(_question(n, i, rule) for rule in ("deny", "violations"))}}}'
            for i, n in enumerate(names)
        )
        said, reached, missed = opa_cli.ask(
            f"{{{asked}}}", {**self._others, **modules}, list(documents), limits=limits
        )
        rows = [(said[n], reached.get(f"{n}.rego", []), missed.get(f"{n}.rego", [])) for n in names]
        return [self._tried(*row) for row in rows]

    def _tried(self, said: Mapping[str, Any], reached: Sequence[int], missed: Sequence[int]) -> Tried:
        deny, violations = (next(iter(said[key]), None) for key in ("deny", "violations"))
        found = answers.messages("this policy", deny, violations)
        lines, others = ([n for n in rows if n <= self._rows] for rows in (reached, missed))
        return Tried("deny" if found else "allow", found, lines, missed=others)


def _question(name: str, index: int, rule: str) -> str:
    return f'"{rule}": [x | d := input[{index}]; x := data.policies["{name}"].{rule} with input as d]'
