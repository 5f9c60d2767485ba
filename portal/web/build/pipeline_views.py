"""The other views of a pipeline: expanded, policies that apply here, versions and their differences."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from audit import query as trail
from audit.filters import Filters
from governance import access_query, admission
from governance.errors import NotFound, Refused
from governance.kinds import Change
from governance.models import Policy, PolicySet, Scope
from portal.web import code, doors
from portal.web.build import latest, origins
from portal.web.build.pipeline_tabs import SECTION, tabs
from portal.web.shell import address
from templates_catalog import query
from templates_catalog.documents.walk import stages

# What a policy says of the saved version, mildest first.
SAYS = {"pass": "passes", "exempt": "exempt", "warning": "warns", "error": "would block"}


def _context(
    actor: Any, scope: Scope, identifier: str, detail: query.PipelineDetail, current: str
) -> dict[str, Any]:
    return {
        "detail": detail,
        "stands": latest.stands(actor, detail.pipeline),
        "decision": latest.of_one(actor, scope.path, identifier),
        "identifier": identifier,
        "author": access_query.display_name(detail.version.author),
        "tabs": tabs(actor, scope, identifier, current, detail.pipeline.latest),
    }


@doors.door
def expanded(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """What the gate reads, with who put each run of lines there."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    detail = query.pipeline(actor, scope.path, identifier)
    versions = query.pipeline_versions(actor, scope.path, identifier)
    runs = origins.runs(detail.expanded, detail.origins, versions)
    shares = origins.shares(runs)
    context = _context(actor, scope, identifier, detail, "pipeline_expanded") | {
        "runs": runs,
        "shares": shares,
        "shares_words": ", ".join(f"{s.lines} lines: {s.title}" for s in shares),
        "total": sum(s.lines for s in shares),
        "typed": len(detail.version.source.splitlines()),
    }
    return doors.page(request, "web/build/expanded.html", context, scope=scope, section=SECTION)


