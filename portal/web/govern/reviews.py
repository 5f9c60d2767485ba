"""The review page: decide in two minutes on evidence, and never approve by accident."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import policy_query
from governance.kinds import Change
from governance.models import Scope
from portal.web import code, doors, verdict
from portal.web.govern import evidence

QUESTIONS = (
    "The reading is what was asked",
    "The refused examples should be refused, and the others should pass",
    "I read the Rego, or the English beside it",
)


@doors.door
def review(request: HttpRequest, dotted: str, identifier: str, number: int) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = policy_query.policy(actor, scope.path, identifier)
    version = policy_query.version(actor, scope.path, identifier, number)
    if request.method == "POST":
        return _decided(request, scope, found, version)
    return _show(request, scope, found, version)


def _decided(
    request: HttpRequest, scope: Scope, found: policy_query.PolicyDetail, version: object
) -> HttpResponse:
    number = version.number  # type: ignore[attr-defined]
    verb = {"approve": "approve", "reject": "request_changes", "comment": "comment"}.get(
        request.POST.get("do", ""), ""
    )
    fields: dict[str, object] = {"version": number}
    if verb == "comment":
        line = request.POST.get("line", "0")
        fields |= {"text": request.POST.get("comment", ""), "line": int(line) if line.isdigit() else 0}
    else:
        fields["comment"] = request.POST.get("comment", "")
    if verb == "approve":
        # What the reviewer saw; a version that changed since is not what they said yes to.
        fields["content_sha256"] = request.POST.get("hash", "")
    change = Change(
        verb or request.POST.get("do", ""), "policy", scope.path, found.policy.identifier, fields=fields,
        idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip
    here = reverse("policy_review", args=[scope.dotted, found.policy.identifier, number])
    there = reverse("policy", args=[scope.dotted, found.policy.identifier])
    target = here if verb == "comment" else there
    return doors.admit_or_render(
        request, change, done=lambda done: redirect(target),
        again=lambda out: _show(request, scope, found, version, refused=out, change=change),
    )  # fmt: skip


def _show(
    request: HttpRequest,
    scope: Scope,
    found: policy_query.PolicyDetail,
    version: object,
    *,
    refused: doors.Outcome | None = None,
    change: Change | None = None,
) -> HttpResponse:
    actor = doors.actor_of(request)
    view: policy_query.VersionView = version  # type: ignore[assignment]
    why = policy_query.why_not(actor, view, "approve")
    if not why and "approve" not in found.may:
        why = "It needs the permission approve_policy here."
    active = next((v for v in found.versions if v.state == "active" and v.number != view.number), None)
    context = {
        "policy": found.policy,
        "version": view,
        "evidence": evidence.of_version(view),
        "active": active,
        "difference": code.compare(active.rego, view.rego, "rego") if active else None,
        "checks_url": reverse("policy_checks", args=[scope.dotted, found.policy.identifier, view.number]),
        "impact_panel": reverse(
            "policy_impact_panel", args=[scope.dotted, found.policy.identifier, view.number]
        ),
        "why_not": why,
        "questions": QUESTIONS,
        "ticked": request.POST.getlist("ticked"),
        "comment": request.POST.get("comment", ""),
        "key": doors.one_time_key(),
    }
    if refused is not None and refused.refused is not None and change is not None:
        context["verdict"] = verdict.of_refusal(
            refused.refused,
            change,
            what=f"Version {view.number}",
            who=request.user.display_name,
            verb="approved",
        )
    status = refused.status if refused else 200
    return doors.page(
        request, "web/govern/review.html", context, scope=scope, section="policies", status=status
    )
