"""How everything stored stands before the policies in force, and the sweeps that found it out."""

from __future__ import annotations

import uuid

from django.db import models

from governance.models.access import Scope


class Sweep(models.Model):
    """One look at everything stored. state: running, done or failed; counts are of documents."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.CharField(max_length=64)
    state = models.CharField(max_length=16, default="running")
    total = models.PositiveIntegerField(default=0)
    blocked = models.PositiveIntegerField(default=0)
    newly_blocked = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    took_ms = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.revision[:12]} {self.state}"


class Standing(models.Model):
    """What the gate would say today if this object were saved as it is. status: pass, warning or error."""

    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)
    identifier = models.CharField(max_length=128)
    status = models.CharField(max_length=16)
    # [{"policy", "policy_scope", "set", "severity", "message", "path"}], the first few
    violations = models.JSONField(default=list)
    revision = models.CharField(max_length=64)
    at = models.DateTimeField()
    # Since when it would be blocked; null while it would not.
    blocked_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "kind", "identifier"], name="one_standing_per_object")
        ]
        indexes = [models.Index(fields=["kind", "status"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.identifier}: {self.status}"
