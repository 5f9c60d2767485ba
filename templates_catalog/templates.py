"""Kind template: save a version, set which is stable, retire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from django.db.models import F, Q
from pydantic import Field

from governance import kinds
from governance.actor import Actor
from governance.errors import Conflict, Invalid, NotFound
from governance.fields import Fields, read
from governance.kinds import Applied, Change, Document, Kind, Prepared, Verb
from governance.models import Scope
from templates_catalog import keeping, lineage, reading
from templates_catalog.models import Template, TemplateVersion

ROOT = "template"


class SaveFields(Fields):
    """What a template has outside the document Harness knows."""

    golden: bool = False
    owner: str = Field(default="", max_length=128)
    docs: str = Field(default="", max_length=50_000)
    lifecycle: Literal["draft", "review", "approved", "experimental", "deprecated"] = "approved"
    deprecation: str = Field(default="", max_length=500)
    restricted: bool = False
    stable: bool = False


class StableFields(Fields):
    label: str


class RetireFields(Fields):
    deprecation: str = Field(default="", max_length=500)


def _prepare(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(SaveFields, change)
    found = reading.read(change, scope, ROOT, "template")
    if not found.body.get("versionLabel"):
        raise Invalid(["template.versionLabel: every version needs a label, for example 1.0.0"])
    return Prepared(
        document=found.body,
        source=change.source,
        content_sha256=reading.content_digest(found.value, ROOT),
        lines=found.positions,
        extra=(wanted, found),
    )


def _label(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Prepared:
    known = Template.everything.filter(scope=scope, identifier=change.identifier).first()
    wanted, found = prepared.extra
    was_ai = actor.ai_generated or (known is not None and known.ai_generated)
    if not was_ai and not lineage.grew_out_of_ai_work(ROOT, found.body, change.identifier, scope, actor):
        return prepared
    source, value = reading.labelled(prepared.source, found.value, ROOT)
    found = reading.Read(ROOT, value, found.positions)
    return replace(prepared, source=source, document=found.body, extra=(wanted, found))


def _save(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted, found = prepared.extra
    row = keeping.lock_or_make(Template, scope, change.identifier)
    keeping.refuse_stale(change, row.latest)
    label = str(found.body["versionLabel"])
    if row.latest and row.versions.filter(label=label).exists():
        raise Conflict(
            f"version {label} of {change.identifier} exists; a version never changes, so give this one"
            " a new versionLabel"
        )
    before = row.versions.get(number=row.latest).source if row.latest else ""
    keeping.describe(row, found.body)
    _outside(row, wanted, found.body)
    row.ai_generated = row.tags.get(reading.LABEL) == "true" or row.ai_generated
    row.latest += 1
    if wanted.stable or not row.stable_label:
        row.stable_label = label
    row.save()
    TemplateVersion.objects.create(
        template=row,
        number=row.latest,
        label=label,
        source=prepared.source,
        document=found.value,
        content_sha256=prepared.content_sha256,
        lineage_sha256=reading.lineage_digest(found.value, ROOT),
        author=actor.user,
        note=change.note,
        ai=actor.ai,
    )
    return Applied(version=label, before=before, after=prepared.source, data={"stable": row.stable_label})


def _outside(row: Template, wanted: SaveFields, body: dict[str, Any]) -> None:
    row.type = body["type"]
    row.golden, row.owner, row.docs = wanted.golden, wanted.owner, wanted.docs
    row.lifecycle, row.deprecation, row.restricted = wanted.lifecycle, wanted.deprecation, wanted.restricted
    tags = " ".join(f"{k} {v}" for k, v in (body.get("tags") or {}).items())
    inputs = " ".join(str(v.get("name", "")) for v in body.get("variables") or [])
    row.search_text = f"{row.identifier} {row.name} {row.description} {tags} {inputs}".lower()


def _set_stable(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted = read(StableFields, change)
    row = keeping.lock(Template, scope, change.identifier, "template")
    if not row.versions.filter(label=wanted.label).exists():
        labels = ", ".join(row.versions.values_list("label", flat=True))
        raise NotFound(f"{change.identifier} has no version {wanted.label!r}; it has {labels}")
    before, row.stable_label = row.stable_label, wanted.label
    row.save(update_fields=["stable_label", "updated_at"])
    return Applied(version=wanted.label, before=f"stable: {before}", after=f"stable: {wanted.label}")


def _retire(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted = read(RetireFields, change)
    row = keeping.lock(Template, scope, change.identifier, "template")
    before = row.lifecycle
    row.lifecycle, row.deprecation = Template.Lifecycle.DEPRECATED, wanted.deprecation
    row.save(update_fields=["lifecycle", "deprecation", "updated_at"])
    return Applied(version=row.stable_label, before=f"lifecycle: {before}", after="lifecycle: deprecated")


def stored(scope: Scope) -> Iterable[tuple[Scope, str, Document]]:
    """The stable version of every template in a scope and below, as policies see it."""
    below = (
        Q(template__scope=scope) | Q(template__scope__organization=scope) | Q(template__scope__account=scope)
    )
    rows = TemplateVersion.objects.filter(below, template__deleted=False, label=F("template__stable_label"))
    for version in rows.select_related("template__scope").iterator():
        yield version.template.scope, version.template.identifier, version.document[ROOT]


def current(scope: Scope, identifier: str) -> Document | None:
    """The stable version of one template, as selectors of policy sets see it."""
    version = TemplateVersion.objects.filter(
        template__scope=scope, template__identifier=identifier, label=F("template__stable_label")
    ).first()
    if version is None:
        return None
    return {"document": version.document[ROOT], "templates": [], "at": version.created_at}


TEMPLATE = kinds.register(
    Kind(
        name="template",
        title="Template",
        plural="Templates",
        root=ROOT,
        package="template",
        model=Template,
        inherited=True,
        stored=stored,
        current=current,
        digest=partial(reading.source_digest, root=ROOT),
        verbs={
            "save": Verb("edit_template", _save, _prepare, event="onsave", label=_label),
            "set_stable": Verb("edit_template", _set_stable),
            "retire": Verb("edit_template", _retire),
        },
    )
)
