"""Exams in Settings: how planner and models did, having one sat, and one sitting with every mark."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance import rbac
from governance.exam import configured, query
from governance.exam.query import ExamView
from governance.kinds import Change
from governance.models import Scope
from governance.settings_kind import setting_for
from portal.web import doors, verdict
from portal.web.settings.tabs import tabs

# given and right → what the mark is called, and its chip
MARKS = {
    ("draft", True): ("Right", "admitted"),
    ("question", True): ("Rightly asked", "admitted"),
    ("refusal", True): ("Rightly refused", "admitted"),
    ("draft", False): ("Wrong draft", "blocked"),
    ("question", False): ("Asked", "not_found"),
    ("refusal", False): ("Refused", "not_found"),
    ("failure", False): ("No usable answer", "warning"),
}


def panel_context(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """What the panel shows: the newest exam of everybody on every paper, and what is being sat."""
    actor = doors.actor_of(request)
    found = query.exams(actor, scope.path)
    model = configured.model()
    running = [e for e in found if not e.ended]
    admitted = str(setting_for(scope, "ai_model").value)
    return {
        "exam_rows": [_row(e, admitted) for e in _newest(found)],
        "running": [{"exam": e, "most": max(e.items, 1)} for e in running],
        "stopped": found[0] if found and found[0].state in ("failed", "cancelled") else None,
        "model": model,
        "model_unexamined": bool(model) and query.newest_of(scope, model) is None,
        "papers": query.sittable(actor, scope.path),
        "may_sit": scope.level == "account" and rbac.holds(actor, "administer_setting", scope),
        "account": scope.path.partition("/")[0],
        "exams_url": reverse("settings_exams", args=[scope.dotted]),
        "exam_key": doors.one_time_key(),
    }


def _newest(found: list[ExamView]) -> list[ExamView]:
    """Finished ones, the newest of each candidate on each paper; those of one paper side by side."""
    rows: dict[tuple[str, str, str], ExamView] = {}
    for each in found:
        if each.state == "done":
            rows.setdefault((each.paper_id, each.candidate, each.model), each)
    latest = {e.paper_id: e.created_at for e in reversed(list(rows.values()))}
    return sorted(
        rows.values(), key=lambda e: (-latest[e.paper_id].timestamp(), e.candidate != "planner", e.model)
    )


def _row(exam: ExamView, admitted: str) -> dict[str, Any]:
    return {"exam": exam, "bar": _bar(exam), "admitted": bool(exam.model) and exam.model == admitted}


def _bar(exam: ExamView) -> dict[str, Any]:
    """Shares in hundredths of the bar's width; wrong drafts are never too few to be seen."""
    right = round(100 * exam.right / exam.items)
    wrong = max(round(100 * exam.wrong_drafts / exam.items), 1) if exam.wrong_drafts else 0
    other = max(100 - right - wrong, 0)
    return {"right": right, "other": other, "wrong": wrong, "wrong_at": 100 - wrong}


@doors.door
def panel(request: HttpRequest, dotted: str) -> HttpResponse:
    """The fragment, which asks for itself again while somebody sits; POST has one sat or stops it."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_setting", scope.path)
    if request.method == "POST":
        return _start(request, scope)
    context = panel_context(request, scope)
    answer = render(request, "web/settings/_exams.html", {"scope": scope, **context})
    if request.headers.get("HX-Request") and not context["running"]:
        # It was being asked again because somebody sat; what may be decided above has changed with the result.
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def _start(request: HttpRequest, scope: Scope) -> HttpResponse:
    cancelled = request.POST.get("cancel", "")
    candidate = request.POST.get("candidate", "")
    fields: dict[str, Any] = (
        {"exam": cancelled} if cancelled else {"paper": request.POST.get("paper") or None}
    )
    change = Change(
        "cancel" if cancelled else "sit", "exam", scope.path, candidate, fields=fields,
        idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip
    out = doors.try_admit(request, change)
    if not request.headers.get("HX-Request"):
        if out.refused is not None:
            return doors.refused_page(request, out.refused)
        return redirect(reverse("settings_ai", args=[scope.dotted]) + "#exams")
    context = {"scope": scope, **panel_context(request, scope)}
    if out.refused is not None:
        context["exam_refused"] = verdict.of_refusal(
            out.refused, change, what="The exam", who=request.user.display_name, verb="sat"
        )
    return render(request, "web/settings/_exams.html", context, status=out.status)


@doors.door
def page(request: HttpRequest, dotted: str, key: str) -> HttpResponse:
    """One sitting: its score by category, and every mark; those that are not right first."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = query.one(actor, key)
    rows = [{"mark": m, "words": MARKS[m.given, m.right]} for m in query.marks(actor, key)]
    context = {
        "tabs": tabs(scope, "settings_ai"),
        "exam": found,
        "not_right": [r for r in rows if not r["mark"].right],
        "right": [r for r in rows if r["mark"].right],
    }
    return doors.page(request, "web/settings/exam.html", context, scope=scope, section="settings")
