"""From what policies said to what blocks, what warns, and on which line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from governance import kinds
from governance.errors import Violation
from governance.exempting import Granted, covering
from governance.kinds import Change, Prepared
from governance.ports import Answer


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a decision means for a person: what blocks, what warns, and every row for the record.

    details     one row per policy and set with everything it said, shadow rows, too
    exemptions  ids of those that took something out of what blocks
    """

    status: str
    errors: list[Violation]
    warnings: list[Violation]
    details: list[dict[str, Any]]
    exemptions: frozenset[UUID]

    @classmethod
    def of(
        cls,
        answer: Answer,
        change: Change,
        prepared: Prepared,
        exemptions: Sequence[Granted],
        document: Any,
    ) -> Verdict:
        """A set in mode warn only warns, one in shadow mode is told to nobody; what is exempt warns.

        document  the whole input the policies saw
        """
        rows = [_Row.of(row, answer, change, prepared, exemptions, document) for row in answer.applicable]
        errors = _once([v for row in rows for v in row.told if v.severity == "error"])
        warnings = _once([v for row in rows for v in row.told if v.severity == "warning"])
        return cls(
            status="error" if errors else "warning" if warnings else "pass",
            errors=errors,
            warnings=warnings,
            details=[row.detail for row in rows],
            exemptions=frozenset(i for row in rows for i in row.used),
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """One policy in one set: what a person is told, what is kept, and the exemptions it took."""

    told: list[Violation]
    detail: dict[str, Any]
    used: set[UUID]

    @classmethod
    def of(
        cls,
        row: Mapping[str, Any],
        answer: Answer,
        change: Change,
        prepared: Prepared,
        exemptions: Sequence[Granted],
        document: Any,
    ) -> _Row:
        blocks = row["severity"] == "error" and row["mode"] == "enforce"
        told, shown, used = [], [], set()
        for said in answer.found.get(row["id"], ()):
            path = plain_path(said["path"])
            exempt = covering(exemptions, row["id"], row.get("digest", ""), path, document)
            line = line_of(path, change.kind, prepared.lines, root=kinds.get(change.kind).root)
            told.append(_violation(row, said, path, line, blocks and exempt is None, exempt))
            shown.append(_shown(said, path, line, exempt))
            if exempt is not None and blocks:
                used.add(exempt.id)
        return cls([] if row["mode"] == "shadow" else told, _detail(row, shown, blocks), used)


def _violation(
    row: Mapping[str, Any],
    said: Mapping[str, str],
    path: str,
    line: int,
    blocks: bool,
    exempt: Granted | None,
) -> Violation:
    note = f" (exempt until {exempt.until}: {exempt.reason})" if exempt else ""
    return Violation(
        policy=row["policy"],
        severity="error" if blocks else "warning",
        message=said["msg"] + note,
        path=path,
        fix=said["fix"],
        line=line,
        policy_set=row["set"],
        scope=row["scope"],
        policy_scope=row["policy_scope"],
        code=said["code"],
    )


def _shown(said: Mapping[str, str], path: str, line: int, exempt: Granted | None) -> dict[str, Any]:
    found = {"message": said["msg"], "path": path, "code": said["code"], "fix": said["fix"], "line": line}
    return {**found, "exemption": exempt.identifier} if exempt else found


def _detail(row: Mapping[str, Any], shown: list[dict[str, Any]], blocks: bool) -> dict[str, Any]:
    open_ones = [v for v in shown if not v.get("exemption")]
    status = "pass" if not shown else "exempt" if not open_ones else "error" if blocks else "warning"
    return {
        "set": row["set"],
        "set_scope": row["scope"],
        "policy": row["policy"],
        "policy_scope": row["policy_scope"],
        "digest": row.get("digest", ""),
        "severity": row["severity"],
        "mode": row["mode"],
        "status": status,
        "violations": shown,
    }


def _once(found: list[Violation]) -> list[Violation]:
    """Two sets may hold the same policy: a person is told once."""
    kept: dict[tuple[str, str, str, str], Violation] = {}
    for violation in found:
        key = (violation.policy_scope, violation.policy, violation.message, violation.path)
        kept.setdefault(key, violation)
    return list(kept.values())


def plain_path(path: str) -> str:
    """`/pipeline/stages/2/stage` and `$.pipeline.stages[2].stage` as `pipeline.stages[2].stage`."""
    if path.startswith("/"):
        parts = [p.replace("~1", "/").replace("~0", "~") for p in path[1:].split("/")]
        path = "".join(f"[{p}]" if p.isdigit() else f".{p}" for p in parts if p != "")
    return path.removeprefix("$").removeprefix(".").removeprefix("input.")


def line_of(path: str, kind: str, lines: Mapping[str, tuple[int, int]], *, root: str = "") -> int:
    """Line of the path, or of the nearest thing around it that stands in the source; 0 when none does.

    Entities are typed under the name of their kind (`service:`) and seen by policies under Harness's `root`
    (`serviceEntity`).
    """
    first = re.match(r"[^.\[]*", path)
    if root and first and first[0] == root and root not in lines:
        path = kind + path[len(root) :]
    while path:
        if path in lines:
            return lines[path][0]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return 0
