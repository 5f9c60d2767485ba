"""What doors may read of definitions: lists and details as frozen values, always as seen by an actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from governance import rbac
from governance.actor import Actor
from governance.errors import NotFound
from governance.keyset import Page, page
from governance.models import Scope
from templates_catalog.models import (
    EntityVersion,
    Pipeline,
    PipelineVersion,
    Reference,
    Template,
    TemplateVersion,
)


@dataclass(frozen=True, slots=True)
class VersionView:
    """number counts saves; label is a template version's own name."""

    number: int
    label: str
    source: str
    document: dict[str, Any]
    author: str
    note: str
    ai: dict[str, Any]
    templates: list[dict[str, Any]]
    content_sha256: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TemplateView:
    id: str
    identifier: str
    ref: str  # as a pipeline below it writes it: account.golden_java
    name: str
    description: str
    type: str
    scope: str
    tags: dict[str, str]
    stable: str
    golden: bool
    lifecycle: str
    deprecation: str
    owner: str
    docs: str
    ai_generated: bool
    updated_at: datetime
    stages: tuple[tuple[str, str], ...] = ()  # (name, type) of the stable version
    inputs: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class PipelineView:
    id: str
    identifier: str
    name: str
    description: str
    scope: str
    tags: dict[str, str]
    ai_generated: bool
    latest: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PipelineDetail:
    pipeline: PipelineView
    version: VersionView
    expanded: dict[str, Any]
    origins: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntityView:
    kind: str
    identifier: str
    name: str
    description: str
    type: str
    scope: str
    tags: dict[str, str]
    ai_generated: bool
    latest: int
    updated_at: datetime


def _within(rows: QuerySet[Any], path: str, *, inherited: bool) -> QuerySet[Any]:
    """Rows of a scope and below; with `inherited` also those of the scopes above it."""
    here = Scope.objects.filter(path=path).first()
    if here is None:
        return rows.none()
    reach = Q(scope=here) | Q(scope__organization=here) | Q(scope__account=here)
    if inherited:
        reach |= Q(scope_id__in=here.chain_ids)
    return rows.filter(reach)


def templates(
    actor: Actor,
    path: str,
    *,
    text: str = "",
    type: str = "",
    lifecycle: str = "",
    golden: bool | None = None,
    language: str = "",
    owner: str = "",
    after: str = "",
    before: str = "",
    size: int = 24,
) -> Page[TemplateView]:
    """The templates usable in a scope that the actor may see, newest first."""
    rows = _templates_of(actor, path, text)
    for column, value in (("type", type), ("lifecycle", lifecycle), ("owner", owner)):
        if value:
            rows = rows.filter(**{column: value})
    if language:
        rows = rows.filter(tags__language=language)
    if golden is not None:
        rows = rows.filter(golden=golden)
    rows = rows.select_related("scope")
    found: Page[Template] = page(
        rows, lambda r: r, by="updated_at", descending=True, after=after, before=before, size=size
    )
    bodies = _stable_bodies(found.rows)
    return Page([_template_view(r, bodies.get(r.pk, {})) for r in found.rows], found.newer, found.older)


def _templates_of(actor: Actor, path: str, text: str) -> QuerySet[Template]:
    rows = _within(rbac.visible(actor, "template"), path, inherited=True)
    for word in text.lower().split()[:8]:
        rows = rows.filter(search_text__contains=word)
    return rows


def template_facets(actor: Actor, path: str, *, text: str = "") -> dict[str, list[tuple[str, int]]]:
    """How the templates the actor may see here divide: value and number for each filter of the catalogue."""
    rows = _templates_of(actor, path, text).order_by()
    found = {}
    for name, column in (
        ("type", "type"),
        ("language", "tags__language"),
        ("lifecycle", "lifecycle"),
        ("owner", "owner"),
    ):
        counted = rows.values_list(column).annotate(n=Count("pk")).order_by("-n", column)[:8]
        found[name] = [(str(value), n) for value, n in counted if value]
    return found


