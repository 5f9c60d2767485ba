"""Rego from elsewhere: read it, look at what it says, keep what is chosen as drafts."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from governance import policy_query, rbac, rego_import
from governance.errors import Invalid
from governance.kinds import Change
from governance.models import Scope
from portal.web import code, doors
from portal.web.govern import gated


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one file. refused: the reason, "" when it is a draft now."""

    file: str
    identifier: str
    refused: str = ""


@doors.door
def page(request: HttpRequest, dotted: str) -> HttpResponse:
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    rbac.enter(actor, "edit_policy", scope.path)
    if request.method == "POST" and request.POST.get("do") == "keep":
        return _show(request, scope, kept=_keep(request, scope))
    if request.method == "POST":
        return _look(request, scope)
    return _show(request, scope)


def _look(request: HttpRequest, scope: Scope) -> HttpResponse:
    files = {}
    try:
        for upload in request.FILES.getlist("files"):
            files[_free(str(upload.name), files)] = upload.read().decode()
    except UnicodeDecodeError:
        return _show(request, scope, problem="A file is not text in UTF-8.", status=422)
    if text := request.POST.get("text", "").strip():
        files["pasted.rego"] = text
    taken = {p.identifier for p in policy_query.policies(doors.actor_of(request), scope, size=200).policies}
    try:
        found = rego_import.read(files, taken=sorted(taken))
    except Invalid as refusal:
        return _show(request, scope, problem=str(refusal), status=422)
    return _show(request, scope, found=found)


def _free(name: str, taken: dict[str, str]) -> str:
    """Browsers send a folder's files without their folders, so two may have one name."""
    stem, dot, ending = name.rpartition(".")
    found, number = name, 2
    while found in taken:
        found, number = f"{stem}_{number}{dot}{ending}", number + 1
    return found


def _keep(request: HttpRequest, scope: Scope) -> list[Kept]:
    done = []
    for number in request.POST.getlist("chosen"):
        given = {k: request.POST.get(f"{k}:{number}", "") for k in ("file", "identifier", "entity", "rego")}
        change = Change(
            "save", "policy", scope.path, given["identifier"], given["rego"],
            fields={"entity": given["entity"], "name": given["identifier"]},
            note=f"imported from {given['file']}"[:500], expected_version="0",
            idempotency_key=f"{request.POST.get('key', '')}{number}",
        )  # fmt: skip
        out = doors.try_admit(request, change)
        done.append(Kept(given["file"], given["identifier"], str(out.refused) if out.refused else ""))
    return done


def _show(
    request: HttpRequest,
    scope: Scope,
    *,
    found: list[rego_import.Found] | None = None,
    kept: list[Kept] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = [{"f": f, "code": code.lines(f.rego, "rego") if f.rego else []} for f in found or []]
    context = {
        "rows": rows,
        "fine": sum(not f.problems for f in found or []),
        "kept": kept,
        "problem": problem,
        "entities": gated.names(),
        "key": doors.one_time_key(),
    }
    return doors.page(
        request, "web/govern/import.html", context, scope=scope, section="policies", status=status
    )
