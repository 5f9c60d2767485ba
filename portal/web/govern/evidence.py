"""What a reader of a policy version needs to decide: reading, Rego, English, examples, checks, and what is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from governance import policy_query
from governance.actor import Actor
from governance.explanations import Explanation, explanation
from governance.policy_views import CommentView
from portal.web import code
from portal.web.govern.workbench import ranges
from templates_catalog.documents import write


@dataclass(frozen=True, slots=True)
class Example:
    """A document the rule was tried on. ok: the verdict is the expected one."""

    name: str
    expect: str
    verdict: str
    ok: bool
    messages: list[str]
    lines: list[code.Line]
    reached: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    request: str
    reading: list[dict[str, Any]]
    rego: list[code.Line]
    english: Explanation
    examples: list[Example]
    checks: list[Any]
    line_count: int
    notes: list[str] = field(default_factory=list)

    @property
    def first(self) -> list[Example]:
        """A few of each verdict; a reader who wants all opens the rest."""
        shown = [e for e in self.examples if not e.ok]
        for verdict in ("deny", "allow"):
            shown += [e for e in self.examples if e.ok and e.verdict == verdict][:3]
        return shown

    @property
    def more(self) -> list[Example]:
        shown = {id(e) for e in self.first}
        return [e for e in self.examples if id(e) not in shown]

    @property
    def as_expected(self) -> int:
        return sum(e.ok for e in self.examples)


@dataclass(frozen=True, slots=True)
class NextStep:
    """A verb of the policy's life. why_not: "" when the person may do it now."""

    verb: str
    text: str
    why_not: str
    primary: bool = False


STEPS = (
    ("submit", "Send to review"),
    ("approve", "Review and approve"),
    ("activate", "Activate"),
)


def of_version(version: Any) -> Evidence:
    return of_parts(
        version.rego, version.rule, version.request, version.reading, version.cases, version.checks,
        comments=version.comments,
    )  # fmt: skip


def of_parts(
    rego: str,
    rule: dict[str, Any],
    request: str,
    reading: list[Any],
    cases: list[Any],
    checks: list[Any],
    *,
    comments: Iterable[CommentView] = (),
) -> Evidence:
    return Evidence(
        request=request,
        reading=[p for p in reading if isinstance(p, dict)],
        rego=code.lines(rego, "rego", findings=remarks(comments)),
        english=explanation(rego, rule),
        examples=[_example(c) for c in cases if isinstance(c, dict)],
        checks=checks,
        line_count=len(rego.splitlines()),
    )


def remarks(comments: Iterable[CommentView]) -> list[code.Finding]:
    """What reviewers said of single lines, to stand below them."""
    return [code.Finding("info", f"{c.name}:", c.text, c.line) for c in comments if c.line]


def _example(case: dict[str, Any]) -> Example:
    expect, got = str(case.get("expect", "")), str(case.get("verdict", ""))
    document = case.get("document")
    text = write.dump(document) if isinstance(document, dict) else write.dump({"input": document})
    return Example(
        name=str(case.get("name", "")),
        expect=expect,
        verdict=got,
        ok=expect == got,
        messages=[str(m) for m in case.get("messages", [])],
        lines=code.lines(text, "yaml"),
        reached=ranges([int(n) for n in case.get("lines", []) if isinstance(n, int)]),
    )


def next_steps(actor: Actor, found: policy_query.PolicyDetail, version: Any) -> list[NextStep]:
    """The one step that comes next, and why this person may not take it when they may not."""
    verb = {"draft": "submit", "in_review": "approve", "approved": "activate"}.get(version.state)
    if verb is None:
        return []
    why = policy_query.why_not(actor, version, verb)
    if not why and verb not in found.may:
        why = f"It needs the permission {verb}_policy here."
    return [NextStep(verb, dict(STEPS)[verb], why, primary=not why)]