def _stable_bodies(rows: list[Template]) -> dict[Any, dict[str, Any]]:
    wanted = Q(pk__in=[])
    for row in rows:
        wanted |= Q(template=row.pk, label=row.stable_label)
    versions = TemplateVersion.objects.filter(wanted).only("template_id", "document")
    return {v.template_id: v.document["template"] for v in versions}


def _template_view(row: Template, body: dict[str, Any]) -> TemplateView:
    prefix = {"account": "account.", "organization": "org.", "project": ""}[row.scope.level]
    return TemplateView(
        id=str(row.pk),
        identifier=row.identifier,
        ref=f"{prefix}{row.identifier}",
        name=row.name,
        description=row.description,
        type=row.type,
        scope=row.scope.path,
        tags=row.tags,
        stable=row.stable_label,
        golden=row.golden,
        lifecycle=row.lifecycle,
        deprecation=row.deprecation,
        owner=row.owner,
        docs=row.docs,
        ai_generated=row.ai_generated,
        updated_at=row.updated_at,
        stages=tuple(_stage_strip(row.type, body)),
        inputs=tuple(body.get("variables") or ()),
    )


def _stage_strip(type: str, body: dict[str, Any]) -> list[tuple[str, str]]:
    spec = body.get("spec") or {}
    if type == "Pipeline":
        return [s for entry in spec.get("stages") or [] for s in _stages_of(entry)]
    if type == "Stage":
        return [(body.get("name") or body.get("identifier") or "", spec.get("type") or "")]
    return []


def _stages_of(entry: dict[str, Any]) -> list[tuple[str, str]]:
    if "parallel" in entry:
        return [s for member in entry["parallel"] for s in _stages_of(member)]
    stage = entry.get("stage") or {}
    return [(stage.get("name") or stage.get("identifier") or "", stage.get("type") or "Template")]


def template(actor: Actor, path: str, identifier: str) -> tuple[TemplateView, list[VersionView]]:
    """A template by the scope it is stored in, and its versions, newest first. Raises NotFound."""
    row = rbac.visible(actor, "template").filter(scope__path=path, identifier=identifier)
    found = row.select_related("scope").first()
    if found is None:
        raise NotFound(f"no template {identifier!r} in {path}")
    versions = list(found.versions.select_related("author").order_by("-number"))
    body = next((v.document["template"] for v in versions if v.label == found.stable_label), {})
    return _template_view(found, body), [_version_view(v, v.label) for v in versions]


def _version_view(row: Any, label: str = "") -> VersionView:
    return VersionView(
        number=row.number,
        label=label or str(row.number),
        source=row.source,
        document=row.document,
        author=row.author.username,
        note=row.note,
        ai=row.ai,
        templates=row.templates,
        content_sha256=row.content_sha256,
        created_at=row.created_at,
    )


def catalogue(actor: Actor, path: str, most: int) -> list[tuple[TemplateView, VersionView]]:
    """Every version of the newest `most` templates usable in a scope, as search and planners read them."""
    rows = _within(rbac.visible(actor, "template"), path, inherited=True).select_related("scope")
    found = {row.pk: _template_view(row, {}) for row in rows.order_by("-updated_at", "pk")[:most]}
    versions = TemplateVersion.objects.filter(template_id__in=found).select_related("author")
    return [
        (found[v.template_id], _version_view(v, v.label)) for v in versions.order_by("template_id", "number")
    ]


def consumers(actor: Actor, path: str, identifier: str) -> list[tuple[PipelineView, str, bool]]:
    """The pipelines the actor may see that stand on a template: (pipeline, version label, on stable)."""
    rows = rbac.visible(actor, "pipeline").filter(
        references__template__scope__path=path, references__template__identifier=identifier
    )
    rows = rows.select_related("scope").order_by("scope__path", "identifier")
    rows = rows.values_list("pk", "references__label", "references__stable").distinct()[:500]
    found = {p.pk: p for p in Pipeline.objects.filter(pk__in=[r[0] for r in rows]).select_related("scope")}
    return [(_pipeline_view(found[pk]), label, stable) for pk, label, stable in rows]


