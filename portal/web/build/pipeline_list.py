"""The list of pipelines."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from portal.web import doors, lists
from portal.web.build import latest
from portal.web.build.pipeline_tabs import SECTION
from templates_catalog import query


@doors.door
def index(request: HttpRequest, dotted: str) -> HttpResponse:
    """What the gate last said of each, whether AI took part, where its last run stands."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    filters = lists.filters(
        request,
        ["ai"],
        placeholder="Name or identifier, or ai:yes",
        label="Filter pipelines",
        choices=lambda f: _ai_choices(request, f),
    )
    found = query.pipelines(
        actor, scope.path, text=filters.text, ai=_ai(filters.first("ai")), **lists.cursors(request)
    )
    context = {
        "rows": latest.with_latest(actor, found.rows),
        "filters": filters,
        "pager": lists.pager(request, found, "pipeline"),
        "may_make": scope.level == "project",
    }
    return doors.page(request, "web/build/pipelines.html", context, scope=scope, section=SECTION)


def _ai(said: str) -> bool | None:
    return {"yes": True, "no": False}.get(said)


def _ai_choices(request: HttpRequest, filters: lists.Filters) -> list[lists.Choice]:
    now = filters.first("ai")
    rows = (("All", ""), ("Made with AI", "yes"), ("By hand", "no"))
    return [
        lists.Choice(title, lists.with_query(request, ai=value, after="", before=""), now == value)
        for title, value in rows
    ]
