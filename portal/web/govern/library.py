"""The library: starter policies with what they say and support; adopting one is a draft like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from governance import policy_query, rbac, starters
from governance.authoring.explain import explain_rule
from governance.engines import opa_cli
from governance.kinds import Change
from governance.models import Scope
from portal import library
from portal.web import doors, lists, verdict
from portal.web.govern import evidence


@dataclass(frozen=True, slots=True)
class Entry:
    """A starter as the list shows it. adopted: a policy of that identifier stands in this scope already."""

    starter: starters.Starter
    english: str
    adopted: bool


@doors.door
def listing(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_policy", scope.path)
    if request.method == "POST":
        return _adopt(request, scope)
    return _show(request, scope)


def _show(
    request: HttpRequest, scope: Scope, refused: doors.Outcome | None = None, change: Change | None = None
) -> HttpResponse:
    actor = doors.actor_of(request)
    bar = lists.filters(
        request, ["pack", "entity"], label="Filter the library", target="packs",
        placeholder="Words, pack:freeze or entity:service",
    )  # fmt: skip
    there = policy_query.names(actor, scope, inherited=False)
    found = [s for s in library.every().values() if _fits(s, bar)]
    packs: dict[str, list[Entry]] = {}
    for starter in found:
        packs.setdefault(starter.pack, []).append(
            Entry(starter, " ".join(s.text for s in explain_rule(starter.rule)), starter.identifier in there)
        )
    context: dict[str, Any] = {
        "filters": bar,
        "packs": packs,
        "count": len(found),
        "may_adopt": rbac.holds(actor, "edit_policy", scope),
        "key": doors.one_time_key(),
    }
    if refused is not None and refused.refused is not None and change is not None:
        context["verdict"] = verdict.of_refusal(
            refused.refused, change, what="The draft", who=request.user.display_name
        )
    status = refused.status if refused else 200
    return doors.page(
        request, "web/govern/library.html", context, scope=scope, section="policies", status=status
    )


def _fits(starter: starters.Starter, bar: lists.Filters) -> bool:
    if bar.first("pack") and starter.pack.replace(" ", "_") != bar.first("pack").replace(" ", "_"):
        return False
    if bar.first("entity") and starter.rule.entity != bar.first("entity"):
        return False
    said = f"{starter.identifier} {starter.rule.title} {starter.about} {' '.join(starter.controls)}".lower()
    return all(word in said for word in bar.text.lower().split())


@doors.door
def detail(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """One starter with its Rego, its English and its examples, decided by OPA when the page is asked for."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_policy", scope.path)
    starter = library.one(identifier)
    cases = starter.cases()
    answers = opa_cli.evaluate(starter.rego, [c.document for c in cases])
    shown = [
        {
            "name": c.name,
            "document": c.document,
            "expect": c.expect,
            "verdict": "deny" if said else "allow",
            "messages": sorted(said),
        }
        for c, said in zip(cases, answers, strict=True)
    ]
    context = {
        "starter": starter,
        "evidence": evidence.of_parts(
            library.text_of(identifier), starter.rule.model_dump(mode="json"), "", [], shown, []
        ),
        "may_adopt": rbac.holds(actor, "edit_policy", scope),
        "key": doors.one_time_key(),
    }
    return doors.page(request, "web/govern/starter.html", context, scope=scope, section="policies")


def _adopt(request: HttpRequest, scope: Scope) -> HttpResponse:
    starter = library.one(request.POST.get("identifier", ""))
    change = Change(
        "save", "policy", scope.path, starter.identifier, library.text_of(starter.identifier),
        fields=library.adopting(starter),
        note="adopted from the library", idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip
    there = reverse("policy", args=[scope.dotted, starter.identifier])
    return doors.admit_or_render(
        request, change, done=lambda done: redirect(there),
        again=lambda out: _show(request, scope, out, change),
    )  # fmt: skip
