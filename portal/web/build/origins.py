"""Who put each line of an expanded document there: runs of lines with the same origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.web import code
from portal.web.build import lineage
from portal.web.code import Line
from templates_catalog.documents import parse, write
from templates_catalog.expand import origin_of
from templates_catalog.query import VersionView

LOOKS = {"template": "orig-tmpl", "ai": "orig-ai"}
FILLS = {"template": "brand", "ai": "ai", "document": "neutral", "environment": "warning"}
TITLES = {
    "template": "Template",
    "ai": "AI, accepted",
    "document": "This pipeline",
    "environment": "Environment",
}


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring lines of one origin."""

    rows: list[Line]
    first: int
    last: int
    title: str
    note: str
    look: str
    kind: str
    ai: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    title: str
    fill: str
    lines: int
    x: int = 0
    width: int = 0


def runs(body: dict[str, Any], origins: Mapping[str, str], versions: Sequence[VersionView]) -> list[Run]:
    """The expanded pipeline as text, cut where the origin changes.

    versions: up to the shown one, newest first; by them typed lines are told from proposed ones.
    """
    text = write.dump({"pipeline": body})
    by_line = _origin_by_line(text, dict(origins))
    proposed = lineage.ai_lines(versions, text.splitlines())
    by_line = ["ai" if o == "document" and p else o for o, p in zip(by_line, proposed, strict=True)]
    found: list[Run] = []
    start = 0
    rows = code.lines(text)
    for index in range(1, len(rows) + 1):
        if index == len(rows) or by_line[index] != by_line[start]:
            found.append(_run(rows[start:index], by_line[start], start + 1, index))
            start = index
    return found


def _origin_by_line(text: str, origins: dict[str, str]) -> list[str]:
    """For each line the origin of the deepest thing that begins on it; lines inside a value follow it."""
    deepest: dict[int, str] = {}
    for path, (line, _) in parse.read(text).positions.items():
        if len(path) >= len(deepest.get(line, "")):
            deepest[line] = path
    found, last = [], "document"
    for number in range(1, len(text.splitlines()) + 1):
        if path := deepest.get(number, ""):
            last = (
                "environment"
                if ".infrastructure.environment" in path
                else (origin_of(origins, path) or "document")
            )
        found.append(last)
    return found


def _run(rows: list[Line], origin: str, first: int, last: int) -> Run:
    word, _, rest = origin.partition(" ")
    kind = word if word in FILLS else ("template" if origin.startswith("template") else "document")
    ai = kind == "ai"
    ref, _, version = rest.partition("@")
    title = f"{ref} {version}".strip() if kind == "template" else TITLES[kind]
    notes = {
        "template": "put here by the template; this pipeline cannot change it",
        "environment": "read from the environment, written by nobody here; policies ask for it",
        "document": "typed in this pipeline",
        "ai": "proposed by the assistant, accepted by a person",
    }
    return Run(rows, first, last, title, notes[kind], LOOKS.get(kind, ""), kind, ai)


def shares(found: list[Run]) -> list[Share]:
    """How many lines each origin has, with the widths of one bar of 288 units."""
    counts: dict[str, int] = {}
    for run in found:
        counts[run.kind] = counts.get(run.kind, 0) + len(run.rows)
    total = sum(counts.values()) or 1
    room = 288 - 2 * max(len(counts) - 1, 0)
    made, x = [], 0
    for kind, count in counts.items():
        width = max(round(room * count / total), 2)
        made.append(Share(TITLES[kind], FILLS[kind], count, x, width))
        x += width + 2
    return made