@doors.door
def policies(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """Which rules bind here, from which scope, and what they say of the saved version: asked just now."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    detail = query.pipeline(actor, scope.path, identifier)
    decisions, silent = _ask(request, scope, identifier, detail.version.source)
    evaluations = [
        {
            "id": str(d.evaluation_id),
            "event": d.event,
            "url": address("evaluation", scope.dotted, str(d.evaluation_id)),
        }
        for d in decisions
    ]
    context = _context(actor, scope, identifier, detail, "pipeline_policies") | {
        "groups": _groups(decisions),
        "unavailable": silent,
        "revision": next((d.revision for d in decisions if d.revision), ""),
        "evaluations": evaluations,
    }
    return doors.page(request, "web/build/policies_here.html", context, scope=scope, section=SECTION)


def _ask(request: HttpRequest, scope: Scope, identifier: str, source: str) -> tuple[list[Any], str]:
    actor = doors.actor_of(request)
    found: list[Any] = []
    why = ""
    changes = (
        Change("save", "pipeline", scope.path, identifier, source=source),
        Change("run", "pipeline", scope.path, identifier),
    )
    for change in changes:
        try:
            found += admission.dry_run(change, actor=actor)
        except Refused as refusal:
            why = why or str(refusal)
    silent = next((d.unavailable for d in found if d.unavailable), "")
    return found, silent or ("" if found else why)


def _groups(decisions: list[Any]) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for decision in decisions:
        for said in decision.details:
            key = (said["set_scope"], said["set"], said["policy_scope"], said["policy"])
            row = rows.setdefault(key, _policy_row(said))
            row["asked"].add({"onsave": "save", "onrun": "run"}.get(decision.event, decision.event))
            row["messages"] += [
                v["message"] for v in said["violations"] if v["message"] not in row["messages"]
            ]
            row["status"] = max(row["status"], said["status"], key=list(SAYS).index)
    for row in rows.values():
        row["events"] = ", ".join(sorted(row["asked"], reverse=True))
        row["says"] = SAYS[row["status"]]
    _name(rows)
    by_scope: dict[str, list[dict[str, Any]]] = {}
    for key, row in sorted(rows.items(), key=lambda pair: (pair[0][0].count("/"), pair[0])):
        by_scope.setdefault(key[0], []).append(row)
    names = dict(Scope.objects.filter(path__in=by_scope).values_list("path", "name"))
    levels = ("account", "organization", "project")
    return [{"name": names.get(p, p), "level": levels[p.count("/")], "rows": r} for p, r in by_scope.items()]


def _policy_row(said: dict[str, Any]) -> dict[str, Any]:
    mode = {"enforce": "enforced", "warn": "warns", "shadow": "shadow", "off": "off"}
    words = "warns" if said["severity"] == "warning" else mode.get(said["mode"], said["mode"])
    return {
        "policy_name": said["policy"], "set_name": said["set"], "policy_url": "", "set_url": "",
        "mode_words": words, "asked": set(), "messages": [], "status": "pass",
    }  # fmt: skip


def _name(rows: dict[tuple[str, str, str, str], dict[str, Any]]) -> None:
    policies_ = {
        (p.scope.path, p.identifier): p
        for p in Policy.objects.filter(identifier__in={k[3] for k in rows}).select_related("scope")
    }
    sets = {
        (s.scope.path, s.identifier): s
        for s in PolicySet.objects.filter(identifier__in={k[1] for k in rows}).select_related("scope")
    }
    for key, row in rows.items():
        if policy := policies_.get((key[2], key[3])):
            row["policy_name"] = policy.name
            row["policy_url"] = address("policy", policy.scope.dotted, policy.identifier)
        if bound := sets.get((key[0], key[1])):
            row["set_name"] = bound.name
            row["set_url"] = address("policy_set", bound.scope.dotted, bound.identifier)


@doors.door
def versions(request: HttpRequest, dotted: str, identifier: str) -> HttpResponse:
    """Every version, and between them the tries that were refused."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    detail = query.pipeline(actor, scope.path, identifier)
    found = query.pipeline_versions(actor, scope.path, identifier)
    rows = _version_rows(scope, identifier, found)
    tries = _tries(actor, scope, identifier)
    both = sorted([*rows, *tries], key=lambda r: r["at"], reverse=True)
    pair = None
    if len(found) > 1:
        a, b = found[1].number, found[0].number
        pair = {"a": a, "b": b, "url": reverse("pipeline_diff", args=(scope.dotted, identifier, a, b))}
    context = _context(actor, scope, identifier, detail, "pipeline_versions") | {
        "rows": both,
        "tries": len(tries),
        "newest_pair": pair,
        "last": code.compare(found[1].source, found[0].source) if pair else None,
    }
    return doors.page(request, "web/build/versions.html", context, scope=scope, section=SECTION)


def _version_rows(scope: Scope, identifier: str, found: list[query.VersionView]) -> list[dict[str, Any]]:
    names = access_query.display_names(v.author for v in found)
    rows = []
    for index, version in enumerate(found):
        before = found[index + 1] if index + 1 < len(found) else None
        change = code.compare(before.source if before else "", version.source)
        rows.append(
            {
                "number": version.number,
                "note": version.note,
                "meaning": "; ".join(m["text"] for m in meaning(before, version)) or "Text changed",
                "added": change.added,
                "removed": change.removed,
                "author": names.get(version.author, version.author),
                "ai": version.ai,
                "at": version.created_at,
                "diff_url": reverse(
                    "pipeline_diff", args=(scope.dotted, identifier, before.number, version.number)
                )
                if before
                else "",
            }
        )
    return rows


def _tries(actor: Any, scope: Scope, identifier: str) -> list[dict[str, Any]]:
    """Saves that were refused, from the trail; only for those who may read it here."""
    if "view_audit" not in access_query.permissions(actor, scope.path):
        return []
    wanted = Filters(
        resource=(f"pipeline:{scope.path}/{identifier}",),
        action=("pipeline.save",),
        outcome=("blocked", "invalid", "conflict", "denied", "gate_unavailable"),
    )
    events = trail.page(wanted, [scope.path], size=50).events
    names = access_query.display_names(e.actor_name for e in events)
    return [
        {
            "number": 0, "why": e.data.get("why", ""), "outcome": e.outcome, "at": e.shown_at,
            "author": names.get(e.actor_name, e.actor_name), "ai": e.ai_generated,
        }
        for e in events
    ]  # fmt: skip


def meaning(before: query.VersionView | None, after: query.VersionView) -> list[dict[str, str]]:
    """The change in words, computed and never written by a model: stages and templates that came or went."""
    if before is None:
        return [{"icon": "plus", "text": "Made"}]
    old, new = _stages(before), _stages(after)
    said = [{"icon": "plus", "text": f"Stage added: {new[k]}"} for k in new if k not in old]
    said += [{"icon": "dash", "text": f"Stage removed: {old[k]}"} for k in old if k not in new]
    if [k for k in old if k in new] != [k for k in new if k in old]:
        said.append({"icon": "moved", "text": "Stages in another order"})
    were = {t["ref"]: t["version"] for t in before.templates}
    are = {t["ref"]: t["version"] for t in after.templates}
    said += [
        {"icon": "tmpl", "text": f"Template {ref} {were.get(ref, 'not used')} to {label}"}
        for ref, label in are.items()
        if were.get(ref) != label
    ]
    said += [{"icon": "tmpl", "text": f"Template {ref} no longer used"} for ref in were if ref not in are]
    return said


def _stages(version: query.VersionView) -> dict[str, str]:
    body = version.document.get("pipeline", {})
    return {str(s.get("identifier")): str(s.get("name") or s.get("identifier")) for s in stages(body)}


@doors.door
def version(request: HttpRequest, dotted: str, identifier: str, number: int) -> HttpResponse:
    """One version as it was typed. `?number=` comes from the form that works without script."""
    if (wanted := request.GET.get("number", "")).isdigit():
        return HttpResponseRedirect(reverse("pipeline_version", args=(dotted, identifier, int(wanted))))
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    if not number:
        raise NotFound("no version 0")
    detail = query.pipeline(actor, scope.path, identifier, str(number))
    context = _context(actor, scope, identifier, detail, "pipeline_versions") | {"key": doors.one_time_key()}
    return doors.page(request, "web/build/version.html", context, scope=scope, section=SECTION)


@doors.door
def diff(request: HttpRequest, dotted: str, identifier: str, a: int, b: int) -> HttpResponse:
    """Two versions compared: in words, then in one listing or side by side."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    old = query.pipeline(actor, scope.path, identifier, str(a))
    new = query.pipeline(actor, scope.path, identifier, str(b))
    context = _context(actor, scope, identifier, new, "pipeline_versions") | {
        "a": a,
        "b": b,
        "side": request.GET.get("view") == "side",
        "meaning": meaning(old.version, new.version),
        "difference": code.compare(old.version.source, new.version.source),
    }
    return doors.page(request, "web/build/diff.html", context, scope=scope, section=SECTION)
