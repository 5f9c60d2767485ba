"""The runs of one pipeline, and the form that starts another."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from governance import access_query
from governance.admission import Admitted
from governance.kinds import Change
from governance.models import Scope
from portal.web import doors, lists, verdict
from portal.web.build import pipeline_form, strips
from portal.web.build.pipeline_tabs import SECTION, tabs
from portal.web.build.runs_shown import seconds_of
from templates_catalog import execution_query, query, runtime_inputs
from templates_catalog.documents.walk import stages, steps


@doors.door
def runs(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """Runs of this pipeline, newest first, and what a run asks for."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    detail = query.pipeline(actor, scope.path, identifier)
    found = execution_query.executions(actor, scope.path, pipeline=identifier, **lists.cursors(request))
    shown = [_RunRow(e) for e in found.executions]
    context = {
        "detail": detail,
        "identifier": identifier,
        "author": access_query.display_name(detail.version.author),
        "tabs": tabs(actor, scope, identifier, "pipeline_runs", detail.pipeline.latest),
        "runs": shown,
        "pager": lists.time_pager(request, found.newer, found.older, len(shown), "run"),
        "inputs": runtime_inputs.open_inputs(detail.expanded),
    }
    return doors.page(request, "web/build/runs.html", context, scope=scope, section=SECTION)


class _RunRow:
    """A run with what a row adds: how long it took."""

    def __init__(self, execution: Any) -> None:
        self.execution = execution
        self.seconds = seconds_of(execution)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.execution, name)


@doors.door
def run(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """Ask for the open inputs, say what the gate would say, then run."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    if request.method == "POST":
        return _start(request, scope, identifier)
    return _show(request, scope, identifier, {})


def _start(request: HttpRequest, scope: Scope, identifier: str) -> HttpResponse:
    given = {
        k.removeprefix("input:"): v for k, v in request.POST.items() if k.startswith("input:") and v != ""
    }
    change = Change(
        verb="run",
        kind="pipeline",
        scope=scope.path,
        identifier=identifier,
        note=request.POST.get("note", "")[:2000],
        fields={"version": request.POST.get("version", ""), "inputs": given},
        idempotency_key=request.POST.get("key", ""),
    )

    def done(admitted: Admitted) -> HttpResponse:
        number = admitted.data["number"]
        return HttpResponseRedirect(reverse("execution", args=(scope.dotted, identifier, number)))

    def again(outcome: doors.Outcome) -> HttpResponse:
        assert outcome.refused is not None  # noqa: S101  again is only called with a refusal
        who = request.user.display_name
        shown = verdict.of_refusal(outcome.refused, change, what="The run", who=who, verb="started")
        return _show(request, scope, identifier, given, shown=shown, status=outcome.status)

    return doors.admit_or_render(request, change, done=done, again=again)


def _show(
    request: HttpRequest,
    scope: Scope,
    identifier: str,
    given: dict[str, str],
    *,
    shown: verdict.Verdict | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = doors.actor_of(request)
    detail = query.pipeline(actor, scope.path, identifier, request.POST.get("version", ""))
    change = Change("run", "pipeline", scope.path, identifier, fields={"inputs": given})
    context = {
        "detail": detail,
        "identifier": identifier,
        "author": access_query.display_name(detail.version.author),
        "tabs": tabs(actor, scope, identifier, "pipeline_runs", detail.pipeline.latest),
        "inputs": [
            {**i, "value": given.get(i["path"], i["default"])}
            for i in runtime_inputs.open_inputs(detail.expanded)
        ],
        "note": request.POST.get("note", ""),
        "key": doors.one_time_key(),
        "verdict": shown,
        "problems": shown.problems if shown else (),
        "tried": None if shown else pipeline_form.attempt(request, change, "The run"),
        "approvals": _approvals(detail.expanded),
        "strip": strips.strip(detail.expanded),
    }
    return doors.page(request, "web/build/run.html", context, scope=scope, section=SECTION, status=status)


def _approvals(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps at which a run of this document waits for people."""
    found = []
    for stage in stages(body):
        for step in steps(stage):
            if step.get("type") != "HarnessApproval":
                continue
            approvers = (step.get("spec") or {}).get("approvers") or {}
            found.append(
                {
                    "name": step.get("name") or step.get("identifier"),
                    "groups": approvers.get("userGroups") or [],
                    "minimum": approvers.get("minimumCount"),
                }
            )
    return found
