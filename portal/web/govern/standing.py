"""What would be blocked today: everything stored, held against the policies in force."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from governance import kinds, rbac, standing_query
from governance.keyset import Page
from portal.web import doors, lists, shell

STATUS = (("error", "Would be blocked"), ("warning", "Would be warned"), ("pass", "Would pass"))


@doors.door
def listing(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_policy", scope.path)
    bar = lists.filters(
        request, ["kind", "policy"], label="Filter objects", placeholder="kind:pipeline policy:no_latest_tag"
    )
    wanted = {key: bar.first(key) for key in ("kind", "policy")}
    found = standing_query.overview(actor, scope, **wanted, **lists.cursors(request))
    page = Page(found.blocked, newer=found.before, older=found.after)
    context = {
        "filters": bar,
        "found": found,
        "kinds": [_kind_row(name, counts) for name, counts in found.counts.items()],
        "statuses": STATUS,
        "rows": [_row(view) for view in found.blocked],
        "pager": lists.pager(request, page, "object", by_name=True),
    }
    return doors.page(request, "web/govern/standing.html", context, scope=scope, section="policies")


def _kind_row(name: str, counts: dict[str, int]) -> dict[str, Any]:
    total = sum(counts.values())
    bars = [{"code": code, "title": title, "count": counts.get(code, 0)} for code, title in STATUS]
    return {"name": name, "title": kinds.get(name).plural, "total": total, "bars": bars}


def _row(view: standing_query.StandingView) -> dict[str, Any]:
    url = shell.address(view.kind, view.scope.replace("/", "."), view.identifier)
    return {"view": view, "url": url}
