"""Writing a policy in Rego: checked while it is typed, tried on documents, saved with its examples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance import policy_checks, policy_query, policy_reports, rbac
from governance.engines import limited, opa_checks, opa_cli
from governance.errors import Busy, Invalid
from governance.kinds import Change
from governance.models import Scope
from governance.policy_views import VersionView
from portal.web import code, doors, packed, verdict
from portal.web.editor import Editor
from portal.web.govern import checks, gated, workbench

STARTER = """package pipeline

import rego.v1

# Say what must not be; each message says what, where and how to mend it.
deny contains msg if {
\tcount(object.get(input.pipeline, "stages", [])) == 0
\tmsg := sprintf("pipeline '%s' has no stages", [input.pipeline.identifier])
}
"""
SAVES = ("", "save")


@doors.door
def new(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "edit_policy", scope.path)
    wanted = request.GET.get("entity", "pipeline")
    entity = wanted if wanted in gated.names() else "pipeline"
    return _form(request, scope, "", STARTER, {"entity": entity})


@doors.door
def edit(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = policy_query.policy(actor, scope.path, identifier)
    rbac.enter(actor, "edit_policy", scope.path, kind="policy", identifier=identifier)
    newest = found.versions[0]
    given = {
        "name": newest.name,
        "description": newest.description,
        "entity": found.policy.entity,
    }
    return _form(request, scope, identifier, newest.rego, given, expected=str(newest.number), old=newest)


def _form(
    request: HttpRequest,
    scope: Scope,
    identifier: str,
    source: str,
    given: dict[str, str],
    *,
    expected: str = "",
    old: VersionView | None = None,
) -> HttpResponse:
    if request.method != "POST":
        cases = list(old.cases) if old else []
        return _editing(request, scope, identifier, source, given, expected, cases)
    given = {k: request.POST.get(k, "") for k in ("name", "description", "entity")}
    # A browser sends line ends of its own; the text is kept as it was shown.
    source = request.POST.get("source", "").replace("\r\n", "\n")
    try:
        cases = workbench.given_cases(request) if "cases" in request.POST else list(old.cases if old else [])
    except Invalid as refused:
        return doors.refused_page(request, refused)
    if request.POST.get("do", "") not in SAVES:
        # A button of the bench, from a browser without script.
        return _editing(request, scope, identifier, source, given, expected, cases)
    fields: dict[str, Any] = {**given, "request": old.request if old else "", "cases": cases}
    if old is not None and old.rego == source:
        # The text is as it was compiled, so what was said of it still holds.
        fields |= {"rule": old.rule, "reading": old.reading}
    change = Change(
        "save", "policy", scope.path, identifier or request.POST.get("identifier", ""), source,
        fields=fields, expected_version=request.POST.get("expected_version", ""),
        idempotency_key=request.POST.get("key", ""), note=request.POST.get("note", ""),
    )  # fmt: skip

    def again(out: doors.Outcome) -> HttpResponse:
        return _editing(
            request, scope, identifier, source, given, expected, cases, refused=out, change=change
        )

    def done(admitted: Any) -> HttpResponse:
        return redirect(reverse("policy", args=[scope.dotted, change.identifier]))

    return doors.admit_or_render(request, change, done=done, again=again)


def _editing(
    request: HttpRequest,
    scope: Scope,
    identifier: str,
    source: str,
    given: dict[str, str],
    expected: str,
    cases: list[Any],
    *,
    refused: doors.Outcome | None = None,
    change: Change | None = None,
) -> HttpResponse:
    said = None
    if refused is not None and refused.refused is not None and change is not None:
        said = verdict.of_refusal(refused.refused, change, what="The draft", who=request.user.display_name)
    check_url = reverse("policy_check", args=[scope.dotted])
    editor = Editor(
        text=source, language="rego", file=f"{identifier or 'policy'}.rego", label="Policy editor",
        findings=verdict.findings_of(said) if said else [], check_url=check_url,
    )  # fmt: skip
    actor = doors.actor_of(request)
    context = {
        "identifier": identifier,
        "asked_identifier": request.POST.get("identifier", ""),
        "given": given,
        "entities": gated.names(),
        "editor": editor,
        "expected": expected,
        "verdict": said,
        "bench": workbench.bench(request, actor, scope, given["entity"], cases),
        "bench_url": reverse("policy_bench", args=[scope.dotted]),
        "ran": workbench.digest(source),
        "key": doors.one_time_key(),
    }
    status = refused.status if refused else 200
    return doors.page(
        request, "web/govern/policy_edit.html", context, scope=scope, section="policies", status=status
    )


@doors.door
@require_POST
def bench(request: HttpRequest, dotted: str) -> HttpResponse:
    """A button of the bench: try, add, open, remove, run all. A fragment; nothing is kept."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    _enter(request, scope)
    entity = request.POST.get("entity", "pipeline")
    policy_checks.refuse_unknown_entity(entity)
    try:
        found = workbench.bench(request, actor, scope, entity, workbench.given_cases(request))
    except Invalid as refused:
        found = workbench.Bench(entity, [], problem=str(refused))
    source = request.POST.get("source", "")
    context = {
        "bench": found, "bench_url": reverse("policy_bench", args=[scope.dotted]), "scope": scope,
        "ran": request.POST.get("ran", "") if found.stale else workbench.digest(source),
    }  # fmt: skip
    return render(request, "web/govern/_bench.html", context)


