"""Impact: what a version would have changed, as a panel on its pages, a page of its own, and files."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance import policy_query, replay, replay_query
from governance.errors import NotFound
from governance.kinds import Change
from portal.web import doors, verdict

# outcome → (title, what it means, chip)
WORDS = {
    "newly_blocked": ("Newly refused", "passes today, would be refused", "blocked"),
    "newly_passed": ("Newly let through", "refused today, would pass", "warning"),
    "still_blocked": ("Refused as before", "refused by both texts", "not_found"),
    "still_passed": ("Passes as before", "passed by both texts", "admitted"),
}
# Objects that have a page of their own, by kind.
PAGES = {"pipeline": "pipeline", "policy": "policy", "policy_set": "policy_set"}


def bars(view: replay_query.ReplayView) -> list[dict[str, Any]]:
    """The four groups with their numbers, for the chart and the filter."""
    most = max(1, *view.counts.values()) if view.counts else 1
    return [
        {
            "code": code,
            "title": title,
            "about": about,
            "chip": chip,
            "count": view.counts.get(code, 0),
            "most": most,
        }
        for code, (title, about, chip) in WORDS.items()
    ]


@doors.door
def panel(request: HttpRequest, dotted: str, identifier: str, number: int) -> HttpResponse:
    """The fragment; it asks for itself again while the work goes on."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    return render(request, "web/govern/_impact.html", _panel(request, scope.dotted, identifier, number))


def _panel(request: HttpRequest, dotted: str, identifier: str, number: int) -> dict[str, Any]:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = replay_query.newest(actor, scope.path, identifier, number)
    here = reverse("policy_impact_panel", args=[dotted, identifier, number])
    shown: dict[str, Any] = {
        "impact": found,
        "impact_start": reverse("policy_impact_start", args=[dotted, identifier, number]),
        "impact_panel": here,
        "windows": replay.WINDOWS,
        "impact_key": doors.one_time_key(),
    }
    if found is not None:
        shown["impact_bars"] = bars(found)
        shown["impact_page"] = reverse("impact", args=[dotted, found.id])
        blocked, _ = replay_query.rows(actor, found.id, outcome="newly_blocked", size=5)
        shown["impact_rows"] = [with_link(row) for row in blocked]
        shown["progress"] = {
            "title": "Deciding every document again", "done": found.done, "total": max(found.total, 1), "url": here,
            "finished": found.ended,
        }  # fmt: skip
    return shown


def with_link(row: replay_query.RowView) -> dict[str, Any]:
    dotted = row.scope.replace("/", ".")
    link = reverse("evaluation", args=[dotted, row.evaluation]) if row.evaluation else ""
    if not link and row.kind in PAGES:
        link = reverse(PAGES[row.kind], args=[dotted, row.identifier])
    return {"row": row, "link": link, "words": WORDS[row.outcome]}


@doors.door
@require_POST
def start(request: HttpRequest, dotted: str, identifier: str, number: int) -> HttpResponse:
    """Queue an impact, or cancel the one that is being made."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    fields: dict[str, Any] = {"version": number}
    verb = "cancel_replay" if request.POST.get("do") == "cancel" else "replay"
    if verb == "replay":
        days = request.POST.get("days", "30")
        fields["days"] = int(days) if days.isdigit() else 30
    change = Change(
        verb, "policy", scope.path, identifier, fields=fields, idempotency_key=request.POST.get("key", "")
    )
    out = doors.try_admit(request, change)
    context = _panel(request, scope.dotted, identifier, number)
    if out.refused is not None:
        context["impact_refused"] = verdict.of_refusal(
            out.refused, change, what="The impact", who=request.user.display_name
        )
    if not request.headers.get("HX-Request"):
        return redirect(reverse("policy_review", args=[scope.dotted, identifier, number]) + "#impact")
    return render(request, "web/govern/_impact.html", context, status=out.status if out.refused else 200)


@doors.door
def page(request: HttpRequest, dotted: str, key: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    found = replay_query.one(actor, key)
    wanted = request.GET.get("outcome", "newly_blocked" if found.counts.get("newly_blocked") else "")
    wanted = wanted if wanted in WORDS else ""
    after = request.GET.get("after", "")
    listed, more = replay_query.rows(
        actor, key, outcome=wanted, after=int(after) if after.isdigit() else -1, size=50
    )
    context = {
        "impact": found,
        "bars": bars(found),
        "wanted": wanted,
        "rows": [with_link(row) for row in listed],
        "more": more,
        "policy": policy_query.policy(actor, found.scope, found.policy).policy,
        "policy_scope": found.scope.replace("/", "."),
    }
    return doors.page(request, "web/govern/impact.html", context, scope=scope, section="policies")


@doors.door
def export(request: HttpRequest, dotted: str, key: str, format: str) -> StreamingHttpResponse:
    """The visible documents as a file."""
    actor = doors.actor_of(request)
    doors.scope_at(actor, dotted)
    if format not in ("csv", "jsonl"):
        raise NotFound(f"no file impact.{format}; there are impact.csv and impact.jsonl")
    found = replay_query.one(actor, key)
    media = "text/csv; charset=utf-8" if format == "csv" else "application/x-ndjson"
    answer = StreamingHttpResponse(replay_query.export(actor, key, format), content_type=media)
    name = f"impact-{found.policy}-v{found.version}.{format}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
