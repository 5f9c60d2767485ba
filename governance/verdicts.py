"""From what policies said to what blocks, what warns, and on which line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from governance import kinds
from governance.errors import Violation
from governance.kinds import Change, Prepared
from governance.ports import Answer


def violations_of(
    answer: Answer, change: Change, prepared: Prepared
) -> tuple[list[Violation], list[Violation]]:
    """(what blocks, what warns). A set in mode warn only warns; one in shadow mode is not told to anybody."""
    errors: list[Violation] = []
    warnings: list[Violation] = []
    for row in answer.applicable:
        if row["mode"] == "shadow":
            continue
        blocks = row["severity"] == "error" and row["mode"] == "enforce"
        for said in answer.found.get(row["id"], ()):
            (errors if blocks else warnings).append(_violation(row, said, blocks, change, prepared))
    return _once(errors), _once(warnings)


def _violation(
    row: Mapping[str, Any], said: Mapping[str, str], blocks: bool, change: Change, prepared: Prepared
) -> Violation:
    path = plain_path(said["path"])
    return Violation(
        policy=row["policy"],
        severity="error" if blocks else "warning",
        message=said["msg"],
        path=path,
        fix=said["fix"],
        line=line_of(path, change.kind, prepared.lines, root=kinds.get(change.kind).root),
        policy_set=row["set"],
        scope=row["scope"],
        policy_scope=row["policy_scope"],
        code=said["code"],
    )


def _once(found: list[Violation]) -> list[Violation]:
    """Two sets may hold the same policy: a person is told once."""
    kept: dict[tuple[str, str, str, str], Violation] = {}
    for violation in found:
        key = (violation.policy_scope, violation.policy, violation.message, violation.path)
        kept.setdefault(key, violation)
    return list(kept.values())


def status_of(errors: list[Violation], warnings: list[Violation]) -> str:
    return "error" if errors else "warning" if warnings else "pass"


def details_of(answer: Answer, change: Change, prepared: Prepared) -> list[dict[str, Any]]:
    """One row per policy and set, with everything it said: shadow rows, too."""
    root = kinds.get(change.kind).root

    def shown(said: Mapping[str, str]) -> dict[str, Any]:
        path = plain_path(said["path"])
        line = line_of(path, change.kind, prepared.lines, root=root)
        return {"message": said["msg"], "path": path, "code": said["code"], "fix": said["fix"], "line": line}

    return [
        {
            "set": row["set"],
            "set_scope": row["scope"],
            "policy": row["policy"],
            "policy_scope": row["policy_scope"],
            "digest": row.get("digest", ""),
            "severity": row["severity"],
            "mode": row["mode"],
            "status": _row_status(row, answer.found.get(row["id"], [])),
            "violations": [shown(said) for said in answer.found.get(row["id"], [])],
        }
        for row in answer.applicable
    ]


def _row_status(row: Mapping[str, Any], said: list[dict[str, Any]]) -> str:
    if not said:
        return "pass"
    return "error" if row["severity"] == "error" and row["mode"] == "enforce" else "warning"


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