def _enter(request: HttpRequest, scope: Scope) -> None:
    """Who may edit policies here, or the one the form is about."""
    identifier = request.POST.get("policy", "")
    rbac.enter(
        doors.actor_of(request), "edit_policy", scope.path, kind="policy" if identifier else "",
        identifier=identifier,
    )  # fmt: skip


@doors.door
@require_POST
def check(request: HttpRequest, dotted: str) -> HttpResponse:
    """What is being typed: read at once, and held against all checks after a pause (`deep`).

    Always in limited processes of its own, a few at a time; never in the engine that gates.
    """
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    _enter(request, scope)
    source, entity = request.POST.get("source", ""), request.POST.get("entity", "pipeline")
    policy_checks.refuse_unknown_entity(entity)
    deep = request.GET.get("deep") == "1"
    context: dict[str, Any] = {
        "deep_url": reverse("policy_check", args=[scope.dotted]),
        "bench_url": reverse("policy_bench", args=[scope.dotted]),
    }
    editor = Editor(text=source, language="rego")
    try:
        with limited.trying(str(actor.user.pk)):
            found = _report(request, source, entity) if deep else _quick(source, entity)
    except Busy:
        context |= {"editor": editor, "again": True, "deep": deep}
        return render(request, "web/parts/_findings.html", context)
    shown = checks.shown(found, source)
    editor = replace(
        editor,
        findings=[
            code.Finding(
                "invalid" if f.check == "parse" else f.severity, checks.titled(f.check),
                f.message, f.line,
            )
            for f in found.findings
        ],
        said="All checks made" if deep else "Read; the slower checks follow",
        reached=found.covered if deep else (), missed=found.uncovered if deep else (),
    )  # fmt: skip
    stops = any(f.check in ("parse", "reference") for f in found.findings)
    context |= {"editor": editor, "deep": deep, "more": not deep and not stops, "checked": True}
    context["rows"] = [
        {**_plain(row), "ways": _ways_round(row.findings) if deep else []} for row in shown.rows
    ]
    return render(request, "web/parts/_findings.html", context)


def _quick(source: str, entity: str) -> policy_reports.ReportView:
    found = opa_checks.quick(source, entity)
    return policy_reports.ReportView(
        findings=[policy_reports.FindingView(f.check, f.severity, f.message, f.line, f.column) for f in found]
    )


def _report(request: HttpRequest, source: str, entity: str) -> policy_reports.ReportView:
    try:
        cases = policy_reports.cases_of(workbench.given_cases(request))
    except Invalid:
        cases = []
    return policy_reports.of_text(source, entity, cases=cases, limits=opa_cli.DRAFT)


def _plain(row: checks.Row) -> dict[str, Any]:
    return {"title": row.title, "state": row.state, "said": row.said, "findings": row.findings}


def _ways_round(findings: list[policy_reports.FindingView]) -> list[dict[str, Any]]:
    """Documents that get round the policy, to be added as examples by one click."""
    return [
        {
            "message": f.message,
            "packed": packed.pack(f.document),
            "name": f"Found for you: {f.message.partition(' The policy')[0].partition(', which')[0]}"[:200],
            # An error is a refused document that gets through, a warning the other way about.
            "expect": "deny" if f.severity == "error" else "allow",
        }
        for f in findings
        if f.check == "evasion" and f.document is not None
    ]
