"""Kind pipeline: save, run and delete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import F, Q
from pydantic import Field

from audit import executions
from governance import kinds
from governance.actor import Actor
from governance.errors import Conflict, Invalid, NotFound, Problem
from governance.fields import Fields, read
from governance.kinds import Applied, Change, Document, Kind, Prepared, Verb
from governance.models import Scope
from templates_catalog import keeping, lineage, reading, runtime_inputs, wiring
from templates_catalog.documents import write
from templates_catalog.expand import Expanded, ExpansionError, expand
from templates_catalog.filling import resolve_variables
from templates_catalog.lookup import lookup_for
from templates_catalog.models import Pipeline, PipelineVersion, Reference, Template
from templates_catalog.resolved import (
    claimed_environments,
    open_environments,
    unknown_environments,
    with_environments,
)
from templates_catalog.runners import sandbox
from templates_catalog.runners.deciding import unknown_sets
from templates_catalog.runners.unsupported import unsupported

ROOT = "pipeline"


@dataclass(frozen=True, slots=True)
class Built:
    """A pipeline as read, and as it stands when every reference is resolved."""

    read: reading.Read
    expanded: Expanded
    resolved: dict[str, Any]


class RunFields(Fields):
    """version: "" = the latest; inputs: values for what the pipeline leaves open, by name or path."""

    version: str = ""
    inputs: dict[str, Any] = Field(default_factory=dict)


def build(source: reading.Read, scope: Scope, actor: Actor) -> Built:
    """Expand every reference. Raises Invalid naming what could not be resolved, with its line."""
    try:
        expanded = expand(source.value, lookup_for(actor, scope))
    except ExpansionError as error:
        raise Invalid(
            [Problem(p.message, p.path, *_place(source, p.path)) for p in error.problems]
        ) from error
    body = expanded.document[ROOT]
    if wrong := claimed_environments(body, ROOT) + unknown_environments(body, ROOT, scope, actor):
        raise Invalid([Problem(p.message, p.path, *_place(source, p.path)) for p in wrong])
    return Built(source, expanded, with_environments(body, scope))


def _place(source: reading.Read, path: str) -> tuple[int, int]:
    return reading.nearest(source.positions, path)


def _templates(expanded: Expanded) -> list[dict[str, Any]]:
    return [
        {
            "ref": used.ref,
            "version": used.version,
            "stable": used.stable,
            "digest": used.digest,
            "golden": used.golden,
        }
        for used in expanded.templates
    ]


def _prepare_save(change: Change, scope: Scope, actor: Actor) -> Prepared:
    if scope.level != Scope.Level.PROJECT:
        raise Invalid([f"a pipeline is saved in a project; {scope.path} is an {scope.level}"])
    read(Fields, change)
    found = reading.read(change, scope, ROOT, "pipeline")
    built = build(found, scope, actor)
    return Prepared(
        document=built.resolved,
        source=change.source,
        content_sha256=reading.content_digest(found.value, ROOT),
        templates=_templates(built.expanded),
        lines=found.positions,
        extra=built,
    )


def _label(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Prepared:
    """Put the AI label on when AI took part now, earlier, or in the work this is a copy of."""
    if not (actor.ai_generated or _was_ai(change, scope, prepared, actor)):
        return prepared
    built: Built = prepared.extra
    source, value = reading.labelled(prepared.source, built.read.value, ROOT)
    tags = value[ROOT]["tags"]
    document = {**built.resolved, "tags": tags}
    labelled = replace(built, read=reading.Read(ROOT, value, built.read.positions), resolved=document)
    return replace(prepared, source=source, document=document, extra=labelled)


def _was_ai(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> bool:
    known = Pipeline.everything.filter(scope=scope, identifier=change.identifier).first()
    if known is not None and known.ai_generated:
        return True
    same_work = reading.lineage_digest(prepared.extra.read.value, ROOT)
    copies = PipelineVersion.objects.filter(
        lineage_sha256=same_work, document__pipeline__tags__ai_generated="true"
    )
    if copies.filter(pipeline__scope__account_id=scope.account_id).exists():
        return True
    body = prepared.extra.read.body
    return lineage.grew_out_of_ai_work("pipeline", body, change.identifier, scope, actor)


def _save(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    built: Built = prepared.extra
    row = keeping.lock_or_make(Pipeline, scope, change.identifier)
    keeping.refuse_stale(change, row.latest)
    before = row.versions.get(number=row.latest).source if row.latest else ""
    keeping.describe(row, built.read.body)
    row.ai_generated = row.tags.get(reading.LABEL) == "true" or row.ai_generated
    row.latest += 1
    row.save()
    PipelineVersion.objects.create(
        pipeline=row,
        number=row.latest,
        source=prepared.source,
        document=built.read.value,
        expanded=built.resolved,
        origins=dict(built.expanded.origins),
        content_sha256=prepared.content_sha256,
        lineage_sha256=reading.lineage_digest(built.read.value, ROOT),
        templates=prepared.templates,
        author=actor.user,
        note=change.note,
        ai=actor.ai,
    )
    _keep_references(row, built.expanded, scope, actor)
    return Applied(version=str(row.latest), before=before, after=prepared.source)


def _keep_references(row: Pipeline, expanded: Expanded, scope: Scope, actor: Actor) -> None:
    row.references.all().delete()
    for used in expanded.templates:
        identifier = used.ref.rpartition(".")[2]
        template = Template.objects.filter(scope_id__in=scope.chain_ids, identifier=identifier).first()
        if template is not None:
            Reference.objects.get_or_create(
                pipeline=row, template=template, label=used.version, defaults={"stable": used.stable}
            )


def _prepare_run(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(RunFields, change)
    if why := sandbox.why_not():
        raise Invalid([f"runs are refused on this machine: {why}"])
    version = version_of(scope, change.identifier, wanted.version)
    found = reading.Read(ROOT, version.document, {})
    built = build(found, scope, actor)
    filled, missing = runtime_inputs.fill(built.expanded.document[ROOT], wanted.inputs)
    # With the inputs known, a variable stands for its value, and so may the name of an environment.
    filled = resolve_variables(filled)
    problems = claimed_environments(filled, ROOT) + unknown_environments(filled, ROOT, scope, actor)
    problems += open_environments(filled, ROOT)
    filled = with_environments(filled, scope)
    problems += [Problem(f"needs a value for this run: {name}", path) for name, path in missing]
    asked = built.expanded.document[ROOT]
    problems += [Problem(text, "inputs") for text in runtime_inputs.not_asked(asked, wanted.inputs)]
    problems += [Problem(p.message, p.path) for p in [*unsupported(filled), *unknown_sets(filled, scope)]]
    if problems:
        raise Invalid(problems)
    # What a save would be asked is asked of what runs, when that is not what was saved: a stable template moved,
    # or an input or a variable says something that nobody could decide about then.
    other = write.digest(filled) != write.digest(version.expanded)
    return Prepared(
        document=filled,
        source=version.source,
        templates=_templates(built.expanded),
        also_events=("onsave",) if other else (),
        extra=(version, wanted),
    )


def version_of(scope: Scope, identifier: str, number: str) -> PipelineVersion:
    """One saved version ("" = the latest). Raises NotFound."""
    rows = PipelineVersion.objects.filter(
        pipeline__scope=scope, pipeline__identifier=identifier, pipeline__deleted=False
    ).select_related("pipeline")
    found = rows.filter(number=number).first() if number.isdigit() else None
    if not number:
        found = rows.order_by("-number").first()
    if found is None:
        raise NotFound(f"no pipeline {identifier!r}{f' version {number}' if number else ''} in {scope.path}")
    return found


def _run(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    version, wanted = prepared.extra
    made = executions.create(
        scope=scope.path,
        pipeline=change.identifier,
        version=str(version.number),
        plan={ROOT: prepared.document},
        inputs=wanted.inputs,
        requested_by=str(actor.user.pk),
        requested_name=actor.user.get_username(),
        channel=actor.channel.value,
        ai_generated=version.pipeline.ai_generated,
        ai=version.ai,
        evaluation=prepared.evaluation,
    )
    return Applied(version=str(version.number), data={"execution": str(made.id), "number": made.number})


def _wake(change: Change, applied: Applied) -> None:
    wiring.wake_execution(str(applied.data["execution"]))


def _delete(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    row = keeping.lock(Pipeline, scope, change.identifier, "pipeline")
    if _runs_unfinished(scope.path, change.identifier):
        raise Conflict(f"{change.identifier} has runs that are not finished; cancel them first")
    row.deleted = True
    row.save(update_fields=["deleted", "updated_at"])
    row.references.all().delete()
    return Applied(version=str(row.latest), before=row.versions.get(number=row.latest).source)


def _runs_unfinished(path: str, identifier: str) -> bool:
    states = sorted(executions.STATES - executions.FINAL)
    return any(executions.page([path], state=s, pipeline=identifier, size=1).executions for s in states)


def stored(scope: Scope) -> Iterable[tuple[Scope, str, Document]]:
    """The latest version of every pipeline in a scope and below, expanded, as policies see it."""
    below = (
        Q(pipeline__scope=scope) | Q(pipeline__scope__organization=scope) | Q(pipeline__scope__account=scope)
    )
    rows = PipelineVersion.objects.filter(below, pipeline__deleted=False, number=F("pipeline__latest"))
    for version in rows.select_related("pipeline__scope").iterator():
        yield version.pipeline.scope, version.pipeline.identifier, version.expanded


def current(scope: Scope, identifier: str) -> Document | None:
    """The latest version of one pipeline, as selectors of policy sets see it."""
    rows = PipelineVersion.objects.filter(
        pipeline__scope=scope, pipeline__identifier=identifier, number=F("pipeline__latest")
    )
    version = rows.first()
    if version is None:
        return None
    used = [str(t["ref"]).rpartition(".")[2] for t in version.templates]
    return {"document": version.expanded, "templates": used, "at": version.created_at}


PIPELINE = kinds.register(
    Kind(
        name="pipeline",
        title="Pipeline",
        plural="Pipelines",
        root=ROOT,
        package="pipeline",
        model=Pipeline,
        stored=stored,
        current=current,
        digest=partial(reading.source_digest, root=ROOT),
        verbs={
            "save": Verb("edit_pipeline", _save, _prepare_save, event="onsave", label=_label),
            "run": Verb("execute_pipeline", _run, _prepare_run, event="onrun", react=_wake),
            "delete": Verb("delete_pipeline", _delete),
        },
    )
)
