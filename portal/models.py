"""The portal's own state: conversations, API tokens and saved filters. Nothing governed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Conversation(models.Model):
    """One chat of one person with the assistant, about one thing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conversations")
    scope = models.ForeignKey("governance.Scope", on_delete=models.PROTECT, related_name="+")
    # "pipeline" or "policy", and the identifier it speaks of when there is one.
    about = models.CharField(max_length=64)
    identifier = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.about}:{self.identifier}"


class Turn(models.Model):
    """One thing said in a conversation, by the person or by the assistant, as plain text."""

    class Speaker(models.TextChoices):
        PERSON = "person"
        ASSISTANT = "assistant"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveIntegerField()
    speaker = models.CharField(max_length=16, choices=Speaker.choices)
    text = models.TextField()
    # What the turn led to: proposal id, planner or model, tool calls, time, error.
    data = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["conversation", "number"], name="one_turn_per_number")]

    def __str__(self) -> str:
        return self.text[:40]


class ApiToken(models.Model):
    """A key for the API. Only HMAC(pepper, secret) is kept; the secret is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=128)
    # The first characters of the secret, so that people can tell their tokens apart.
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"


class SavedFilter(models.Model):
    """A list's filter that a person keeps under a name; the query string is the filter."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=64)
    name = models.CharField(max_length=128)
    query = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="one_filter_per_name")]

    def __str__(self) -> str:
        return self.name
