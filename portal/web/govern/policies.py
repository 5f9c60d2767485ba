"""Policies: which rules bind here, from where, how hard; one policy with its versions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance import gate_query, policy_query, rbac, set_query
from governance.actor import Actor
from governance.keyset import Page
from governance.kinds import Change
from governance.models import Scope
from portal import library
from portal.web import code, doors, lists, verdict
from portal.web.govern import evidence, gated

MODE = {
    "enforce": ("blocked", "Enforced"),
    "warn": ("warning", "Warns"),
    "shadow": ("queued", "Shadow"),
    "off": ("not_found", "Off"),
}


@doors.door
def listing(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_policy", scope.path)
    bar = lists.filters(
        request, ["state", "entity", "ai", "view"], label="Filter policies", target="policies",
        placeholder="Filter by name or state:in_review entity:service", choices=lambda f: _choices(request, f),
    )  # fmt: skip
    flat = bool(bar.any or bar.first("view"))
    context: dict[str, Any] = {"filters": bar, "flat": flat, "gate": gate_query.gate_status()}
    if flat:
        wanted = {k: bar.first(k) for k in ("state", "entity") if bar.first(k)}
        ai = {"yes": True, "no": False}.get(bar.first("ai"))
        page = policy_query.policies(actor, scope, text=bar.text, ai=ai, **wanted, **lists.cursors(request))
        context |= {
            "rows": page.policies,
            "pager": lists.pager(
                request, Page(page.policies, page.before, page.after), "policy", "policies", by_name=True
            ),
        }
    else:
        found = set_query.sets(actor, scope)
        context["sets"] = [
            {
                "set": s,
                "mode": MODE.get(s.mode_today if s.enabled else "off", MODE["off"]),
                "kind": gated.title(s.entity),
                "when": gated.in_words(s.event),
            }
            for s in found
        ]
        context["unbound"] = policy_query.policies(actor, scope, unbound=True, size=200).policies
    context |= {
        "waiting": policy_query.review_queue(actor, scope, size=8),
        "may_edit": rbac.holds(actor, "edit_policy", scope),
        "weakening": set_query.to_confirm(actor),
        "may_bind": rbac.holds(actor, "edit_policy_set", scope),
    }
    return doors.page(request, "web/govern/policies.html", context, scope=scope, section="policies")


def _choices(request: HttpRequest, found: lists.Filters) -> list[lists.Choice]:
    state, view = found.first("state"), found.first("view")
    return [
        lists.Choice(
            "By set",
            lists.with_query(request, view="", state="", after="", before=""),
            not state and not view,
        ),
        lists.Choice(
            "All policies",
            lists.with_query(request, view="all", state="", after="", before=""),
            view == "all",
        ),
        lists.Choice(
            "In review",
            lists.with_query(request, view="", state="in_review", after="", before=""),
            state == "in_review",
        ),
    ]


@doors.door
def detail(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """A policy at its newest version, and what may be done with it next."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = policy_query.policy(actor, scope.path, identifier)
    if request.method == "POST":
        return _do(request, scope, identifier)
    return _show(request, scope, found)


def _do(request: HttpRequest, scope: Scope, identifier: str) -> HttpResponse:
    verb = request.POST.get("do", "")
    fields = {"version": int(request.POST["version"])} if request.POST.get("version", "").isdigit() else {}
    if request.POST.get("hash"):
        fields["content_sha256"] = request.POST["hash"]
    change = Change(
        verb, "policy", scope.path, identifier, fields=fields, idempotency_key=request.POST.get("key", "")
    )
    here = reverse("policy", args=[scope.dotted, identifier])

    def again(out: doors.Outcome) -> HttpResponse:
        found = policy_query.policy(doors.actor_of(request), scope.path, identifier)
        return _show(request, scope, found, refused=out, change=change)

    return doors.admit_or_render(request, change, done=lambda done: redirect(here), again=again)


def _show(
    request: HttpRequest,
    scope: Scope,
    found: policy_query.PolicyDetail,
    *,
    refused: doors.Outcome | None = None,
    change: Change | None = None,
) -> HttpResponse:
    actor = doors.actor_of(request)
    wanted = request.GET.get("version", "")
    newest = next((v for v in found.versions if str(v.number) == wanted), found.versions[0])
    active = next((v for v in found.versions if v.state == "active"), None)
    context = {
        "policy": found.policy,
        "version": newest,
        "versions": found.versions,
        "evidence": evidence.of_version(newest),
        "next": evidence.next_steps(actor, found, newest),
        "difference": code.compare(active.rego, newest.rego, "rego")
        if active and active.number != newest.number
        else None,
        "active": active,
        "back": _back(actor, found, newest),
        "offered": library.update_of(found.versions[0]),
        "key": doors.one_time_key(),
        "checks_url": reverse("policy_checks", args=[scope.dotted, found.policy.identifier, newest.number]),
        "impact_panel": reverse(
            "policy_impact_panel", args=[scope.dotted, found.policy.identifier, newest.number]
        ),
        "grants_url": doors.grants_url(actor, found.policy.scope, "policy", found.policy.identifier),
        "may_edit": "save" in found.may,
        "may_retire": "retire" in found.may and bool(active),
    }
    if refused is not None and refused.refused is not None and change is not None:
        context["verdict"] = verdict.of_refusal(
            refused.refused,
            change,
            what=f"Version {newest.number}",
            who=request.user.display_name,
            verb="changed",
        )
    status = refused.status if refused else 200
    return doors.page(
        request, "web/govern/policy.html", context, scope=scope, section="policies", status=status
    )


def _back(
    actor: Actor, found: policy_query.PolicyDetail, version: policy_query.VersionView
) -> evidence.NextStep | None:
    """Putting an earlier version back in force, and why this person may not when they may not."""
    if version.state != "retired" or version.activated_at is None:
        return None
    why = policy_query.why_not(actor, version, "roll_back")
    if not why and "activate" not in found.may:
        why = "It needs the permission activate_policy here."
    return evidence.NextStep("activate", "Put back in force", why)


@doors.door
@require_POST
def retire(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    scope = doors.scope_at(doors.actor_of(request), dotted)
    found = policy_query.policy(doors.actor_of(request), scope.path, identifier)
    change = Change("retire", "policy", scope.path, identifier, idempotency_key=request.POST.get("key", ""))
    out = doors.try_admit(request, change)
    if out.refused is None:
        return redirect(reverse("policy", args=[scope.dotted, identifier]))
    return _show(request, scope, found, refused=out, change=change)
