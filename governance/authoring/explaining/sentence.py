"""A sentence of an explanation and the lines it speaks of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """A sentence and the lines (1-based) it explains; `understood` is False where it could not.

    head and parts are the same sentence taken apart: what a rule gives, and each condition with its own lines.
    Both are empty where a sentence has no parts.
    """

    text: str
    lines: tuple[int, ...]
    understood: bool = True
    head: str = ""
    parts: tuple[Sentence, ...] = ()

    @property
    def unclear(self) -> tuple[int, ...]:
        """The lines a reader has to read alone."""
        if self.understood:
            return ()
        return tuple(n for p in self.parts if not p.understood for n in p.lines) or self.lines
