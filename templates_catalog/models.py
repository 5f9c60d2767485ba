"""Templates, pipelines and entities; what each one says is in its versions, which never change."""

from __future__ import annotations

import uuid

from django.db import models

from audit.clock_field import ClockField
from governance.grants import GroupGrant, UserGrant


class Kept(models.Manager["Named"]):
    """What was not deleted."""

    def get_queryset(self) -> models.QuerySet[Named]:
        return super().get_queryset().filter(deleted=False)


class Named(models.Model):
    """What every definition has: a place, an identifier that is unique there, and a name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.ForeignKey("governance.Scope", on_delete=models.PROTECT, related_name="+")
    identifier = models.CharField(max_length=128)
    name = models.CharField(max_length=128)
    description = models.TextField(blank=True)
    tags = models.JSONField(default=dict)
    # Sticky: once AI took part in any version, no edit, copy or import takes the label away.
    ai_generated = models.BooleanField(default=False)
    latest = models.PositiveIntegerField(default=0)
    deleted = models.BooleanField(default=False)
    created_at = ClockField(auto_now_add=True)
    updated_at = ClockField(auto_now=True)

    objects = Kept()
    # With what was deleted: a name that comes back keeps its history and its AI label.
    everything = models.Manager()  # noqa: DJ012 (a manager, which django-lint takes for a field)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.identifier


class Version(models.Model):
    """One saved revision of a definition."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField()
    # As typed, with its comments and formatting.
    source = models.TextField()
    # The canonical value of the source.
    document = models.JSONField()
    content_sha256 = models.CharField(max_length=64, db_index=True)
    # Digest without name, tags and place: a copy under another name is still the same work.
    lineage_sha256 = models.CharField(max_length=64, db_index=True)
    author = models.ForeignKey("governance.User", on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    # {"mode", "model", "conversation", "prompt_sha256", "request"}; empty = by hand
    ai = models.JSONField(default=dict)
    evaluation = models.CharField(max_length=36, blank=True)
    # [{"ref", "version", "stable", "digest", "golden", "path"}]: what the references stood for then.
    templates = models.JSONField(default=list)
    created_at = ClockField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.number)


class Template(Named):
    """A golden definition; people use one of its versions, or whichever is stable."""

    class Type(models.TextChoices):
        STEP = "Step"
        STEP_GROUP = "StepGroup"
        STAGE = "Stage"
        PIPELINE = "Pipeline"

    class Lifecycle(models.TextChoices):
        DRAFT = "draft"
        REVIEW = "review"
        APPROVED = "approved"
        EXPERIMENTAL = "experimental"
        DEPRECATED = "deprecated"

    type = models.CharField(max_length=16, choices=Type.choices)
    stable_label = models.CharField(max_length=128, blank=True)
    golden = models.BooleanField(default=False)
    lifecycle = models.CharField(max_length=16, choices=Lifecycle.choices, default=Lifecycle.APPROVED)
    deprecation = models.TextField(blank=True)
    owner = models.CharField(max_length=128, blank=True)
    docs = models.TextField(blank=True)
    # Restricted: below its scope only people with an object grant may see it.
    restricted = models.BooleanField(default=False)
    # What search reads: names, tags, description, stages, inputs of the stable version.
    search_text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "identifier"], name="one_template_per_scope")]
        indexes = [models.Index(fields=["-updated_at", "id"])]
        permissions = [
            ("edit_template", "Can edit this template"),
            ("access_template", "Can use this template"),
        ]


class TemplateVersion(Version):
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    label = models.CharField(max_length=128)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "label"], name="one_label_per_template"),
            models.UniqueConstraint(fields=["template", "number"], name="one_number_per_template"),
        ]


class TemplateUserGrant(UserGrant):
    content_object = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="user_grants")


class TemplateGroupGrant(GroupGrant):
    content_object = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="group_grants")


class Pipeline(Named):
    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "identifier"], name="one_pipeline_per_scope")]
        indexes = [models.Index(fields=["-updated_at", "id"])]


class PipelineVersion(Version):
    pipeline = models.ForeignKey(Pipeline, on_delete=models.PROTECT, related_name="versions")
    # The document with every template reference resolved: what policy saw.
    expanded = models.JSONField()
    # JSON path → who put it there: "typed", "template:<ref>@<version>", "input", "ai"
    origins = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pipeline", "number"], name="one_number_per_pipeline")]


class Entity(Named):
    """A service, an environment (with its infrastructure definitions) or a connector."""

    kind = models.CharField(max_length=32)
    # "Production", "Kubernetes", "Github" …: the type the lists show and filter by.
    type = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "kind", "identifier"], name="one_entity_per_scope")
        ]


class EntityVersion(Version):
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="versions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "number"], name="one_number_per_entity")]


class Reference(models.Model):
    """Which saved pipeline version stands on which template version: who uses it, and what moves with it."""

    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="references")
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="consumers")
    label = models.CharField(max_length=128)
    stable = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pipeline", "template", "label"], name="reference_once_per_pipeline"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pipeline_id} → {self.template_id}@{self.label}"


class _OfKind(Kept):
    """The entities of one kind."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> models.QuerySet[Named]:
        return super().get_queryset().filter(kind=self.kind)


class Service(Entity):
    objects = _OfKind("service")

    class Meta:
        proxy = True


class Environment(Entity):
    objects = _OfKind("environment")

    class Meta:
        proxy = True


class Connector(Entity):
    objects = _OfKind("connector")

    class Meta:
        proxy = True