def pipelines(
    actor: Actor,
    path: str,
    *,
    text: str = "",
    ai: bool | None = None,
    after: str = "",
    before: str = "",
    size: int = 25,
) -> Page[PipelineView]:
    rows = _within(rbac.visible(actor, "pipeline"), path, inherited=False)
    for word in text.split()[:8]:
        rows = rows.filter(Q(identifier__icontains=word) | Q(name__icontains=word))
    if ai is not None:
        rows = rows.filter(ai_generated=ai)
    return page(
        rows.select_related("scope"),
        _pipeline_view,
        by="updated_at",
        descending=True,
        after=after,
        before=before,
        size=size,
    )


def _pipeline_view(row: Pipeline) -> PipelineView:
    return PipelineView(
        id=str(row.pk),
        identifier=row.identifier,
        name=row.name,
        description=row.description,
        scope=row.scope.path,
        tags=row.tags,
        ai_generated=row.ai_generated,
        latest=row.latest,
        updated_at=row.updated_at,
    )


def pipeline(actor: Actor, path: str, identifier: str, number: str = "") -> PipelineDetail:
    """A pipeline at one version ("" = the latest). Raises NotFound."""
    row = rbac.visible(actor, "pipeline").filter(scope__path=path, identifier=identifier)
    found = row.select_related("scope").first()
    wanted = number or (str(found.latest) if found else "")
    version = (
        PipelineVersion.objects.filter(pipeline=found, number=wanted).select_related("author").first()
        if found and wanted.isdigit()
        else None
    )
    if found is None or version is None:
        raise NotFound(f"no pipeline {identifier!r}{f' version {number}' if number else ''} in {path}")
    return PipelineDetail(_pipeline_view(found), _version_view(version), version.expanded, version.origins)


def templates_used(pipelines: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Pipeline id → [{"ref", "version"}] of the templates its latest version stands on."""
    found: dict[str, list[dict[str, Any]]] = {}
    rows = Reference.objects.filter(pipeline__in=list(pipelines)).order_by("pk")
    for pk, name, label in rows.values_list("pipeline", "template__name", "label"):
        found.setdefault(str(pk), []).append({"ref": name, "version": label})
    return found


def pipeline_versions(actor: Actor, path: str, identifier: str) -> list[VersionView]:
    found = rbac.visible(actor, "pipeline").filter(scope__path=path, identifier=identifier).first()
    if found is None:
        raise NotFound(f"no pipeline {identifier!r} in {path}")
    rows = PipelineVersion.objects.filter(pipeline=found).select_related("author").order_by("-number")
    return [_version_view(row) for row in rows[:200]]


def entities(
    actor: Actor, path: str, kind: str, *, text: str = "", after: str = "", before: str = "", size: int = 25
) -> Page[EntityView]:
    rows = _within(rbac.visible(actor, kind), path, inherited=True)
    for word in text.split()[:8]:
        rows = rows.filter(Q(identifier__icontains=word) | Q(name__icontains=word))
    return page(
        rows.select_related("scope"),
        _entity_view,
        by="name",
        descending=False,
        after=after,
        before=before,
        size=size,
    )


def _entity_view(row: Any) -> EntityView:
    return EntityView(
        kind=row.kind,
        identifier=row.identifier,
        name=row.name,
        description=row.description,
        type=row.type,
        scope=row.scope.path,
        tags=row.tags,
        ai_generated=row.ai_generated,
        latest=row.latest,
        updated_at=row.updated_at,
    )


def entity(actor: Actor, path: str, kind: str, identifier: str) -> tuple[EntityView, list[VersionView]]:
    """A service, environment or connector and its versions, newest first. Raises NotFound."""
    found = rbac.visible(actor, kind).filter(scope__path=path, identifier=identifier)
    row = found.select_related("scope").first()
    if row is None:
        raise NotFound(f"no {kind} {identifier!r} in {path}")
    versions = EntityVersion.objects.filter(entity_id=row.pk).select_related("author").order_by("-number")
    return _entity_view(row), [_version_view(v) for v in versions]
