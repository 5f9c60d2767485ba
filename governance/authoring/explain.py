"""Policies in English, each sentence with the lines of Rego it speaks of.

A rule is said in full. Hand-written Rego is said as far as its syntax tree tells; what could not
be explained is named, never left out.
"""

from __future__ import annotations

import re

from governance.authoring import rule as r
from governance.authoring.compile import standalone
from governance.authoring.explaining import Sentence, explain_rego
from governance.authoring.wording import clause_text

__all__ = ["Sentence", "explain_rego", "explain_rule"]

CLAUSE = re.compile(r"^violations contains violation if \{$")


def explain_rule(rule: r.Rule, text: str = "") -> list[Sentence]:
    """The rule clause by clause, tied to the lines of its standalone module (or of `text`)."""
    starts, rows = [], (text or standalone(rule)).splitlines()
    for number, row in enumerate(rows, start=1):
        if CLAUSE.match(row):
            starts.append(number)
    sentences = []
    for clause, start in zip(rule.clauses, starts, strict=False):
        end = next(n for n in range(start, len(rows) + 1) if rows[n - 1] == "}")
        sentences.append(Sentence(clause_text(rule, clause), tuple(range(start, end + 1))))
    return sentences
