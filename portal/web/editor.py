"""What the editor fragment needs: the text, its findings and where to have it checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.web.code import Finding

WORDS = {"yaml": "YAML 1.2", "rego": "Rego v1", "json": "JSON"}


@dataclass(frozen=True, slots=True)
class Editor:
    """One text to edit. name: of the form field; check_url: tries the text as it is typed, saving nothing.

    reached and missed are lines that examples reach, and those they could and do not.
    """

    text: str
    language: str = "yaml"
    name: str = "source"
    file: str = "pipeline.yaml"
    label: str = "Pipeline editor"
    findings: Sequence[Finding] = field(default_factory=tuple)
    check_url: str = ""
    read_only: bool = False
    proposed: bool = False
    strip: Sequence[Any] = field(default_factory=tuple)
    said: str = ""
    reached: Sequence[int] = field(default_factory=tuple)
    missed: Sequence[int] = field(default_factory=tuple)

    @property
    def line_count(self) -> int:
        return len(self.text.splitlines())

    @property
    def rows(self) -> int:
        return min(max(self.line_count + 2, 12), 60)

    @property
    def language_word(self) -> str:
        return WORDS.get(self.language, self.language)

    @property
    def blocking(self) -> int:
        return sum(f.severity == "error" for f in self.findings)

    @property
    def malformed(self) -> int:
        return sum(f.severity == "invalid" for f in self.findings)

    @property
    def warning(self) -> int:
        return sum(f.severity == "warning" for f in self.findings)

    @property
    def findings_json(self) -> str:
        """For a hidden element; the template escapes it."""
        rows = [
            {"line": f.line, "severity": f.severity, "title": f.title, "message": f.message}
            for f in self.findings
        ]
        return json.dumps(rows)

    @property
    def cover_json(self) -> str:
        return json.dumps({"reached": list(self.reached), "missed": list(self.missed)})
