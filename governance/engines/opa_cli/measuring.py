"""What a module costs, which of its lines take the time, and what its tests reach."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from governance.engines.limited import Limits
from governance.engines.opa_binary import capabilities_file, find_opa
from governance.engines.opa_cli.modules import package_of, reference
from governance.engines.opa_cli.process import DRAFT, POLICY, Folder, OpaFailed, good, lines_of, problems_of


@dataclass(frozen=True)
class TestRun:
    """What the tests of a module gave. Lines are 1-based, by file."""

    __test__ = False
    passed: list[str]
    failed: list[str]
    covered: Mapping[str, list[int]] = field(default_factory=dict)
    uncovered: Mapping[str, list[int]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return bool(self.passed) and not self.failed


def run_tests(modules: Mapping[str, str], *, limits: Limits = DRAFT) -> TestRun:
    """Run the `test_` rules of the modules (text by file name) and tell which lines they reach."""
    with Folder(modules) as folder:
        capabilities = ["--capabilities", capabilities_file(find_opa())]
        done = folder.run(["test", "--format", "json", *capabilities, "."], limits)
        if done.returncode not in (0, 2):
            raise OpaFailed(problems_of(done))
        tests = json.loads(done.stdout or "[]") or []
        failed = [t["name"] for t in tests if t.get("fail") or t.get("error")]
        passed = [t["name"] for t in tests if not (t.get("fail") or t.get("error"))]
        if not tests:
            return TestRun([], [])
        report = folder.run(["test", "--coverage", "--format", "json", *capabilities, "."], limits)
        files = json.loads(report.stdout or "{}").get("files", {})
        return TestRun(passed, failed, lines_of(files, "covered"), lines_of(files, "not_covered"))


def evaluation_ms(
    text: str,
    document: Any,
    *,
    others: Mapping[str, str] | None = None,
    limits: Limits = DRAFT,
    runs: int = 2,
    package: Sequence[str] = (),
) -> float:
    """Milliseconds the engine itself takes to decide one document, the best of so many runs."""
    query = f"{reference(package or package_of(text))}.deny"
    with Folder({**(others or {}), POLICY: text}) as folder:
        files = [flag for name in (*(others or {}), POLICY) for flag in ("--data", name)]
        folder.write("input.json", json.dumps(document))
        arguments = ["eval", "--format", "json", "--metrics", "--capabilities", capabilities_file(find_opa()),
                     *files, "--input", "input.json", query]  # fmt: skip
        took = [json.loads(good(folder.run(arguments, limits)).stdout) for _ in range(runs)]
    return min(float(run["metrics"]["timer_rego_query_eval_ns"]) for run in took) / 1e6


def slowest_line(
    text: str, document: Any, *, others: Mapping[str, str] | None = None, limits: Limits = DRAFT
) -> tuple[int, str]:
    """Number and text of the line that takes most of the time for one document; (0, "") when unknown."""
    query = f"{reference(package_of(text))}.deny"
    with Folder({**(others or {}), POLICY: text}) as folder:
        files = [flag for name in (*(others or {}), POLICY) for flag in ("--data", name)]
        folder.write("input.json", json.dumps(document))
        arguments = ["eval", "--format", "json", "--profile", "--profile-limit", "50",
                     "--capabilities", capabilities_file(find_opa()), *files,
                     "--input", "input.json", query]  # fmt: skip
        answer = json.loads(good(folder.run(arguments, limits)).stdout)
    spent: dict[int, int] = {}
    for row in answer.get("profile") or []:
        if row.get("location", {}).get("file") == POLICY:
            at = int(row["location"]["row"])
            spent[at] = spent.get(at, 0) + int(row["total_time_ns"])
    if not spent:
        return 0, ""
    line = max(spent, key=lambda at: spent[at])
    return line, text.splitlines()[line - 1].strip()[:200]
