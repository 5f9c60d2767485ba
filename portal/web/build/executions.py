"""Runs: the list, one run with its tree, live log and decisions, downloads, and what waits for me."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance import access_query
from governance.admission import Admitted
from governance.kinds import Change
from portal.web import doors, lists, verdict, waiting
from portal.web.build import runs_shown, strips
from templates_catalog import execution_query

SECTION = "executions"
STATES = {
    "waiting": "Waiting", "running": "Running", "queued": "Queued", "failed": "Failed",
    "succeeded": "Passed", "cancelled": "Cancelled",
}  # fmt: skip
TAIL_BYTES = 131_072


@doors.door
def index(request: HttpRequest, dotted: str) -> HttpResponse:
    """Where each run is, without opening it."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    filters = lists.filters(
        request, ["state", "pipeline", "by", "ai"],
        placeholder="state:waiting pipeline: by: ai:yes", label="Filter executions",
        choices=lambda f: _states(request, f),
    )  # fmt: skip
    wanted = {
        "state": "running,leased" if filters.first("state") == "running" else filters.first("state"),
        "pipeline": filters.first("pipeline") or filters.text,
        "ai": {"yes": True, "no": False}.get(filters.first("ai")),
    }
    found = execution_query.executions(actor, scope.path, **wanted, **lists.cursors(request))
    stages = execution_query.stages(found.executions)
    rows = [_row(e, stages[e.id]) for e in found.executions]
    context = {
        "rows": rows,
        "filters": filters,
        "pager": lists.time_pager(request, found.newer, found.older, len(rows), "run"),
        "mine": sum(w.may_decide for _, w in execution_query.waiting(actor)),
    }
    return doors.page(request, "web/build/executions.html", context, scope=scope, section=SECTION)


def _states(request: HttpRequest, filters: lists.Filters) -> list[lists.Choice]:
    now = filters.first("state")
    rows = [lists.Choice("All", lists.with_query(request, state="", before="", after=""), not now)]
    return rows + [
        lists.Choice(title, lists.with_query(request, state=state, before="", after=""), state == now)
        for state, title in STATES.items()
    ]


def _row(execution: Any, stages: list[Any]) -> dict[str, Any]:
    where = next((s.name for s in stages if s.status in ("running", "waiting", "failed")), "")
    return {
        "run": execution,
        "dotted": execution.scope.replace("/", "."),
        "seconds": runs_shown.seconds_of(execution),
        "pips": strips.pips([s.status for s in stages]),
        "where": where,
    }


@doors.door
def detail(request: HttpRequest, dotted: str, identifier: str, number: int) -> HttpResponse:
    """The log in the middle, the decision beside it, the tree says where we are."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = execution_query.by_number(actor, scope.path, identifier, number)
    if request.method == "POST":
        return _decide(request, scope, found)
    return _show(request, scope, found)


def _show(
    request: HttpRequest, scope: Any, found: Any, *, refused: verdict.Verdict | None = None, status: int = 200
) -> HttpResponse:
    context = _run_context(request, scope, found) | {
        "verdict": refused,
        "comment": request.POST.get("comment", ""),
    }
    return doors.page(
        request, "web/build/execution.html", context, scope=scope, section=SECTION, status=status
    )


def _run_context(request: HttpRequest, scope: Any, found: Any) -> dict[str, Any]:
    actor = doors.actor_of(request)
    run = execution_query.run(actor, found.id)
    base = reverse("execution", args=(scope.dotted, found.pipeline, found.number))
    step = runs_shown.chosen_step(run.stages, request.GET.get("step", ""))
    part = execution_query.log(actor, found.id, step.path, -TAIL_BYTES, TAIL_BYTES) if step else None
    whole = len(part.data) if part and part.end else (part.data.rfind(b"\n") + 1 if part else 0)
    lines = runs_shown.log_lines(part.data[:whole], 1) if part else []
    return {
        "run": run,
        "found": run.execution,
        "started_by": access_query.display_name(found.requested_name),
        "tree": runs_shown.tree(run.stages, step.path if step else "", base),
        "step": step,
        "part": part,
        "lines": lines,
        "cut": bool(part and part.offset),
        "next_byte": part.offset + whole if part else 0,
        "live": bool(part and not part.end and not found.ended),
        "seconds": runs_shown.seconds_of(found),
        "key": doors.one_time_key(),
        "history": runs_shown.history(execution_query.events(actor, found.id)[-40:]),
        "identifier": found.pipeline,
    }


@doors.door
def status(request: HttpRequest, dotted: str, identifier: str, number: int) -> HttpResponse:
    """The parts of the page that move while a run goes on: chips, tree, approvals."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = execution_query.by_number(actor, scope.path, identifier, number)
    return render(
        request,
        "web/build/_run_moving.html",
        _run_context(request, scope, found) | {"scope": scope, "moving": True},
    )


