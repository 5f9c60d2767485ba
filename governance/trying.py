"""A draft decided on documents before anything is kept: verdicts, messages, and the lines each document reached.

Everything runs in limited processes; the engine that gates is never asked.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from governance import rego_text
from governance.engines import answers, limited, opa_checks, opa_cli
from governance.errors import Busy, Problem
from governance.ports import BadDecision

# A document on which a policy fails is looked for by halves; more than this and the rest is not told apart.
MOST_FAILURES = 8
# Which lines a document reaches takes a copy of the policy for each: so many lines of copies in one process,
# and no new process after this time. What is left has its verdict and no lines.
MOST_COPIED_LINES = 1_000
REACHING_S = 2.0
# Processor time of all processes together.
CPU_S = 2.5
Lines = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Tried:
    """verdict: deny, allow, or failed (`problem` says why). said: [{"msg", "path", "code", "fix"}].

    lines are the lines of the Rego that the document reached, missed those that can be reached and were not;
    both are empty where there was no time to tell.
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
    module = _Module(rego)
    with limited.budget(CPU_S):
        found = _halved(module, documents, limits, [MOST_FAILURES])
        decided = [d for d, t in zip(documents, found, strict=True) if t.verdict != "failed"]
        reached = _reached(module, decided, limits)
        return [t if t.verdict == "failed" else _with_lines(t, *next(reached)) for t in found]


def _with_lines(tried: Tried, lines: list[int], missed: list[int]) -> Tried:
    return replace(tried, lines=lines, missed=missed)


def _halved(
    module: _Module, documents: Sequence[Any], limits: opa_cli.Limits, failures: list[int]
) -> list[Tried]:
    try:
        return module.verdicts(documents, limits)
    except opa_cli.DidNotFinish as error:
        return [Tried("failed", problem=str(error))] * len(documents)
    except (opa_cli.OpaFailed, BadDecision) as error:
        failures[0] -= 1
        if len(documents) == 1 or failures[0] < 0:
            return [Tried("failed", problem=str(error))] * len(documents)
        half = len(documents) // 2
        return [
            *_halved(module, documents[:half], limits, failures),
            *_halved(module, documents[half:], limits, failures),
        ]


def _reached(module: _Module, documents: Sequence[Any], limits: opa_cli.Limits) -> Iterator[Lines]:
    """The lines each document reaches and misses, as long as there is time for it."""
    at_a_time = max(1, MOST_COPIED_LINES // max(module.rows, 1))
    until = time.monotonic() + REACHING_S
    for start in range(0, len(documents), at_a_time):
        batch = documents[start : start + at_a_time]
        try:
            late = time.monotonic() > until
            yield from [([], []) for _ in batch] if late else module.reached(batch, limits)
        except (opa_cli.OpaFailed, Busy):
            # The verdicts stand; only which lines took part is not told.
            yield from [([], []) for _ in batch]


class _Module:
    """A policy under a name of its own, as often as it is needed beside itself."""

    def __init__(self, rego: str) -> None:
        self._name = f"copy_{secrets.token_hex(8)}_"
        try:
            self._text = rego_text.nest(rego, self._name, "tried")
        except opa_cli.OpaFailed:
            raise
        except ValueError as error:
            raise opa_cli.OpaFailed([Problem(str(error))]) from error
        self.rows = len(rego.splitlines())
        self._others = opa_checks.beside(rego)

    def verdicts(self, documents: Sequence[Any], limits: opa_cli.Limits) -> list[Tried]:
        asked = f'{{sprintf("%d", [i]): {{{_said(self._name)}}} | some i, d in input}}'
        said, _, _ = opa_cli.ask(asked, self._modules([self._name]), list(documents), limits=limits)
        return [_tried(said[str(i)]) for i in range(len(documents))]

    def reached(self, documents: Sequence[Any], limits: opa_cli.Limits) -> list[Lines]:
        """By a copy for each, because the engine tells coverage by file."""
        names = [f"{self._name}{i}" for i in range(len(documents))]
        # The document is bound before the input is replaced by it.
        asked = ", ".join(f'"{n}": [x | d := input[{i}]; x := {{{_said(n)}}}]' for i, n in enumerate(names))
        _, lines, missed = opa_cli.ask(f"{{{asked}}}", self._modules(names), list(documents), limits=limits)
        return [
            (self._own(lines.get(f"{n}.rego", [])), self._own(missed.get(f"{n}.rego", []))) for n in names
        ]

    def _modules(self, names: Sequence[str]) -> dict[str, str]:
        copies = {f"{n}.rego": self._text.replace(self._name, n) for n in names}
        return {**self._others, **copies}

    def _own(self, rows: Sequence[int]) -> list[int]:
        return [n for n in rows if n <= self.rows]


def _said(name: str) -> str:
    return ", ".join(
        f'"{rule}": [x | x := data.policies["{name}"].{rule} with input as d]'
        for rule in ("deny", "violations")
    )


def _tried(said: Mapping[str, Any]) -> Tried:
    deny, violations = (next(iter(said[key]), None) for key in ("deny", "violations"))
    found = answers.messages("this policy", deny, violations)
    return Tried("deny" if found else "allow", found)
