"""Rego from elsewhere: read it, look at what it says, keep what is chosen as drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from governance import policy_query, rbac, rego_import
from governance.errors import Busy, Invalid
from governance.kinds import Change
from governance.models import Scope
from portal.web import code, doors, packed
from portal.web.govern import gated


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file that is to become a draft. number: its place in the form, which belongs to its one-time key."""

    number: str
    file: str
    identifier: str
    entity: str
    rego: str


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
        kept, waiting = _keep(request, scope)
        return _show(request, scope, kept=kept, waiting=waiting, rest=_rest(request))
    if request.method == "POST":
        return _look(request, scope)
    return _show(request, scope)


def _look(request: HttpRequest, scope: Scope) -> HttpResponse:
    files: dict[str, str | bytes] = {}
    uploads = [u for u in request.FILES.getlist("files") if rego_import.is_policy(str(u.name))]
    # Before anything of them is held in memory.
    if sum(upload.size for upload in uploads) > rego_import.MOST_BYTES:
        return _show(request, scope, problem=rego_import.TOO_MUCH, status=422)
    for upload in uploads:
        files[_free(str(upload.name), files)] = upload.read()
    if text := request.POST.get("text", "").strip():
        files["pasted.rego"] = text
    files |= _rest(request)
    try:
        found = rego_import.read(files, taken=policy_query.names(doors.actor_of(request), scope))
    except Invalid as refusal:
        return _show(request, scope, problem=str(refusal), status=422)
    unread = {f.file: files[f.file] for f in found if f.unread}
    rest = {file: text.decode() if isinstance(text, bytes) else text for file, text in unread.items()}
    return _show(request, scope, found=found, rest=rest)


def _rest(request: HttpRequest) -> dict[str, str]:
    """Files for which there was no time before."""
    given = packed.unpack(request.POST.get("rest", ""), {})
    return {str(file): str(text) for file, text in given.items()} if isinstance(given, dict) else {}


def _free(name: str, taken: Mapping[str, object]) -> str:
    """Browsers send a folder's files without their folders, so two may have one name."""
    stem, dot, ending = name.rpartition(".")
    found, number = name, 2
    while found in taken:
        found, number = f"{stem}_{number}{dot}{ending}", number + 1
    return found


def _keep(request: HttpRequest, scope: Scope) -> tuple[list[Kept], list[Chosen]]:
    """What became of the chosen ones, and those for which there was no time."""
    chosen = [
        Chosen(
            number, *(request.POST.get(f"{k}:{number}", "") for k in ("file", "identifier", "entity", "rego"))
        )
        for number in request.POST.getlist("chosen")
    ]
    done: list[Kept] = []
    for position, one in enumerate(chosen):
        change = Change(
            "save", "policy", scope.path, one.identifier, one.rego,
            fields={"entity": one.entity, "name": one.identifier},
            note=f"imported from {one.file}"[:500], expected_version="0",
            idempotency_key=f"{request.POST.get('key', '')}{one.number}",
        )  # fmt: skip
        out = doors.try_admit(request, change)
        if isinstance(out.refused, Busy):
            return done, chosen[position:]
        done.append(Kept(one.file, one.identifier, str(out.refused) if out.refused else ""))
    return done, []


def _show(
    request: HttpRequest,
    scope: Scope,
    *,
    found: list[rego_import.Found] | None = None,
    kept: list[Kept] | None = None,
    waiting: Sequence[Chosen] = (),
    rest: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    read = [f for f in found or [] if not f.unread]
    rows = [{"f": f, "code": code.lines(f.rego, "rego") if f.rego else []} for f in read]
    context = {
        "rows": rows,
        "fine": sum(not f.problems for f in read),
        "kept": kept,
        "waiting": waiting,
        "rest": packed.pack(rest) if rest else "",
        "rest_names": sorted(rest or {}),
        "problem": problem,
        "entities": gated.names(),
        # Who sends what is waiting once more must not keep anything twice.
        "key": request.POST.get("key", "") if waiting else doors.one_time_key(),
    }
    return doors.page(
        request, "web/govern/import.html", context, scope=scope, section="policies", status=status
    )
