"""Let policies decide about a document that is kept elsewhere: a plan, an SBOM, the results of a scan."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from governance import rbac
from governance.kinds import Change
from governance.models import Scope
from portal.web import doors, verdict
from portal.web.editor import Editor
from portal.web.govern import gated

FIRST = "terraformPlan"


@doors.door
def page(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "evaluate_document", scope.path)
    if request.method != "POST":
        return _show(request, scope, {"kind": request.GET.get("kind", FIRST)})
    given = {k: request.POST.get(k, "") for k in ("kind", "event", "identifier", "source")}
    change = Change(
        "evaluate", given["kind"], scope.path, given["identifier"], given["source"],
        fields={"event": given["event"]}, idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip
    out = doors.try_admit(request, change)
    who = request.user.display_name
    if out.admitted is not None:
        said = verdict.of_admission(
            out.admitted, change, title="The gate is open.", who=who,
            sentence=f"No policy here refuses this {gated.title(given['kind'])}. Nothing but the decision was kept.",
        )  # fmt: skip
    else:
        what = f"This {gated.title(given['kind'])}"
        said = verdict.of_refusal(out.refused, change, what=what, who=who, verb="let through")
    return _show(request, scope, given, said=said, status=out.status)


def _show(
    request: HttpRequest, scope: Scope, given: dict[str, str], *, said: Any = None, status: int = 200
) -> HttpResponse:
    kind = given["kind"] if given["kind"] in gated.asked_for() else FIRST
    editor = Editor(
        text=given.get("source", ""), language="json", file=f"{kind}.json", label="The document",
        findings=verdict.findings_of(said) if said else [],
    )  # fmt: skip
    context = {
        "kinds": [(name, gated.title(name)) for name in gated.asked_for()],
        "kind": kind,
        "title": gated.title(kind),
        "events": gated.events(kind),
        "given": given,
        "editor": editor,
        "verdict": said,
        "key": doors.one_time_key(),
    }
    return doors.page(
        request, "web/govern/evaluate.html", context, scope=scope, section="policies", status=status
    )
