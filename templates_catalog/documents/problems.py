"""What is wrong with a document, where, and how to put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from templates_catalog.documents import paths


@dataclass(frozen=True)
class Problem:
    """One sentence about one place. `line` and `column` count from 1; 0 means unknown."""

    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    severity: str = "error"

    def __str__(self) -> str:
        place = self.path
        if self.line:
            place = f"{place} (line {self.line})" if place else f"line {self.line}"
        return f"{place}: {self.message}" if place else self.message

    def as_dict(self) -> dict[str, str | int]:
        return {
            "message": self.message,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "severity": self.severity,
        }


class DocumentError(ValueError):
    """The text is not a document we accept; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:5]))
        self.problems = problems


def located(problems: list[Problem], positions: Mapping[str, tuple[int, int]]) -> list[Problem]:
    """The same problems with line and column of the closest typed place."""
    placed = []
    for problem in problems:
        if not problem.line:
            line, column = paths.nearest(positions, problem.path)
            problem = replace(problem, line=line, column=column)
        placed.append(problem)
    return placed
