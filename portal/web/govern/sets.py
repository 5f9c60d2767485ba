"""Policy sets: when they are asked, how hard each member binds, and changing that through admission."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from audit import query as audit_query
from governance import access_query, policy_query, rbac, set_query
from governance.errors import Denied
from governance.kinds import Change
from governance.models import Scope
from portal.web import doors, verdict
from portal.web.govern import gated, set_form
from portal.web.govern.policies import MODE

MODES = (
    ("off", "Off", "not asked"),
    ("shadow", "Shadow", "asked and counted, nobody is told"),
    ("warn", "Warn", "told, the save goes through"),
    ("enforce", "Enforce", "an error closes the gate"),
)
# What one person may ask for and another confirms.
ASKABLE = ("save", "disable", "delete")


@doors.door
def detail(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = set_query.policy_set(actor, scope.path, identifier)
    if request.method == "POST":
        return _do(request, scope, found)
    return _show(request, scope, found)


def _do(request: HttpRequest, scope: Scope, found: Any) -> HttpResponse:
    verb = request.POST.get("do", "")
    fields: dict[str, Any] = {}
    expected = ""
    if verb == "save":
        fields, expected = set_form.fields(request), request.POST.get("expected_version", "")
    elif verb in ("confirm", "decline"):
        fields = {"request": request.POST.get("request", "")}
    change = Change(
        verb, "policy_set", scope.path, found.identifier, fields=fields, expected_version=expected,
        idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip
    here = reverse("policy_set", args=[scope.dotted, found.identifier])
    there = reverse("policies", args=[scope.dotted])

    def again(out: doors.Outcome) -> HttpResponse:
        if (
            isinstance(out.refused, Denied)
            and out.refused.permission == "confirm_policy_set"
            and verb in ASKABLE
        ):
            return _ask(request, scope, found, change)
        return _show(request, scope, found, refused=out, change=change)

    gone = verb == "delete" or (verb == "confirm" and request.POST.get("of") == "delete")
    return doors.admit_or_render(
        request, change, done=lambda done: redirect(there if gone else here), again=again
    )


def _ask(request: HttpRequest, scope: Scope, found: Any, wanted: Change) -> HttpResponse:
    """What one person may not do alone is asked of a second one."""
    fields = {"do": wanted.verb, "fields": dict(wanted.fields), "reason": request.POST.get("reason", "")}
    change = Change(
        "request", "policy_set", scope.path, found.identifier, fields=fields,
        idempotency_key=f"{wanted.idempotency_key}a" if wanted.idempotency_key else "",
    )  # fmt: skip
    here = reverse("policy_set", args=[scope.dotted, found.identifier])

    def done(_: Any) -> HttpResponse:
        messages.warning(request, "This weakens the set, so it waits for a second person to confirm it.")
        return redirect(here)

    return doors.admit_or_render(
        request, change, done=done, again=lambda out: _show(request, scope, found, refused=out, change=change)
    )


def _show(
    request: HttpRequest,
    scope: Scope,
    found: Any,
    *,
    refused: doors.Outcome | None = None,
    change: Change | None = None,
) -> HttpResponse:
    actor = doors.actor_of(request)
    reach = access_query.reach(actor, "view_audit")
    resource = f"policy_set:{scope.path}/{found.identifier}"
    held = {m.scope + "/" + m.policy for m in found.members}
    context = {
        "set": found,
        "mode": MODE.get(found.mode_today if found.enabled else "off", MODE["off"]),
        "modes": MODES,
        "conditions": set_form.shown(found.selector, found.ramp),
        "environment_types": set_form.ENVIRONMENT_TYPES,
        "kind": gated.title(found.entity),
        "when": gated.in_words(found.event),
        "candidates": [
            p for p in _candidates(actor, scope, found.entity) if f"{p.scope}/{p.identifier}" not in held
        ],
        "may_edit": rbac.holds(actor, "edit_policy_set", scope),
        "requests": set_query.requests(actor, scope.path, found.identifier),
        "may_confirm": rbac.holds(actor, "confirm_policy_set", scope),
        "may_delete": rbac.holds(actor, "delete_policy_set", scope),
        "history": audit_query.history(resource, reach, size=8) if reach else [],
        "key": doors.one_time_key(),
    }
    if refused is not None and refused.refused is not None and change is not None:
        context["verdict"] = verdict.of_refusal(
            refused.refused, change, what="The set", who=request.user.display_name, verb="changed"
        )
    status = refused.status if refused else 200
    return doors.page(request, "web/govern/set.html", context, scope=scope, section="policies", status=status)


def _candidates(actor: Any, scope: Scope, entity: str) -> list[Any]:
    found = policy_query.policies(actor, scope, entity=entity, size=200).policies
    return [p for p in found if not p.retired]


@doors.door
def new(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "edit_policy_set", scope.path)
    given = {
        "name": "",
        "identifier": "",
        "entity": "pipeline",
        "event": "onsave",
        "mode": "warn",
        "description": "",
    }
    if request.method != "POST":
        return _new_form(request, scope, given | {"entity": request.GET.get("entity", "pipeline")})
    given = {k: request.POST.get(k, "") for k in given}
    change = Change(
        "save", "policy_set", scope.path, given["identifier"], fields=set_form.fields(request),
        idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip

    def again(out: doors.Outcome) -> HttpResponse:
        said = verdict.of_refusal(out.refused, change, what="The set", who=request.user.display_name)
        return _new_form(request, scope, given, said=said, status=out.status)

    there = reverse("policy_set", args=[scope.dotted, given["identifier"] or "x"])
    return doors.admit_or_render(request, change, done=lambda done: redirect(there), again=again)


def _new_form(
    request: HttpRequest, scope: Scope, given: dict[str, str], *, said: Any = None, status: int = 200
) -> HttpResponse:
    wanted = set_form.fields(request) if request.method == "POST" else {"selector": {}, "ramp": []}
    context = {
        "given": given,
        "conditions": set_form.shown(wanted["selector"], wanted["ramp"]),
        "environment_types": set_form.ENVIRONMENT_TYPES,
        "entities": gated.choices(),
        "events": gated.events(given["entity"]),
        "modes": MODES,
        "candidates": _candidates(doors.actor_of(request), scope, given["entity"]),
        "verdict": said,
        "key": doors.one_time_key(),
    }
    return doors.page(
        request, "web/govern/set_new.html", context, scope=scope, section="policies", status=status
    )
