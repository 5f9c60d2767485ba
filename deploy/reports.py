"""Reads the reports of test runs: which tests ran in none of them."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree  # our own files, written a moment ago
from pathlib import Path


def never_ran(reports: list[Path]) -> list[tuple[str, str]]:
    """Tests that were skipped in every report they appear in, each with the reason given last."""
    ran: set[str] = set()
    skipped: dict[str, str] = {}
    for report in reports:
        for name, reason in _cases(report):
            if reason is None:
                ran.add(name)
            else:
                skipped[name] = reason
    return sorted((name, reason) for name, reason in skipped.items() if name not in ran)


def _cases(report: Path) -> list[tuple[str, str | None]]:
    """(name, why it was skipped or None) of each test; nothing when the run broke before its report."""
    if not report.exists():
        return []
    cases = []
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314
        skip = case.find("skipped")
        # An expected failure did run; it is reported as skipped too.
        if skip is not None and skip.get("type") == "pytest.xfail":
            skip = None
        name = f"{case.get('classname')}.{case.get('name')}"
        cases.append((name, None if skip is None else skip.get("message", "")))
    return cases
