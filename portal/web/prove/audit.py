"""The audit trail: the filter bar is the address, an event proves itself, an export is exactly the filter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_POST

from audit import export as audit_export
from audit import query as audit_query
from audit import seal
from audit.events import EventView
from audit.record import record
from governance import access_query, rbac
from governance.actor import Actor
from governance.admission import admit
from governance.errors import Invalid, NotFound
from governance.kinds import Change
from governance.models import Scope
from portal.web import code, doors, lists
from portal.web.prove.words import headline, link_of, rail_of

KEYS = [
    "user",
    "action",
    "kind",
    "outcome",
    "scope",
    "ai",
    "channel",
    "since",
    "until",
    "evaluation",
    "resource",
]
FORMATS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


def _filters(request: HttpRequest, scope: Scope) -> tuple[lists.Filters, dict[str, str]]:
    """The bar as shown, and the same as `audit.query` takes it: this scope and below unless one is named."""
    bar = lists.filters(
        request, KEYS, placeholder="Add a filter: user:dana outcome:blocked ai:yes, or text", label="Filter events",
        target="events", choices=lambda found: _choices(request, found),
    )  # fmt: skip
    wanted = {key: ",".join(values) for key, values in bar.values.items()}
    wanted.setdefault("scope", scope.path)
    if bar.text:
        wanted["text"] = bar.text
    return bar, wanted


def _choices(request: HttpRequest, found: lists.Filters) -> list[lists.Choice]:
    made = [("All", {}), ("Refused", {"outcome": "blocked,denied,invalid"}), ("AI", {"ai": "yes"})]
    current = {k: v for k in ("outcome", "ai") if (v := ",".join(found.values.get(k, [])))}
    return [
        lists.Choice(
            title,
            lists.with_query(request, outcome=q.get("outcome", ""), ai=q.get("ai", ""), before="", after=""),
            current == q,
        )
        for title, q in made
    ]


def _reach(actor: Actor, scope: Scope) -> list[str]:
    """Where the actor may read the trail. Raises Denied for a scope in which they may not."""
    rbac.enter(actor, "view_audit", scope.path)
    return access_query.reach(actor, "view_audit")


@doors.door
def trail(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    reach = _reach(actor, scope)
    bar, wanted = _filters(request, scope)
    problem, page = "", audit_query.Page([], "", "")
    try:
        filters = audit_query.parse(wanted)
        page = audit_query.page(filters, reach, **lists.cursors(request) | _swapped(request))
    except audit_query.FilterError as error:
        problem = str(error)
    context = {
        "filters": bar,
        "problem": problem,
        "rows": [{"event": e, "text": headline(e), "link": link_of(e)} for e in page.events],
        "pager": lists.time_pager(request, page.newer, page.older, len(page.events), "event"),
        "seal": seal.status(),
        "may_export": rbac.holds(actor, "export_audit", scope),
        "query": request.GET.urlencode(),
        "key": doors.one_time_key(),
    }
    return doors.page(request, "web/prove/trail.html", context, scope=scope, section="audit")


def _swapped(request: HttpRequest) -> dict[str, str]:
    """Of this list `before` a cursor is older, as in the address."""
    return {"before": request.GET.get("before", ""), "after": request.GET.get("after", "")}


@doors.door
def event(request: HttpRequest, dotted: str, event: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    reach = _reach(actor, scope)
    found = _event(event, reach)
    context = {
        "event": found,
        "text": headline(found),
        "link": link_of(found),
        "rail": rail_of(found),
        "lines": _diff_lines(found),
        "proof": audit_query.proof(event, reach),
        "history": [e for e in audit_query.history(found.resource, reach, size=8) if e.id != found.id],
        "details": {k: v for k, v in found.data.items() if k not in SHOWN_ELSEWHERE},
        "name": access_query.display_name(found.actor_name),
    }
    return doors.page(request, "web/prove/event.html", context, scope=scope, section="audit")


SHOWN_ELSEWHERE = ("diff", "violations", "problems", "why")


def _event(reference: str, reach: list[str]) -> EventView:
    found = audit_query.get(reference, reach)
    if found is None:
        raise NotFound(f"no event {reference!r}")
    return found


def _diff_lines(found: EventView) -> list[code.Line]:
    """The recorded unified difference, painted as one; policies are Rego, everything else YAML."""
    language = "rego" if found.kind == "policy" else "yaml"
    rows = [r for r in str(found.data.get("diff", "")).splitlines() if not r.startswith(("---", "+++"))]
    return [_diff_line(row, language) for row in rows]


def _diff_line(row: str, language: str) -> code.Line:
    if row.startswith("@@"):
        return code.Line("⋯", code.paint(row, "text"), "fold")
    kind = {"+": "add", "-": "del"}.get(row[:1], "")
    return code.Line("", code.paint(row[1:], language), kind, {"add": "+", "del": "−"}.get(kind, ""))


@doors.door
def proof(request: HttpRequest, dotted: str, event: str) -> HttpResponse:
    """The inclusion proof of one event, for `audit/verify.py` or any reader of Merkle proofs."""
    actor = doors.actor_of(request)
    reach = _reach(actor, doors.scope_at(actor, dotted))
    _event(event, reach)
    found = audit_query.proof(event, reach)
    if found is None:
        raise NotFound("this event is not sealed yet; try again in a second")
    body = json.dumps(asdict(found), indent=2)
    return _attachment(HttpResponse(body, content_type="application/json"), f"proof-{found.seq}.json")


@doors.door
@require_POST
def export(request: HttpRequest, dotted: str) -> HttpResponse:
    """Exactly the filtered events, streamed; the request is on the trail before the first byte."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    _, wanted = _filters(request, scope)
    form = request.POST.get("format", "csv")
    if form not in FORMATS:
        raise Invalid([f"format: csv or jsonl, not {form!r}"])
    change = Change(
        "export", "audit", scope.path, "trail", fields={"filters": wanted, "format": form},
        idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip
    done = admit(change, actor=actor)
    made = audit_export.Export(
        audit_query.parse(done.data["filters"]), done.data["scopes"], upto=done.data["upto"], format=form
    )
    name = f"audit-{scope.dotted}-{done.audit_event[:8]}.{form}"
    body = _finished(made, actor, scope, done.audit_event, form)
    return _attachment(StreamingHttpResponse(body, content_type=FORMATS[form]), name)


def _finished(
    made: audit_export.Export, actor: Actor, scope: Scope, event: str, form: str
) -> Iterator[bytes]:
    """The file's bytes; after the last one, rows and digest go on the trail, so that it can be proved later."""
    yield from made
    facts: dict[str, Any] = {"export": event, "format": form, **asdict(made.result)}
    with transaction.atomic():
        record(
            action="audit.export_finished", outcome="admitted", resource=f"audit:{scope.path}/trail",
            scope=scope.path, data=facts, **actor.audit_fields(),
        )  # fmt: skip


def _attachment(response: Any, name: str) -> Any:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
