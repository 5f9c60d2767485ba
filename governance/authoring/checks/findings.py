"""What a check has to say about a policy, and what to change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Finding:
    """One finding; `document` is the one that shows it, where there is one."""

    check: str  # parse | reference | never_fires | evasion | mutation | breadth | cost
    severity: Literal["error", "warning"]
    message: str
    line: int = 0
    column: int = 0
    document: Any = None


@dataclass(frozen=True)
class Report:
    """Everything the checks found; a policy with an error is not fit to be activated."""

    findings: list[Finding] = field(default_factory=list)
    mutation_score: float | None = None  # share of mutants the cases notice, 0 to 1
    cost_ratio: float | None = None  # evaluation time as a multiple of a simple policy's
    reached: list[int] = field(default_factory=list)  # lines that the cases reach
    missed: list[int] = field(default_factory=list)  # lines that they could reach and do not

    @property
    def ok(self) -> bool:
        return not any(finding.severity == "error" for finding in self.findings)
