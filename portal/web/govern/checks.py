"""What the checks found about a version or a draft: a fragment that the page asks for once it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from governance import policy_query, proposals
from governance.errors import Busy
from governance.policy_reports import FindingView, ReportView
from governance.policy_views import CommentView
from portal.web import code, doors
from portal.web.govern import evidence
from templates_catalog.documents import write

# check → what it looks for, in words
ABOUT = {
    "parse": "Syntax and types",
    "reference": "What it may read",
    "never_fires": "Can every test be met?",
    "case": "Its own examples",
    "evasion": "Can it be got round?",
    "mutation": "Would a mistake be noticed?",
    "breadth": "Does it refuse everything?",
    "conflict": "Beside the policies in force",
    "cost": "Time for a large document",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One check and what came of it. state: ok, warning, error or none (it could not be made)."""

    title: str
    state: str
    said: str
    findings: list[FindingView]


@dataclass(frozen=True, slots=True)
class Shown:
    report: ReportView
    rows: list[Row]
    rego: list[code.Line]

    @property
    def uncovered_count(self) -> int:
        return len(self.report.uncovered)

    @property
    def documents(self) -> list[tuple[FindingView, list[code.Line]]]:
        """The documents that show a finding, as text."""
        found = [f for f in self.report.findings if f.document is not None]
        return [(f, code.lines(_text(f.document), "yaml")) for f in found[:6]]


def titled(check: str) -> str:
    """What a check looks for, to stand before what it found."""
    about = ABOUT.get(check, check)
    return about if about.endswith("?") else f"{about}."


def _text(document: object) -> str:
    return write.dump(document) if isinstance(document, dict) else write.dump({"input": document})


@doors.door
def of_version(request: HttpRequest, dotted: str, identifier: str, number: int) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    try:
        found = policy_query.report(actor, scope.path, identifier, number)
    except Busy as busy:
        return _later(request, busy)
    version = policy_query.version(actor, scope.path, identifier, number)
    return render(request, "web/govern/_report.html", {"shown": shown(found, version.rego, version.comments)})


@doors.door
def of_proposal(request: HttpRequest, dotted: str, proposal: str) -> HttpResponse:
    actor = doors.actor_of(request)
    doors.scope_at(actor, dotted)
    kept = proposals.get(actor, proposal)
    try:
        found = policy_query.report_of_draft(kept.content, kept.fields)
    except Busy as busy:
        return _later(request, busy)
    return render(request, "web/govern/_report.html", {"shown": shown(found, kept.content)})


def _later(request: HttpRequest, busy: Busy) -> HttpResponse:
    """The place of the report, which asks for it again by itself."""
    return render(request, "web/govern/_report_later.html", {"busy": busy, "checks_url": request.path})


def shown(report: ReportView, rego: str, comments: Iterable[CommentView] = ()) -> Shown:
    """A report as rows, and the Rego with the lines its examples reach and what was said of them."""
    reached = {n: "✓" for n in report.covered} | {n: "○" for n in report.uncovered}
    findings = [
        code.Finding("error" if f.severity == "error" else "warning", titled(f.check), f.message, f.line)
        for f in report.findings
        if f.line
    ]
    lines = [
        code.Line(
            row.number,
            row.html,
            row.kind or ("warn" if reached.get(int(row.number)) == "○" else ""),
            row.sign or reached.get(int(row.number), ""),
            row.findings,
        )
        for row in code.lines(rego, "rego", findings=[*findings, *evidence.remarks(comments)])
    ]
    return Shown(report, [_row(check, report) for check in ABOUT], lines)


def _row(check: str, report: ReportView) -> Row:
    here = [f for f in report.findings if f.check == check]
    state = "ok"
    if here:
        state = "error" if any(f.severity == "error" for f in here) else "warning"
    elif not _taken(check, report):
        state = "none"
    return Row(ABOUT[check], state, _fine(check, report), here)


def _taken(check: str, report: ReportView) -> bool:
    if any(f.check in ("parse", "reference") for f in report.findings):
        return check in ("parse", "reference")
    if check in ("case", "mutation"):
        return bool(report.cases)
    return check != "conflict" or bool(report.neighbours)


def _fine(check: str, report: ReportView) -> str:
    """What to say when nothing was found."""
    if not _taken(check, report):
        return {
            "conflict": "Nothing to hold it against: a saved version is tried beside every policy enforced here.",
            "case": "There are no examples; describe the rule in English to have them derived.",
            "mutation": "There are no examples that could notice one.",
        }.get(check, "Could not be looked at before the rest is right.")
    return {
        "parse": "Compiles, in strict mode, without built-ins that reach outside.",
        "reference": "Reads its input and the shared library alone.",
        "never_fires": "Every field it reads exists, and every value it compares with can occur.",
        "case": f"All {report.cases} examples come out as expected, decided by OPA.",
        "evasion": "Moving steps into groups, parallel blocks, inserts or templates changes no verdict.",
        "mutation": f"The examples notice {_percent(report.mutation_score)} of the mistakes put into it.",
        "breadth": "Some of the product's example documents pass.",
        "conflict": f"A document passes it together with the {report.neighbours} enforced here.",
        "cost": f"{max(report.cost_ratio or 0, 0.1):.1f} times a simple policy, for 200 kB; the most is 10.",
    }[check]


def _percent(share: float | None) -> str:
    return f"{round((share or 0) * 100)} %"
