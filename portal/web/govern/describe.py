"""Describe a policy: phrases and what became of them, the draft with its evidence; kept only by a click."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import proposals, rbac
from governance.kinds import Change
from governance.models import Scope
from portal.assistant import chat
from portal.web import code, doors, shell, verdict
from portal.web.govern import evidence
from templates_catalog.documents import write

EXAMPLES = (
    "Requires approval from the security team for any deployment to production that hasn't passed a SAST scan.",
    "Every service must have the tag owner.",
    "No production deployments on Saturday or Sunday.",
)


@doors.door
def here(request: HttpRequest) -> HttpResponse:
    """Without a scope in the address: where the person was last."""
    scope = shell.last_scope(request, doors.actor_of(request))
    if scope is None:
        return redirect("home")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("describe_policy", args=[scope.dotted]) + query)


@doors.door
def page(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_policy", scope.path)
    if request.method == "POST" and request.POST.get("do") == "save":
        return _save(request, scope)
    asked = request.POST.get("text") or request.GET.get("text") or request.GET.get("q", "")
    text = asked.strip()
    choose = request.POST.get("choose", "")
    drafted = chat.policy(actor, scope.path, text, choose=choose) if text else None
    return _show(request, scope, text, drafted)


def _show(request: HttpRequest, scope: Scope, text: str, drafted: Any, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "text": text,
        "drafted": drafted,
        "examples": EXAMPLES,
        "may_save": rbac.holds(doors.actor_of(request), "edit_policy", scope),
        "key": doors.one_time_key(),
        **more,
    }
    if drafted is not None and drafted.options:
        context["witness"] = code.lines(_text(drafted.options[0]["witness"]), "yaml")
        context["lettered"] = list(zip("ABCD", drafted.options, strict=False))
    if drafted is not None and drafted.disagreement:
        context["apart"] = code.lines(_text(drafted.disagreement["document"]), "yaml")
    if drafted is not None and drafted.rego:
        fields = drafted.fields
        context["evidence"] = evidence.of_parts(
            drafted.rego,
            fields.get("rule", {}),
            drafted.request,
            drafted.understood,
            fields.get("cases", []),
            [],
        )
        context["checks_url"] = reverse("draft_checks", args=[scope.dotted, drafted.proposal])
    status = more.get("status", 200)
    return doors.page(
        request, "web/govern/describe.html", context, scope=scope, section="policies", status=status
    )


def _text(document: Any) -> str:
    return write.dump(document if isinstance(document, dict) else {"input": document})


def _save(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Accept the stored proposal: what is saved is what was shown, whatever the form says of it."""
    actor = doors.actor_of(request)
    kept = proposals.get(actor, request.POST.get("proposal", ""))
    fields = {**kept.fields, "name": request.POST.get("name", "") or kept.fields.get("name", "")}
    change = Change(
        "save", "policy", kept.scope, request.POST.get("identifier", "") or kept.identifier, kept.content,
        fields=fields, proposal=kept.id, idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip
    there = reverse("policy", args=[kept.scope.replace("/", "."), change.identifier])

    def again(out: doors.Outcome) -> HttpResponse:
        said = verdict.of_refusal(out.refused, change, what="The draft", who=request.user.display_name)
        text = str(kept.ai.get("request", ""))
        drafted = chat.policy(actor, scope.path, text, choose=str(kept.notes.get("choose", "")))
        return _show(request, scope, text, drafted, verdict=said, status=out.status)

    return doors.admit_or_render(request, change, done=lambda done: redirect(there), again=again)
