"""Describe a pipeline in plain English: what it was matched to, what is missing, what the gate would say."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from governance import proposals
from governance.admission import Admitted
from governance.errors import Refused
from governance.kinds import Change
from governance.models import Scope
from portal.assistant import chat
from portal.assistant.documents import PipelineDraft
from portal.web import code, doors, shell, verdict
from portal.web.build import pipeline_form, strips
from portal.web.build.asking import who
from portal.web.build.pipelines import keep_admitted, show
from portal.web.build.template_links import home_of, template_url
from templates_catalog import query

EXAMPLES = (
    "Build me a deployment pipeline that references our golden Java microservices template.",
    "A pipeline for a Python service with a Bandit scan before staging.",
)


@doors.door
def pipeline(request: HttpRequest) -> HttpResponse:
    """GET shows the field (filled with `?q=` from the search), POST drafts (from Home too), saves or discards."""
    actor = doors.actor_of(request)
    scope = shell.last_scope(request, actor)
    asked = (request.POST.get("q") or request.GET.get("q", "")).strip()
    wants_policy = request.POST.get("kind", request.GET.get("kind")) == "policy"
    if wants_policy and (other := shell.address("describe_policy_here")):
        kept = urlencode({"at": request.GET.get("at", ""), "q": asked})
        return HttpResponseRedirect(f"{other}?{kept}")
    if scope is None or scope.level != "project":
        return doors.page(
            request, "web/build/choose_project.html", {"what": "pipeline"}, scope=scope, section="pipelines"
        )
    if request.method == "POST" and request.POST.get("do") == "save":
        return _save(request, scope)
    if request.method == "POST" and request.POST.get("do") == "discard":
        proposals.discard(actor, request.POST.get("proposal", ""))
        return HttpResponseRedirect(f"{request.path}?at={scope.dotted}")
    if request.method == "POST" and asked:
        return _draft(request, scope, _with_answers(request, asked))
    return _show(request, scope, asked, None)


def _with_answers(request: HttpRequest, asked: str) -> str:
    """The request with what was answered since, in words, so that it can be read by itself later."""
    answers = [
        f"{name.removeprefix('answer:')} is {value.strip()}"
        for name, value in request.POST.items()
        if name.startswith("answer:") and value.strip()
    ]
    template = request.POST.get("template", "")
    more = ([f"use the template {template}"] if template else []) + answers
    return f"{asked.rstrip('.')}; {'; '.join(more)}." if more else asked


def _draft(request: HttpRequest, scope: Scope, asked: str) -> HttpResponse:
    started = time.monotonic()
    try:
        draft = chat.pipeline(doors.actor_of(request), scope.path, asked)
    except Refused as refusal:
        return _show(request, scope, asked, None, refusal=refusal, status=doors.STATUS.get(refusal.code, 422))
    return _show(request, scope, asked, draft, seconds=time.monotonic() - started)


def _save(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Save the proposal by the person's click: the same write path as any other save."""
    actor = doors.actor_of(request)
    kept = proposals.get(actor, request.POST.get("proposal", ""))
    change = Change(
        verb="save", kind="pipeline", scope=scope.path, identifier=kept.identifier, source=kept.content,
        proposal=kept.id, idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip

    def done(admitted: Admitted) -> HttpResponse:
        keep_admitted(request, scope, admitted)
        return HttpResponseRedirect(reverse("pipeline", args=(scope.dotted, kept.identifier)))

    def again(outcome: doors.Outcome) -> HttpResponse:
        assert outcome.refused is not None  # noqa: S101  again is only called with a refusal
        shown = verdict.of_refusal(
            outcome.refused, change, what="The draft", who=f"{request.user.display_name}, from chat"
        )
        form = pipeline_form.Form("save", kept.content, request.POST.get("key", ""), "", "", "", "")
        return show(request, scope, "", kept.content, form=form, refused=shown, status=outcome.status)

    return doors.admit_or_render(request, change, done=done, again=again)


def _show(
    request: HttpRequest,
    scope: Scope,
    asked: str,
    draft: PipelineDraft | None,
    *,
    seconds: float = 0.0,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = doors.actor_of(request)
    context: dict[str, Any] = {
        "asked": asked,
        "draft": draft,
        "refusal": refusal,
        "seconds": seconds,
        "examples": EXAMPLES,
        "key": doors.one_time_key(),
        "by": who(draft.by) if draft else "",
    }
    if draft is not None:
        context |= _answer(actor, scope, draft)
    return doors.page(
        request, "web/build/describe.html", context, scope=scope, section="pipelines", status=status
    )


def _answer(actor: Any, scope: Scope, draft: PipelineDraft) -> dict[str, Any]:
    objections = verdict.objections_of(draft.violations, scope.path)
    body = pipeline_form.value_of(draft.source).get("pipeline", {})
    marks = [
        code.Finding(
            "error" if o.severity != "warning" else "warning", f"{o.policy_name}.", o.message, o.line, o.path
        )
        for o in objections
    ]
    marks += [code.Finding("invalid", "Yours to answer.", p.message, p.line, p.path) for p in draft.problems]
    chosen = _template(actor, scope, draft.template)
    return {
        "chosen": chosen,
        "chosen_url": template_url(scope, chosen) if chosen else "",
        "reading": _reading(draft),
        "asks": draft.asks or [{"name": name} for name in draft.missing],
        "notes": [line for line in draft.notes.splitlines() if _is_news(line)],
        "runners": [_runner(actor, scope, r) for r in draft.runners_up],
        "rows": code.lines(draft.source, findings=marks),
        "objections": objections,
        "blocking": [o for o in objections if o.severity != "warning"],
        "warning": [o for o in objections if o.severity == "warning"],
        "strip": strips.strip(body) or (strips.of_types(chosen.stages) if chosen else []),
        "passes": bool(draft.source)
        and not draft.problems
        and not [o for o in objections if o.severity != "warning"],
    }


def _reading(draft: PipelineDraft) -> list[dict[str, Any]]:
    rows = [
        {"text": name.replace("_", " "), "meaning": str(value), "open": False}
        for name, value in draft.inputs.items()
    ]
    rows += [
        {"text": name.replace("_", " "), "meaning": f"{_said(value)}: does not fit", "open": True}
        for name, value in draft.invalid.items()
    ]
    return rows


def _said(value: Any) -> Any:
    """What was said for an input that does not fit; a planner also says why."""
    return value[0] if isinstance(value, tuple | list) else value


def _is_news(line: str) -> bool:
    """Whether a line of the notes says what the page does not show in its own place."""
    return bool(line.strip()) and not line.startswith(
        ("This uses ", "Filled from your words: ", "Still needed: ")
    )


def _template(actor: Any, scope: Scope, ref: str) -> Any:
    """The template a plan names; by identifier alone, that of the nearest scope that has it."""
    if not ref:
        return None
    home, identifier = home_of(scope, ref)
    homes = [home] if "." in ref else scope.chain_paths
    for path in homes:
        try:
            return query.template(actor, path, identifier)[0]
        except Refused:
            continue
    return None


def _runner(actor: Any, scope: Scope, runner: Any) -> dict[str, Any]:
    """A template that was looked at and not taken, with why."""
    ref, why = (str(runner[0]), str(runner[1])) if isinstance(runner, (list, tuple)) else (str(runner), "")
    found = _template(actor, scope, ref)
    return {"ref": ref, "why": why, "found": found, "url": template_url(scope, found) if found else ""}
