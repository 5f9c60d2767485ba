"""Exemptions: asking for one, deciding about it, and what still holds."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import evaluation_query, exempting, exemption_query, rbac
from governance.errors import NotFound
from governance.kinds import Change
from governance.models import Scope
from portal.web import doors, lists, shell, verdict, waiting

TERMS = (7, 14, 30, 90)


@doors.door
def listing(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_exemption", scope.path)
    bar = lists.filters(
        request, ["state", "policy", "target"], label="Filter exemptions",
        placeholder="state:granted policy:security_approval_prod",
    )  # fmt: skip
    wanted = {k: v[0] for k, v in bar.values.items()}
    found = exemption_query.exemptions(actor, scope, **wanted, **lists.cursors(request))
    context = {
        "filters": bar,
        "rows": sorted(found.rows, key=lambda row: row.standing != "asked"),
        "pager": lists.pager(request, found, "exemption"),
        "waiting": exemption_query.undecided(actor, scope),
    }
    return doors.page(request, "web/govern/exemptions.html", context, scope=scope, section="exemptions")


@doors.door
def detail(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = exemption_query.exemption(actor, scope.path, identifier)
    if request.method != "POST":
        return _show(request, scope, found)
    change = Change(
        request.POST.get("do", ""), "exemption", scope.path, identifier,
        fields={"note": request.POST.get("note", "")}, idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip

    def done(_: Any) -> HttpResponse:
        waiting.forget(actor)
        return redirect(reverse("exemption", args=[scope.dotted, identifier]))

    return doors.admit_or_render(
        request, change, done=done, again=lambda out: _show(request, scope, found, out, change)
    )


def _show(
    request: HttpRequest,
    scope: Scope,
    found: exemption_query.ExemptionView,
    refused: doors.Outcome | None = None,
    change: Change | None = None,
) -> HttpResponse:
    actor = doors.actor_of(request)
    context: dict[str, Any] = {
        "x": found,
        "object_url": shell.address(found.kind, scope.dotted, found.target),
        "why_not": _why_not(actor, found),
        "may_revoke": found.standing == "holds" and rbac.holds(actor, "revoke_exemption", scope),
        "key": doors.one_time_key(),
    }
    if refused is not None and refused.refused is not None and change is not None:
        context["verdict"] = verdict.of_refusal(
            refused.refused, change, what="The exemption", who=request.user.display_name, verb="changed"
        )
    status = refused.status if refused else 200
    return doors.page(
        request, "web/govern/exemption.html", context, scope=scope, section="exemptions", status=status
    )


def _why_not(actor: Any, found: exemption_query.ExemptionView) -> str:
    """Why this person may not grant or refuse it; "" when they may."""
    if found.asked_by_id == str(actor.user.pk):
        return "You asked for it. Somebody else who holds grant_exemption where the policy lives decides."
    held = rbac.scopes(actor, "grant_exemption").filter(path=found.policy_scope)
    if not held.exists():
        return (
            f"Deciding needs the permission grant_exemption in {found.policy_scope}, where the policy lives."
        )
    return ""


@doors.door
def new(request: HttpRequest, dotted: str) -> HttpResponse:
    """The form, about one objection of one evaluation."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "ask_exemption", scope.path)
    given = request.POST if request.method == "POST" else request.GET
    evaluation = evaluation_query.evaluation(actor, given.get("evaluation", ""))
    if evaluation.scope != scope.path:
        raise NotFound(f"no evaluation {evaluation.id} in {scope.path}")
    objection = _objection(evaluation, given.get("policy", ""), given.get("path", ""))
    if request.method != "POST":
        return _form(request, scope, evaluation, objection)
    identifier = f"{evaluation.identifier[:80]}_{secrets.token_hex(4)}"
    fields = {
        "evaluation": evaluation.id, "policy": given.get("policy", ""), "path": given.get("path", ""),
        "whole": given.get("for", "") == "whole", "reason": given.get("reason", ""),
        "until": given.get("until", ""),
    }  # fmt: skip
    change = Change(
        "ask", "exemption", scope.path, identifier, fields=fields, idempotency_key=given.get("key", "")
    )

    def again(out: doors.Outcome) -> HttpResponse:
        said = verdict.of_refusal(
            out.refused, change, what="The exemption", who=request.user.display_name, verb="asked for"
        )
        return _form(request, scope, evaluation, objection, said=said, status=out.status)

    def done(admitted: Any) -> HttpResponse:
        kept = str(admitted.resource).rpartition("/")[2]
        return redirect(reverse("exemption", args=[scope.dotted, kept]))

    return doors.admit_or_render(request, change, done=done, again=again)


def _objection(evaluation: evaluation_query.EvaluationView, policy: str, path: str) -> dict[str, Any]:
    for row in evaluation.details:
        if f"{row['policy_scope']}/{row['policy']}" == policy:
            for said in row["violations"]:
                if said.get("path", "") == path:
                    return {
                        **said,
                        "policy": row["policy"],
                        "policy_ref": policy,
                        "scope": row["policy_scope"],
                    }
    raise NotFound(f"no objection of {policy!r} in evaluation {evaluation.id}")


def _form(
    request: HttpRequest,
    scope: Scope,
    evaluation: evaluation_query.EvaluationView,
    objection: dict[str, Any],
    *,
    said: Any = None,
    status: int = 200,
) -> HttpResponse:
    today = exempting.today()
    context = {
        "e": evaluation,
        "o": objection,
        "terms": [(days, today + timedelta(days=days)) for days in TERMS],
        "until": request.POST.get("until") or str(today + timedelta(days=14)),
        "reason": request.POST.get("reason", ""),
        "earliest": today,
        "latest": today + timedelta(days=exempting.LONGEST_DAYS),
        "object_url": shell.address(evaluation.kind, scope.dotted, evaluation.identifier),
        "verdict": said,
        "key": doors.one_time_key(),
    }
    return doors.page(
        request, "web/govern/exemption_new.html", context, scope=scope, section="exemptions", status=status
    )
