"""Which typed lines the assistant proposed: found by comparing the versions of a pipeline in turn."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from templates_catalog.documents import write
from templates_catalog.query import VersionView

# Older versions than this are taken as one start.
MOST_VERSIONS = 25


def ai_lines(versions: Sequence[VersionView], shown: list[str]) -> list[bool]:
    """For each line of `shown` (the expanded text of the newest version) whether AI put it there.

    versions: newest first. A line that was there before keeps who wrote it; a new one is its version's.
    """
    marks: list[bool] = []
    before: list[str] = []
    for version in reversed(versions[:MOST_VERSIONS]):
        lines = write.dump(version.document).splitlines()
        marks = _carried(before, marks, lines, bool(version.ai))
        before = lines
    return _carried(before, marks, shown, False)


def _carried(old: list[str], marks: list[bool], new: list[str], own: bool) -> list[bool]:
    found = [own] * len(new)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for block in matcher.get_matching_blocks():
        found[block.b : block.b + block.size] = marks[block.a : block.a + block.size]
    return found
