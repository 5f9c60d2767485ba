"""The page of one pipeline with its working form, and making a new one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance import access_query, proposals
from governance.admission import Admitted
from governance.errors import NotFound, Refused
from governance.models import Scope
from portal.web import doors, shell, verdict
from portal.web.build import asking, latest, pipeline_form, refers, strips
from portal.web.build.pipeline_form import Form
from portal.web.build.pipeline_tabs import SECTION, tabs
from portal.web.code import Finding
from portal.web.editor import Editor
from templates_catalog import query


@doors.door
def detail(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """The text with its findings; saving, asking for a change and taking a proposal happen here."""
    actor = doors.actor_of(request)
    if request.method == "POST":
        scope = doors.scope_for(request, dotted, "save", "pipeline", identifier)
        return _work(request, scope, identifier)
    scope = doors.scope_at(actor, dotted)
    found = query.pipeline(actor, scope.path, identifier)
    kept = request.session.pop("admitted", None)
    shell.visit(request, found.pipeline.name, f"Pipeline · {scope.name}", "pipe", request.path)
    return show(request, scope, identifier, found.version.source, detail=found, kept=kept)


@doors.door
def new(request: HttpRequest, dotted: str) -> HttpResponse:
    """An empty working form; the document names itself."""
    actor = doors.actor_of(request)
    if request.method == "POST":
        named = pipeline_form.identifier_in(request.POST.get("source", ""))
        scope = doors.scope_for(request, dotted, "save", "pipeline", named)
    else:
        scope = doors.scope_at(actor, dotted)
    if scope.level != "project":
        return doors.page(
            request, "web/build/choose_project.html", {"what": "pipeline"}, scope=scope, section=SECTION
        )
    if request.method == "POST":
        return _work(request, scope, "")
    start = pipeline_form.starter(scope)
    if taken := request.GET.get("proposal", ""):
        start = proposals.get(actor, taken).content
    return show(request, scope, "", start)


def _work(request: HttpRequest, scope: Scope, identifier: str) -> HttpResponse:
    form = pipeline_form.read(request)
    acts = {"save": _save, "apply": _apply, "ask": _ask, "take": _take, "discard": _discard, "undo": _undo}
    return acts.get(form.do, _check_page)(request, scope, identifier, form)


def _save(
    request: HttpRequest, scope: Scope, identifier: str, form: Form, proposal: str = ""
) -> HttpResponse:
    text = proposals.get(doors.actor_of(request), proposal).content if proposal else form.text
    named = identifier or pipeline_form.identifier_in(text)
    if not identifier:
        there = _detail(doors.actor_of(request), scope, named)
        if there is None:
            form = replace(form, expected_version="")
        elif form.expected_version != (seen := str(there.pipeline.latest)) and there.version.source != text:
            # Nobody asked for the next version of another pipeline: it is said, and saved by a second click.
            form = replace(form, expected_version=seen)
            return show(request, scope, "", text, form=form, status=409)
    change = pipeline_form.save_change(scope, named, form, text=text, proposal=proposal)

    def done(admitted: Admitted) -> HttpResponse:
        keep_admitted(request, scope, admitted)
        return HttpResponseRedirect(reverse("pipeline", args=(scope.dotted, named)))

    def again(outcome: doors.Outcome) -> HttpResponse:
        assert outcome.refused is not None  # noqa: S101  again is only called with a refusal
        shown = verdict.of_refusal(outcome.refused, change, what=_what(form), who=_who(request))
        return show(request, scope, identifier, text, form=form, refused=shown, status=outcome.status)

    return doors.admit_or_render(request, change, done=done, again=again)


def keep_admitted(request: HttpRequest, scope: Scope, admitted: Admitted) -> None:
    """What the next page says of a save that went through."""
    reads = "view_audit" in access_query.permissions(doors.actor_of(request), scope.path)
    request.session["admitted"] = {
        "title": f"Saved. The gate let version {admitted.version} through.",
        "warnings": len(admitted.warnings),
        "evaluation_url": shell.address("evaluation", scope.dotted, admitted.evaluation)
        if admitted.evaluation
        else "",
        "event_url": shell.address("audit_event", scope.dotted, admitted.audit_event) if reads else "",
    }


def _apply(request: HttpRequest, scope: Scope, identifier: str, form: Form) -> HttpResponse:
    return _save(request, scope, identifier, form, proposal=form.proposal)


def _ask(request: HttpRequest, scope: Scope, identifier: str, form: Form) -> HttpResponse:
    """Ask for a change in words. What comes back is tried before it is offered; nothing is saved."""
    named = identifier or pipeline_form.identifier_in(form.text)
    change = pipeline_form.save_change(scope, named, form)
    tried = pipeline_form.attempt(request, change, _what(form))
    offer = asking.for_change(request, scope, named, form.text, form.ask)
    refused = tried.verdict if not tried.would_pass else None
    return show(request, scope, identifier, form.text, form=form, refused=refused, offer=offer, tried=tried)


def _take(request: HttpRequest, scope: Scope, identifier: str, form: Form) -> HttpResponse:
    """Put a proposal into the draft, to be edited on; its lineage is found again when it is saved."""
    content = proposals.get(doors.actor_of(request), form.proposal).content
    return show(request, scope, identifier, content, form=form)


def _discard(request: HttpRequest, scope: Scope, identifier: str, form: Form) -> HttpResponse:
    proposals.discard(doors.actor_of(request), form.proposal)
    return _check_page(request, scope, identifier, form)


def _undo(request: HttpRequest, scope: Scope, identifier: str, form: Form) -> HttpResponse:
    return HttpResponseRedirect(request.path)


def _check_page(request: HttpRequest, scope: Scope, identifier: str, form: Form) -> HttpResponse:
    """Try the text as it stands, without script."""
    named = identifier or pipeline_form.identifier_in(form.text)
    tried = pipeline_form.attempt(request, pipeline_form.save_change(scope, named, form), _what(form))
    return show(request, scope, identifier, form.text, form=form, tried=tried)


@require_POST
@doors.door
def check(request: HttpRequest, dotted: str) -> HttpResponse:
    """Findings for a text while it is typed: a dry run as this person, answered as fragments."""
    scope = doors.scope_at(doors.actor_of(request), dotted)
    form = pipeline_form.read(request)
    named = request.GET.get("identifier") or pipeline_form.identifier_in(form.text)
    tried = pipeline_form.attempt(request, pipeline_form.save_change(scope, named, form), "Your text")
    findings = verdict.findings_of(tried.verdict) if tried.verdict else []
    context = {"editor": _editor(request, scope, named, form.text, findings), "tried": tried, "scope": scope}
    return render(request, "web/build/_checked.html", context)


def _what(form: Form) -> str:
    return f"Version {int(form.expected_version) + 1}" if form.expected_version.isdigit() else "The pipeline"


def _who(request: HttpRequest) -> str:
    return f"{request.user.display_name}, from the editor"


def _editor(
    request: HttpRequest,
    scope: Scope,
    identifier: str,
    text: str,
    findings: list[Finding],
    proposed: bool = False,
) -> Editor:
    body = pipeline_form.value_of(text).get("pipeline")
    url = reverse("pipeline_check", args=(scope.dotted,)) + (
        f"?identifier={identifier}" if identifier else ""
    )
    return Editor(
        text=text,
        findings=findings,
        check_url=url,
        proposed=proposed,
        strip=strips.strip(body) if isinstance(body, dict) else (),
        said=f"{len(findings)} {'finding' if len(findings) == 1 else 'findings'}" if findings else "",
    )


def show(
    request: HttpRequest,
    scope: Scope,
    identifier: str,
    text: str,
    *,
    detail: query.PipelineDetail | None = None,
    form: Form | None = None,
    refused: verdict.Verdict | None = None,
    offer: asking.Offer | None = None,
    tried: pipeline_form.Tried | None = None,
    kept: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = doors.actor_of(request)
    detail = detail or _detail(actor, scope, identifier)
    taken = None if detail else _detail(actor, scope, pipeline_form.identifier_in(text))
    there = detail or taken
    shown = refused or (tried.verdict if tried else None)
    findings = verdict.findings_of(shown) if shown else []
    changed = detail is None or text.rstrip() != detail.version.source.rstrip()
    context = {
        "detail": detail,
        "identifier": identifier,
        "taken": taken,
        # The same form may be shown at another address, after a description was saved and refused.
        "action": reverse("pipeline", args=(scope.dotted, identifier))
        if detail
        else reverse("pipeline_new", args=(scope.dotted,)),
        "author": access_query.display_name(detail.version.author) if detail else "",
        "stands": latest.stands(actor, detail.pipeline) if detail else None,
        "decision": latest.of_one(actor, scope.path, identifier) if detail else None,
        "tabs": tabs(actor, scope, identifier, "pipeline", detail.pipeline.latest) if detail else [],
        "editor": _editor(request, scope, identifier, text, findings, proposed=False),
        "verdict": refused,
        "problems": shown.problems if shown else (),
        "tried": tried,
        "fix": offer,
        "person": request.user.display_name,
        "refers": refers.references(pipeline_form.value_of(text)),
        "key": doors.one_time_key() if form is None or refused is None else form.key or doors.one_time_key(),
        "expected_version": form.expected_version if form else (str(there.pipeline.latest) if there else ""),
        "changed": changed,
        "next_version": (there.pipeline.latest if there else 0) + 1,
        "kept": kept,
        "kept_rail": verdict.kept_rail(request.user.display_name) if kept else (),
        "may_edit": "edit_pipeline" in access_query.permissions(actor, scope.path),
    }
    context["bar"] = _bar(context, offer, refused)
    return doors.page(
        request, "web/build/pipeline.html", context, scope=scope, section=SECTION, status=status
    )


def _detail(actor: Any, scope: Scope, identifier: str) -> query.PipelineDetail | None:
    if not identifier:
        return None
    try:
        return query.pipeline(actor, scope.path, identifier)
    except NotFound:
        return None


def _bar(
    context: dict[str, Any], offer: asking.Offer | None, refused: verdict.Verdict | None
) -> dict[str, Any]:
    number = context["next_version"]
    if offer is not None and offer.passes:
        return {
            "icon": "open", "tone": "t-admitted", "proposed": True, "look_url": "#fix-title",
            "say": f"A fix that passes is ready: {offer.title}.",
            "buttons": [
                {"text": "Save as it is", "value": "save"},
                {"text": "Apply to my draft", "value": "take"},
                {"text": f"Apply and save version {number}", "value": "apply", "primary": True},
            ],
        }  # fmt: skip
    if refused is not None:
        say = "Not saved. Change the text, or ask for a fix; then save again."
    elif context["changed"]:
        say = "Unsaved. Saving asks every policy that applies here."
    else:
        say = f"Nothing to save: this is version {number - 1} as it stands."
    buttons = [{"text": "Check", "value": "check"}]
    if context["detail"] is not None and context["changed"]:
        buttons.append({"text": "Discard", "value": "undo"})
    buttons.append({"text": f"Save version {number}", "value": "save", "primary": True})
    return {"icon": "pen", "tone": "muted", "say": say, "buttons": buttons}


@doors.door
def source(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """The text of a version as a file."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = query.pipeline(actor, scope.path, identifier, request.GET.get("version", ""))
    answer = HttpResponse(found.version.source, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{identifier}.yaml"'
    return answer


__all__ = ["Refused", "check", "detail", "new", "show", "source"]
