"""Source text as lines for a page: highlighted, with findings on their lines, folded or compared."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say about one line. severity: error, warning, invalid or info; line is 1-based."""

    severity: str
    title: str
    message: str
    line: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a listing. kind: "" plain, add, del, fold, err, warn, inv or hi; sign stands before it."""

    number: str
    html: SafeString
    kind: str = ""
    sign: str = ""
    findings: Sequence[Finding] = field(default_factory=tuple)


_KINDS = {"error": ("err", "✕"), "invalid": ("inv", "✕"), "warning": ("warn", "!"), "info": ("hi", "")}
_YAML_KEY = re.compile(r"""^(\s*(?:-\s+)*)("[^"]*"|'[^']*'|[^\s#'"{\[][^:#]*?)(:)(\s.*|)$""")
_YAML_ITEM = re.compile(r"^(\s*(?:-\s+)+)(.*)$")
_NUMBER = re.compile(r"^(?:[-+]?\d[\d._]*[a-zA-Z]{0,2}|true|false|null|~|yes|no)$", re.IGNORECASE)
_REGO = re.compile(
    r"(?P<c>\#.*$)|(?P<s>\"(?:\\.|[^\"\\])*\"|`[^`]*`)"
    r"|(?P<w>\b(?:package|import|as|default|if|in|every|some|not|with|else|contains|true|false|null)\b)"
    r"|(?P<n>\b\d+(?:\.\d+)?\b)|(?P<f>\b[a-z_][\w.]*(?=\())|(?P<k>\binput(?:\.\w+)*)"
)


def _span(cls: str, text: str) -> SafeString:
    return format_html('<span class="{}">{}</span>', cls, text) if text else mark_safe("")


def _yaml_value(text: str) -> SafeString:
    body, comment = text, ""
    if (cut := re.search(r"(?:^|\s)#.*$", text)) and text.count('"', 0, cut.start()) % 2 == 0:
        body, comment = text[: cut.start()], text[cut.start() :]
    word = body.strip()
    if not word:
        shown = conditional_escape(body)
    elif "<+" in word:
        shown = _span("x", body)
    elif _NUMBER.match(word):
        shown = _span("n", body)
    else:
        shown = _span("s", body)
    return shown + _span("c", comment)


def _yaml(text: str) -> SafeString:
    if text.lstrip().startswith("#"):
        return _span("c", text)
    if found := _YAML_KEY.match(text):
        lead, key, colon, rest = found.groups()
        return conditional_escape(lead) + _span("k", key) + conditional_escape(colon) + _yaml_value(rest)
    if found := _YAML_ITEM.match(text):
        return conditional_escape(found[1]) + _yaml_value(found[2])
    return _yaml_value(text)


def _rego(text: str) -> SafeString:
    shown, at = mark_safe(""), 0
    for found in _REGO.finditer(text):
        shown += conditional_escape(text[at : found.start()]) + _span(found.lastgroup or "", found[0])
        at = found.end()
    return shown + conditional_escape(text[at:])


_PAINTERS = {"yaml": _yaml, "rego": _rego}


def paint(text: str, language: str = "yaml") -> SafeString:
    """One line of source as safe HTML."""
    painter = _PAINTERS.get(language)
    return painter(text) if painter else conditional_escape(text)


def lines(
    text: str,
    language: str = "yaml",
    *,
    findings: Iterable[Finding] = (),
    marked: Iterable[int] = (),
    first: int = 1,
) -> list[Line]:
    """Every line of a text; a finding colours its line and stands below it."""
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        by_line.setdefault(finding.line, []).append(finding)
    highlighted = set(marked)
    rows = []
    for number, source in enumerate(text.splitlines(), first):
        here = by_line.get(number, [])
        kind, sign = _KINDS[here[0].severity] if here else (("hi", "") if number in highlighted else ("", ""))
        rows.append(Line(str(number), paint(source, language), kind, sign, tuple(here)))
    return rows


def window(rows: list[Line], *, around: int = 6) -> list[Line]:
    """The rows near a finding, the rest folded with a count; all of them when there is no finding."""
    hot = [i for i, row in enumerate(rows) if row.findings or row.kind]
    if not hot:
        return rows
    keep = {n for i in hot for n in range(i - around, i + around + 1)}
    return fold(rows, keep)


def fold(rows: list[Line], keep: set[int]) -> list[Line]:
    """Replace each run of rows that is not kept by one row that says how many they were."""
    shown: list[Line] = []
    hidden = 0
    for index, row in enumerate([*rows, None]):
        if row is not None and index not in keep:
            hidden += 1
            continue
        if hidden:
            words = "1 line" if hidden == 1 else f"{hidden} lines"
            shown.append(Line("⋯", conditional_escape(words), "fold"))
            hidden = 0
        if row is not None:
            shown.append(row)
    return shown


@dataclass(frozen=True, slots=True)
class Difference:
    """Two texts compared. rows are unified; pairs stand side by side (None where one side has no row)."""

    rows: list[Line]
    pairs: list[tuple[Line | None, Line | None]]
    added: int
    removed: int

    @property
    def changed(self) -> bool:
        return bool(self.added or self.removed)


def compare(before: str, after: str, language: str = "yaml", *, around: int = 3) -> Difference:
    """Compare two texts line by line; unchanged parts are folded with a count."""
    old, new = before.splitlines(), after.splitlines()
    rows: list[Line] = []
    pairs: list[tuple[Line | None, Line | None]] = []
    added = removed = 0
    for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone = [Line(str(n + 1), paint(old[n], language), "del", "−") for n in range(a1, a2)]
        come = [Line(str(n + 1), paint(new[n], language), "add", "+") for n in range(b1, b2)]
        if tag == "equal":
            same = [Line(str(n + 1), paint(new[n], language)) for n in range(b1, b2)]
            left = [Line(str(n + 1), paint(old[n], language)) for n in range(a1, a2)]
            rows += same
            pairs += list(zip(left, same, strict=True))
            continue
        added, removed = added + len(come), removed + len(gone)
        rows += gone + come
        height = max(len(gone), len(come))
        pairs += [
            (gone[i] if i < len(gone) else None, come[i] if i < len(come) else None) for i in range(height)
        ]
    return Difference(_near_changes(rows, around), pairs, added, removed)


def _near_changes(rows: list[Line], around: int) -> list[Line]:
    hot = [i for i, row in enumerate(rows) if row.kind]
    return fold(rows, {n for i in hot for n in range(i - around, i + around + 1)})
