"""The catalogue: templates, services, environments and connectors; one entity with its versions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from governance import access_query
from governance.admission import Admitted
from governance.kinds import Change
from governance.models import Scope
from portal.web import doors, lists, verdict
from portal.web.build import bound, strips
from portal.web.build.template_links import template_url
from templates_catalog import query
from templates_catalog.inputs import typed

SECTION = "catalogue"
TABS = (
    ("Templates", "catalogue"),
    ("Services", "services"),
    ("Environments", "environments"),
    ("Connectors", "connectors"),
)
WORDS = {"service": "services", "environment": "environments", "connector": "connectors"}
FACETS = (("type", "Kind"), ("language", "Language"), ("lifecycle", "Lifecycle"), ("owner", "Owner"))


def _tabs(scope: Scope, current: str) -> list[dict[str, Any]]:
    return [{"title": t, "url": reverse(n, args=(scope.dotted,)), "current": n == current} for t, n in TABS]


@doors.door
def templates(request: HttpRequest, dotted: str) -> HttpResponse:
    """Cards with a stage strip, so that two templates are told apart without opening them."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    filters = lists.filters(
        request, ["type", "language", "lifecycle", "owner", "golden"],
        placeholder="java service kubernetes", label="Search templates", target="results",
        choices=lambda f: _golden(request, f),
    )  # fmt: skip
    found = query.templates(
        actor, scope.path, text=filters.text, type=filters.first("type"), language=filters.first("language"),
        lifecycle=filters.first("lifecycle"), owner=filters.first("owner"),
        golden={"yes": True}.get(filters.first("golden")), **lists.cursors(request),
    )  # fmt: skip
    context = {
        "cards": [_card(scope, t) for t in found.rows],
        "filters": filters,
        "facets": _facets(request, actor, scope, filters),
        "pager": lists.pager(request, found, "template"),
        "tabs": _tabs(scope, "catalogue"),
        "may_make": "edit_template" in access_query.permissions(actor, scope.path),
    }
    return doors.page(request, "web/build/catalogue.html", context, scope=scope, section=SECTION)


def _golden(request: HttpRequest, filters: lists.Filters) -> list[lists.Choice]:
    now = filters.first("golden")
    rows = (("All", ""), ("Golden", "yes"))
    return [
        lists.Choice(t, lists.with_query(request, golden=v, after="", before=""), now == v) for t, v in rows
    ]


def _card(scope: Scope, template: query.TemplateView) -> dict[str, Any]:
    declared = typed(template.inputs)
    return {
        "t": template,
        "url": template_url(scope, template),
        "strip": strips.of_types(template.stages),
        "inputs": len(declared),
        "required": sum(i.required for i in declared.values()),
        "origin": origin(scope, template.scope),
    }


def origin(scope: Scope, path: str) -> str:
    if path == scope.path:
        return ""
    return Scope.objects.filter(path=path).values_list("name", flat=True).first() or path


def _facets(request: HttpRequest, actor: Any, scope: Scope, filters: lists.Filters) -> list[dict[str, Any]]:
    counts = query.template_facets(actor, scope.path, text=filters.text)
    return [
        {"title": title, "rows": [_choice(request, filters, name, *row) for row in counts[name]]}
        for name, title in FACETS
        if counts.get(name)
    ]


def _choice(request: HttpRequest, filters: lists.Filters, name: str, value: str, n: int) -> dict[str, Any]:
    """One value of a facet; a click on it sets the filter, or takes it away."""
    on = filters.first(name) == value
    url = lists.with_query(request, **{name: "" if on else value}, after="", before="")
    return {"value": value, "n": n, "on": on, "url": url}


@doors.door
def entities(request: HttpRequest, dotted: str, kind: str) -> HttpResponse:
    """Services, environments and connectors: one list, the same anatomy."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    filters = lists.filters(request, [], placeholder="Name or identifier", label=f"Filter {WORDS[kind]}")
    found = query.entities(actor, scope.path, kind, text=filters.text, **lists.cursors(request))
    context = {
        "rows": [{"e": e, "url": _entity_url(e), "origin": origin(scope, e.scope)} for e in found.rows],
        "filters": filters,
        "kind": kind,
        "words": WORDS[kind],
        "pager": lists.pager(request, found, kind, by_name=True),
        "tabs": _tabs(scope, WORDS[kind]),
        "may_make": f"edit_{kind}" in access_query.permissions(actor, scope.path),
    }
    return doors.page(request, "web/build/entities.html", context, scope=scope, section=SECTION)


def _entity_url(entity: query.EntityView) -> str:
    return reverse("entity", args=(entity.scope.replace("/", "."), entity.kind, entity.identifier))


@doors.door
def entity(request: HttpRequest, dotted: str, kind: str, identifier: str) -> HttpResponse:
    """One service, environment or connector: what it says, and its versions."""
    if kind not in WORDS:
        raise Http404
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    if request.method == "POST":
        return _save_entity(request, scope, kind, identifier)
    return _show_entity(request, scope, kind, identifier)


def _show_entity(
    request: HttpRequest,
    scope: Scope,
    kind: str,
    identifier: str,
    *,
    text: str = "",
    shown: Any = None,
    status: int = 200,
) -> HttpResponse:
    from portal.web.editor import Editor

    actor = doors.actor_of(request)
    found, versions = query.entity(actor, scope.path, kind, identifier)
    may_edit = f"edit_{kind}" in access_query.permissions(actor, scope.path)
    source = text or versions[0].source
    context = {
        "e": found,
        "versions": versions,
        "names": access_query.display_names(v.author for v in versions),
        "editor": Editor(
            text=source, file=f"{kind}.yaml", label=f"{kind} document", read_only=not may_edit,
            findings=verdict.findings_of(shown) if shown else (),
        ),
        "may_edit": may_edit,
        "verdict": shown,
        "problems": shown.problems if shown else (),
        "key": doors.one_time_key(),
        "words": WORDS[kind],
        "bound": bound.sets(actor, scope, kind),
        "bar": {
            "icon": "pen", "tone": "muted", "say": "Saving asks every policy that applies here.",
            "buttons": [{"text": f"Save version {found.latest + 1}", "value": "save", "primary": True}],
        },
    }  # fmt: skip
    return doors.page(request, "web/build/entity.html", context, scope=scope, section=SECTION, status=status)


def _save_entity(request: HttpRequest, scope: Scope, kind: str, identifier: str) -> HttpResponse:
    text = request.POST.get("source", "").replace("\r\n", "\n")
    change = Change(
        verb="save",
        kind=kind,
        scope=scope.path,
        identifier=identifier,
        source=text,
        expected_version=request.POST.get("expected_version", ""),
        idempotency_key=request.POST.get("key", ""),
    )

    def done(admitted: Admitted) -> HttpResponse:
        return HttpResponseRedirect(request.path)

    def again(outcome: doors.Outcome) -> HttpResponse:
        assert outcome.refused is not None  # noqa: S101  again is only called with a refusal
        shown = verdict.of_refusal(outcome.refused, change, what="The change", who=request.user.display_name)
        return _show_entity(request, scope, kind, identifier, text=text, shown=shown, status=outcome.status)

    return doors.admit_or_render(request, change, done=done, again=again)
