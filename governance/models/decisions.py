"""What the gate said, under which bundle; what the assistant proposed; which requests were answered."""

from __future__ import annotations

import uuid

from django.db import models

from audit.clock_field import ClockField
from governance.models.access import Scope, User


class Bundle(models.Model):
    """One published revision: the exact archive the sidecars load, kept so any decision can be retaken."""

    revision = models.CharField(max_length=64, primary_key=True)
    serial = models.PositiveBigIntegerField(unique=True)
    sha256 = models.CharField(max_length=64)
    # Of what it says, whatever its serial: an unchanged content is not published again.
    content_sha256 = models.CharField(max_length=64, default="")
    previous = models.CharField(max_length=64, blank=True)
    archive = models.BinaryField()
    policies = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    pinned_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.revision


class GateState(models.Model):
    """Two rows. `gate`: the revision decisions must come from, and the one on its way.

    Read FOR SHARE by every commit, moved FOR UPDATE by the keeper. `unbuilt` counts in `dirty` the changes
    of active policies and sets; a bundle is due while that is above the `built` of `gate`. The counter is a
    row of its own so that an activation does not wait for every save that is just being committed.
    """

    name = models.CharField(max_length=16, primary_key=True, default="gate")
    pinned = models.CharField(max_length=64, blank=True)
    pending = models.CharField(max_length=64, blank=True)
    dirty = models.BigIntegerField(default=0)
    built = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.pinned


class SidecarReport(models.Model):
    """The last thing each sidecar said of itself."""

    sidecar = models.CharField(max_length=128, primary_key=True)
    revision = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True)
    heard_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sidecar


class Heartbeat(models.Model):
    """When a process that works by itself was last alive, and what troubled it ("" = nothing)."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
    trouble = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class EvaluationInput(models.Model):
    """What was decided on, once per content, compressed (zlib)."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField()
    size_bytes = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.sha256


class Evaluation(models.Model):
    """One question to the gate and its answer. status: pass, warning, error or unavailable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = ClockField(auto_now_add=True, db_index=True)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="evaluations")
    kind = models.CharField(max_length=64)
    identifier = models.CharField(max_length=128)
    event = models.CharField(max_length=32)
    status = models.CharField(max_length=16, db_index=True)
    dry_run = models.BooleanField(default=False)
    revision = models.CharField(max_length=64, blank=True)
    bundle_sha256 = models.CharField(max_length=64, blank=True)
    input_sha256 = models.CharField(max_length=64, blank=True)
    engine = models.CharField(max_length=64, blank=True)
    duration_us = models.PositiveIntegerField(default=0)
    # [{set, set_scope, policy, policy_scope, severity, status, violations: [{message, path, code, fix}]}]
    details = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    actor_name = models.CharField(max_length=150, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    ai_generated = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["scope", "-at", "id"]),
            models.Index(fields=["kind", "identifier", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.identifier} {self.status}"


class Proposal(models.Model):
    """What the assistant drafted, waiting for a person's click. Nothing governed has changed yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proposals")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=64)
    identifier = models.CharField(max_length=128)
    content = models.TextField()
    fields = models.JSONField(default=dict)
    content_sha256 = models.CharField(max_length=64, db_index=True)
    # Digest of what it was drafted from; when the stored thing moved on, the proposal is void.
    base_sha256 = models.CharField(max_length=64, blank=True)
    # {"mode": "model"|"deterministic", "model", "conversation", "prompt_sha256", "request"}
    ai = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    created_at = ClockField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind}:{self.identifier}"


class Idempotency(models.Model):
    """A request that was admitted, so that the same one sent again gets the same answer (7 days)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    route = models.CharField(max_length=128)
    key = models.CharField(max_length=128)
    body_sha256 = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "route", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key
