"""An exception that somebody asked for, somebody else granted, and that ends by itself."""

from __future__ import annotations

import uuid

from django.db import models

from audit.clock_field import ClockField
from governance.models.access import Scope, User
from governance.models.policies import Policy


class Exemption(models.Model):
    """For one policy as it read then, one object, and the part of it at `path` as it stood then."""

    class State(models.TextChoices):
        ASKED = "asked"
        GRANTED = "granted"
        REFUSED = "refused"
        REVOKED = "revoked"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="exemptions")
    identifier = models.CharField(max_length=128)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="exemptions")
    # Of the version's content: another text is another rule.
    rule_sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    target = models.CharField(max_length=128)
    # Where policies see the fragment ("" = the whole document), and what stood there.
    path = models.CharField(max_length=500, blank=True)
    fragment_sha256 = models.CharField(max_length=64)
    message = models.TextField(blank=True)
    reason = models.TextField()
    until = models.DateField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.ASKED)
    evaluation = models.UUIDField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)
    created_at = ClockField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "identifier"], name="one_exemption_per_scope")
        ]
        indexes = [models.Index(fields=["scope", "kind", "target", "state"])]

    def __str__(self) -> str:
        return self.identifier