@doors.door
def log_tail(request: HttpRequest, dotted: str, identifier: str, number: int) -> HttpResponse:
    """What a step's log has behind `?from=`; `line` is the number of the last line shown."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = execution_query.by_number(actor, scope.path, identifier, number)
    step, line = request.GET.get("step", ""), _whole(request.GET.get("line"))
    part = execution_query.log(actor, found.id, step, _whole(request.GET.get("from")), TAIL_BYTES)
    # Only whole lines are shown; the rest of the last one comes with the next answer.
    cut = len(part.data) if part.end else part.data.rfind(b"\n") + 1
    lines = runs_shown.log_lines(part.data[:cut], line + 1)
    context = {
        "lines": lines,
        "next": part.offset + cut,
        "line": line + len(lines),
        "more": not part.end,
        "step_path": step,
        "found": found,
        "scope": scope,
        "note": part.note,
    }
    return render(request, "web/build/_log_more.html", context)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


@doors.door
def download(
    request: HttpRequest, dotted: str, identifier: str, number: int
) -> HttpResponse | StreamingHttpResponse:
    """A step's log, or the whole run's, as a text file, streamed."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = execution_query.by_number(actor, scope.path, identifier, number)
    file = execution_query.download(
        actor, found.id, request.GET.get("step", ""), raw=request.GET.get("raw") == "yes"
    )
    answer = StreamingHttpResponse(file.chunks, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _decide(request: HttpRequest, scope: Any, found: Any) -> HttpResponse:
    """Approve, reject, cancel or resolve, as this person, through the one write path."""
    verb = request.POST.get("do", "")
    fields: dict[str, Any] = {}
    if verb in ("approve", "reject"):
        fields = {"step": request.POST.get("step", ""), "comment": request.POST.get("comment", "").strip()}
    elif verb == "resolve":
        fields = {"state": request.POST.get("state", "")}
    change = Change(
        verb=verb, kind="execution", scope=scope.path, identifier=found.id, fields=fields,
        idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip
    here = reverse("execution", args=(scope.dotted, found.pipeline, found.number))

    def done(admitted: Admitted) -> HttpResponse:
        waiting.forget(doors.actor_of(request))
        words = {
            "approve": "Approved.",
            "reject": "Rejected.",
            "cancel": "Asked to stop.",
            "resolve": "Decided.",
        }
        messages.success(request, f"{words.get(verb, 'Done.')} It is on the trail.")
        return HttpResponseRedirect(
            (request.POST.get("back") == "approvals" and reverse("approvals")) or here
        )

    def again(outcome: doors.Outcome) -> HttpResponse:
        assert outcome.refused is not None  # noqa: S101  again is only called with a refusal
        shown = verdict.of_refusal(
            outcome.refused, change, what="Your decision", who=request.user.display_name, verb="kept"
        )
        return _show(request, scope, found, refused=shown, status=outcome.status)

    return doors.admit_or_render(request, change, done=done, again=again)


@require_POST
@doors.door
def decide(request: HttpRequest, dotted: str, identifier: str, number: int) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    return _decide(request, scope, execution_query.by_number(actor, scope.path, identifier, number))


@doors.door
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for me, decided here on its evidence; what waits for others, and why it is not mine."""
    actor = doors.actor_of(request)
    rows = [
        {"run": run, "waits": waits, "dotted": run.scope.replace("/", "."), "key": doors.one_time_key(),
         "by": access_query.display_name(run.requested_name)}
        for run, waits in execution_query.waiting(actor)
    ]  # fmt: skip
    context = {
        "mine": [r for r in rows if r["waits"].may_decide],
        "others": [r for r in rows if not r["waits"].may_decide],
    }
    return doors.page(request, "web/build/approvals.html", context, section=SECTION)
