"""Exams that were sat: the paper, one sitting of it, and the mark of every answer."""

from __future__ import annotations

import uuid

from django.db import models

from governance.models.access import Scope, User


class ExamPaper(models.Model):
    """What was asked, as read from a file, with the facts it speaks about. Kept whole, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    world_sha256 = models.CharField(max_length=64)
    content = models.TextField()
    world = models.JSONField(default=dict)
    items = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "world_sha256"], name="one_paper_per_content")
        ]

    def __str__(self) -> str:
        return self.name


class Exam(models.Model):
    """One sitting. state: queued, running, done, failed or cancelled; `touched_at` tells a dead worker's by age.

    scope  the account it was sat for; null when the machine's command line asked
    turn   grows whenever a process takes it up: an earlier one then finds that it is no longer its own
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.ForeignKey(Scope, null=True, on_delete=models.CASCADE, related_name="+")
    paper = models.ForeignKey(ExamPaper, on_delete=models.PROTECT, related_name="exams")
    candidate = models.CharField(max_length=16)
    model = models.CharField(max_length=200, blank=True, db_index=True)
    endpoint = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=16, default="queued", db_index=True)
    turn = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    wrong_drafts = models.PositiveIntegerField(default=0)
    questions = models.PositiveIntegerField(default=0)
    refusals = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    rounds = models.PositiveIntegerField(default=0)
    took_ms = models.PositiveBigIntegerField(default=0)
    median_ms = models.PositiveIntegerField(default=0)
    categories = models.JSONField(default=list)
    requested_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["candidate", "model", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.model or self.candidate} {self.state}"


class ExamMark(models.Model):
    """One answer. given: draft, question, refusal or failure; `why` says what is wrong with it."""

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="marks")
    number = models.PositiveIntegerField()
    item = models.CharField(max_length=128)
    category = models.CharField(max_length=64)
    given = models.CharField(max_length=16)
    right = models.BooleanField()
    why = models.TextField(blank=True)
    rounds = models.PositiveIntegerField(default=1)
    took_ms = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exam", "number"], name="one_mark_per_item")]

    def __str__(self) -> str:
        return f"{self.item} {self.given}"
