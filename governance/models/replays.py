"""What a draft would have changed: one run over stored documents and past decisions, and a row for each."""

from __future__ import annotations

import uuid

from django.db import models

from governance.models.access import Scope, User
from governance.models.policies import PolicyVersion


class Replay(models.Model):
    """One run. state: queued, running, done, failed or cancelled; `touched_at` tells a dead worker's by age."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="replays")
    content_sha256 = models.CharField(max_length=64)
    # Number of the active version it is held against (it may be the same one), 0 for none.
    against = models.PositiveIntegerField(default=0)
    window_days = models.PositiveIntegerField()
    state = models.CharField(max_length=16, default="queued", db_index=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    took_ms = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.version_id} {self.state}"


class ReplayRow(models.Model):
    """One document. outcome: newly_blocked, newly_passed, still_blocked or still_passed."""

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=16)
    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)
    identifier = models.CharField(max_length=128)
    # The past decision it was taken from; null for what is stored now.
    evaluation = models.UUIDField(null=True)
    event = models.CharField(max_length=32, blank=True)
    messages = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["replay", "number"], name="one_number_per_replay")]
        indexes = [models.Index(fields=["replay", "outcome", "number"])]

    def __str__(self) -> str:
        return f"{self.kind}:{self.identifier} {self.outcome}"
