"""What the gate was asked and what it said: one decision can be read and proved."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from governance import evaluation_query, rbac
from governance.errors import Refused
from portal.web import code, doors, lists, shell
from portal.web.verdict import Step
from templates_catalog.documents import write

STATUS = {"pass": "admitted", "warning": "warning", "error": "blocked", "unavailable": "gate_unavailable"}
ORDER = {"error": 0, "warning": 1, "pass": 2}


@doors.door
def listing(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    bar = lists.filters(
        request, ["status", "kind", "identifier", "event", "policy"], label="Filter evaluations",
        placeholder="status:error kind:pipeline policy:security_approval_prod",
    )  # fmt: skip
    page = evaluation_query.evaluations(
        actor, scope, before=request.GET.get("before", ""), **{k: v[0] for k, v in bar.values.items()}
    )
    context = {
        "filters": bar,
        "rows": [{"e": e, "code": STATUS.get(e.status, "invalid")} for e in page.evaluations],
        "pager": lists.time_pager(request, page.after, page.before, len(page.evaluations), "evaluation"),
        "may_evaluate": rbac.holds(actor, "evaluate_document", scope),
    }
    return doors.page(request, "web/govern/evaluations.html", context, scope=scope, section="policies")


@doors.door
def detail(request: HttpRequest, dotted: str, key: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = evaluation_query.evaluation(actor, key)
    try:
        asked = code.window(
            code.lines(write.dump(evaluation_query.evaluation_input(actor, key)), "yaml"), around=40
        )
    except Refused:
        # The verdict is for everybody who may view the object; the input needs view_audit.
        asked = []
    around = evaluation_query.evaluations(
        actor, scope, kind=found.kind, identifier=found.identifier, dry_run=None, size=8
    )
    context = {
        "e": found,
        "code": STATUS.get(found.status, "invalid"),
        "rows": sorted(found.details, key=lambda d: ORDER.get(d["status"], 3)),
        "rail": _rail(found),
        "asked": asked,
        "others": [
            {"e": e, "code": STATUS.get(e.status, "invalid")} for e in around.evaluations if e.id != found.id
        ],
        "may_try": bool(asked) and rbac.holds(actor, "edit_policy", scope),
        "may_ask": rbac.holds(actor, "ask_exemption", scope),
        "object_url": shell.address(found.kind, found.scope.replace("/", "."), found.identifier),
    }
    return doors.page(request, "web/govern/evaluation.html", context, scope=scope, section="policies")


def _rail(found: evaluation_query.EvaluationView) -> list[Step]:
    took = f"{found.duration_us / 1000:.0f} ms, revision {found.revision[:8] or 'none'}"
    before = [
        Step("ok", t, n, "check")
        for t, n in (
            ("Asked", found.actor_name),
            ("You may edit here", ""),
            ("Well formed", ""),
            ("Template expanded", ""),
        )
    ]
    gate = {
        "pass": Step("open", "Policy gate", took, "open"),
        "warning": Step("open", "Policy gate", took, "open"),
        "error": Step("shut", "Policy gate", took, "shut"),
    }.get(found.status, Step("unk", "Policy gate", "no answer", "plug"))
    return [*before, gate]
