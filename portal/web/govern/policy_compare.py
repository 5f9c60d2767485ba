"""Two texts of a policy side by side: any two versions, or the newest and what the library ships now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import policy_query
from governance.errors import NotFound
from governance.kinds import Change
from governance.models import Scope
from portal import library
from portal.web import code, doors, verdict


@doors.door
def versions(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """?from= and ?to= are version numbers; without them the newest beside the one before it."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = policy_query.policy(actor, scope.path, identifier)
    to = _number(request.GET.get("to", ""), found.versions[0].number)
    start = _number(request.GET.get("from", ""), max(to - 1, found.versions[-1].number))
    before = policy_query.version(actor, scope.path, identifier, start)
    after = policy_query.version(actor, scope.path, identifier, to)
    context = {
        "policy": found.policy,
        "versions": found.versions,
        "before": before,
        "after": after,
        "difference": code.compare(before.rego, after.rego, "rego"),
    }
    return doors.page(request, "web/govern/policy_compare.html", context, scope=scope, section="policies")


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdigit() else otherwise


@doors.door
def update(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """What the library ships now beside this policy, to be taken as a draft like any other."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = policy_query.policy(actor, scope.path, identifier)
    offered = library.update_of(found.versions[0])
    if offered is None:
        raise NotFound("the library has nothing newer for this policy")
    if request.method == "POST":
        return _take(request, scope, found, offered)
    return _show_update(request, scope, found, offered)


def _show_update(
    request: HttpRequest,
    scope: Scope,
    found: policy_query.PolicyDetail,
    offered: library.Update,
    refused: doors.Outcome | None = None,
    change: Change | None = None,
) -> HttpResponse:
    context = {
        "policy": found.policy,
        "version": found.versions[0],
        "offered": offered,
        "difference": code.compare(found.versions[0].rego, offered.rego, "rego"),
        "may_take": "save" in found.may,
        "key": doors.one_time_key(),
    }
    if refused is not None and refused.refused is not None and change is not None:
        context["verdict"] = verdict.of_refusal(
            refused.refused, change, what="The draft", who=request.user.display_name
        )
    status = refused.status if refused else 200
    return doors.page(
        request, "web/govern/policy_update.html", context, scope=scope, section="policies", status=status
    )


def _take(
    request: HttpRequest, scope: Scope, found: policy_query.PolicyDetail, offered: library.Update
) -> HttpResponse:
    fields = {
        **offered.fields, "name": found.policy.name, "description": found.policy.description,
        "tags": found.policy.tags,
    }  # fmt: skip
    change = Change(
        "save", "policy", scope.path, found.policy.identifier, offered.rego, fields=fields,
        expected_version=str(found.versions[0].number), note="updated from the library",
        idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip
    there = reverse("policy", args=[scope.dotted, found.policy.identifier])
    return doors.admit_or_render(
        request, change, done=lambda done: redirect(there),
        again=lambda out: _show_update(request, scope, found, offered, out, change),
    )  # fmt: skip
