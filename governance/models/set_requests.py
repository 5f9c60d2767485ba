"""A change that makes a policy set bind less, asked for by one person and waiting for another."""

from __future__ import annotations

import uuid

from django.db import models

from audit.clock_field import ClockField
from governance.models.access import Scope, User


class SetRequest(models.Model):
    """verb and fields are those of the change; number is the set's when it was asked for."""

    class State(models.TextChoices):
        ASKED = "asked"
        CONFIRMED = "confirmed"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    identifier = models.CharField(max_length=128)
    verb = models.CharField(max_length=16)
    fields = models.JSONField(default=dict)
    number = models.PositiveIntegerField()
    weakens = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = ClockField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["scope", "identifier", "state"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.identifier}"
