"""What the portal depends on, how it is, and what happens if a part stops."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from audit import seal
from governance import gate_query, rbac
from portal import health, lately
from portal.web import doors
from portal.web.settings.tabs import tabs

IF_IT_STOPS = {
    "database": "Nothing is kept and nothing is shown; no change is lost that was confirmed.",
    "migrations": "The product does not start on a schema it does not know.",
    "engine": "Saves and runs are refused until it answers; reading goes on.",
    "newest_bundle": "Decisions go on from the policies in force; what changed since is not asked yet.",
    "drafts": "No policy can be written or reviewed; saves and runs go on.",
    "broker": "Runs wait; the sweep starts them when it is back.",
    "worker": "Runs wait in the queue; a run it held goes on with another worker within 20 s.",
    "keeper": "Events are kept but not sealed, and a new policy is not published.",
}


@doors.door
def page(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "view_setting", scope.path)
    rows = [
        {"name": c.name.replace("_", " "), "check": c, "stops": IF_IT_STOPS.get(c.name, "")}
        for c in lately.of(health.SHOWN).look()
    ]
    context = {
        "tabs": tabs(scope, "settings_health"),
        "rows": rows,
        "well": all(r["check"].ok for r in rows),
        "gate": gate_query.gate_status(),
        "seal": seal.status(),
        "trial": "sqlite" in settings.DATABASES["default"]["ENGINE"],
    }
    return doors.page(request, "web/settings/health.html", context, scope=scope, section="settings")
