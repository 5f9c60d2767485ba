"""Kinds service, environment and connector: save and delete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from django.db.models import F, Q

from governance import fields, kinds
from governance.actor import Actor
from governance.errors import Conflict
from governance.kinds import Applied, Change, Document, Kind, Prepared, Verb
from governance.models import Scope
from templates_catalog import keeping, lineage, reading
from templates_catalog.models import Connector, Entity, EntityVersion, Environment, Service

# kind → (input root for policies, package of Harness's policies)
SHAPES = {
    "service": ("serviceEntity", "service"),
    "environment": ("environmentEntity", "environment"),
    "connector": ("entity", "connector"),
}


def _prepare(change: Change, scope: Scope, actor: Actor) -> Prepared:
    fields.read(fields.Fields, change)
    read = reading.read(change, scope, change.kind, change.kind)
    return Prepared(
        document=read.body,
        source=change.source,
        content_sha256=reading.content_digest(read.value, change.kind),
        lines=read.positions,
        extra=read,
    )


def _label(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Prepared:
    known = Entity.everything.filter(scope=scope, kind=change.kind, identifier=change.identifier).first()
    was_ai = actor.ai_generated or (known is not None and known.ai_generated)
    body = prepared.extra.body
    if not was_ai and not lineage.grew_out_of_ai_work(change.kind, body, change.identifier, scope, actor):
        return prepared
    source, value = reading.labelled(prepared.source, prepared.extra.value, change.kind)
    read = reading.Read(change.kind, value, prepared.extra.positions)
    return replace(prepared, source=source, document=read.body, extra=read)


def _save(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    row = keeping.lock_or_make(Entity, scope, change.identifier, kind=change.kind)
    keeping.refuse_stale(change, row.latest)
    before = _latest_source(row)
    keeping.describe(row, prepared.extra.body)
    row.type = _type_of(change.kind, prepared.extra.body)
    row.ai_generated = row.tags.get(reading.LABEL) == "true" or row.ai_generated
    row.latest += 1
    row.save()
    EntityVersion.objects.create(
        entity=row,
        number=row.latest,
        source=prepared.source,
        document=prepared.extra.value,
        content_sha256=prepared.content_sha256,
        lineage_sha256=reading.lineage_digest(prepared.extra.value, change.kind),
        author=actor.user,
        note=change.note,
        ai=actor.ai,
    )
    return Applied(version=str(row.latest), before=before, after=prepared.source)


def _type_of(kind: str, body: Document) -> str:
    if kind == "service":
        return str((body.get("serviceDefinition") or {}).get("type") or "")
    return str(body.get("type") or "")


def _latest_source(row: Entity) -> str:
    if not row.latest:
        return ""
    return EntityVersion.objects.get(entity=row, number=row.latest).source


def _delete(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    row = keeping.lock(MODELS[change.kind], scope, change.identifier, change.kind)
    if row.deleted:
        raise Conflict(f"{change.resource} is deleted already")
    row.deleted = True
    row.save(update_fields=["deleted", "updated_at"])
    return Applied(version=str(row.latest), before=_latest_source(row))


def stored(kind: str, scope: Scope) -> Iterable[tuple[Scope, str, Document]]:
    """Every stored entity of a kind in a scope and below, as policies see it."""
    below = Q(entity__scope=scope) | Q(entity__scope__organization=scope) | Q(entity__scope__account=scope)
    rows = EntityVersion.objects.filter(
        below, entity__kind=kind, entity__deleted=False, number=F("entity__latest")
    ).select_related("entity__scope")
    for version in rows.iterator():
        yield version.entity.scope, version.entity.identifier, version.document[kind]


def current(kind: str, scope: Scope, identifier: str) -> Document | None:
    """The latest version of one entity, as selectors of policy sets see it."""
    version = EntityVersion.objects.filter(
        entity__scope=scope, entity__kind=kind, entity__identifier=identifier, number=F("entity__latest")
    ).first()
    if version is None:
        return None
    return {"document": version.document[kind], "templates": [], "at": version.created_at}


MODELS = {"service": Service, "environment": Environment, "connector": Connector}
for _name, (_root, _package) in SHAPES.items():
    kinds.register(
        Kind(
            name=_name,
            title=_name.capitalize(),
            plural=f"{_name.capitalize()}s",
            root=_root,
            package=_package,
            model=MODELS[_name],
            inherited=True,
            stored=partial(stored, _name),
            current=partial(current, _name),
            digest=partial(reading.source_digest, root=_name),
            verbs={
                "save": Verb(f"edit_{_name}", _save, _prepare, event="onsave", label=_label),
                "delete": Verb(f"delete_{_name}", _delete),
            },
        )
    )
