"""Policies, their versions and approvals, and the sets that bind them to a kind and an event."""

from __future__ import annotations

import uuid

from django.db import models

from audit.clock_field import ClockField
from governance.grants import GroupGrant, UserGrant
from governance.models.access import Scope, User


class Policy(models.Model):
    """One rule under one name; what it says is in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="policies")
    identifier = models.CharField(max_length=128)
    name = models.CharField(max_length=128)
    description = models.TextField(blank=True)
    tags = models.JSONField(default=dict)
    # The kind of document it speaks about ("pipeline", "service", …): what sets of it may bind.
    entity = models.CharField(max_length=64, default="pipeline")
    ai_generated = models.BooleanField(default=False)
    retired = models.BooleanField(default=False)
    created_at = ClockField(auto_now_add=True)
    updated_at = ClockField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "identifier"], name="one_policy_per_scope")]
        permissions = [("edit_policy", "Can edit this policy"), ("approve_policy", "Can approve this policy")]

    def __str__(self) -> str:
        return self.identifier


class PolicyVersion(models.Model):
    """What a policy says at one time. Its content never changes; its state does."""

    class State(models.TextChoices):
        DRAFT = "draft"
        IN_REVIEW = "in_review"
        APPROVED = "approved"
        ACTIVE = "active"
        RETIRED = "retired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    # What the policy is called once this version is in force; "" of versions older than this field.
    name = models.CharField(max_length=128, blank=True)
    description = models.TextField(blank=True)
    rego = models.TextField()
    # The typed Rule it was compiled from, empty when a person wrote the Rego.
    rule = models.JSONField(default=dict)
    # The sentence somebody typed, verbatim, and how it was read.
    request = models.TextField(blank=True)
    reading = models.JSONField(default=list)
    cases = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    # What it was adopted from: {"starter": identifier, "digest": of the text as shipped}; {} for our own.
    origin = models.JSONField(default=dict)
    content_sha256 = models.CharField(max_length=64, db_index=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # Everyone who wrote, edited or prompted this content: none of them may approve it.
    touched_by = models.JSONField(default=list)
    ai = models.JSONField(default=dict)
    created_at = ClockField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="one_number_per_policy"),
            models.UniqueConstraint(
                fields=["policy"], condition=models.Q(state="active"), name="one_active_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id}@{self.number}"


class PolicyApproval(models.Model):
    """A person's yes to exactly these bytes; any change of content makes it void by not matching."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="approvals")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    content_sha256 = models.CharField(max_length=64)
    comment = models.TextField(blank=True)
    withdrawn = models.BooleanField(default=False)
    at = ClockField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.version_id} by {self.user_id}"


class PolicyReport(models.Model):
    """What the checks found about a version. Made again when `basis` (what was checked, and what else is
    in force) no longer is what it was made from, so a row is never wrong, only old."""

    version = models.OneToOneField(PolicyVersion, on_delete=models.CASCADE, related_name="report")
    basis = models.CharField(max_length=64)
    body = models.JSONField(default=dict)
    took_ms = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.version_id} {self.basis[:12]}"


class PolicyComment(models.Model):
    """A remark on a version, on one line of it when `line` is above 0."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="comments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    line = models.PositiveIntegerField(default=0)
    text = models.TextField()
    at = ClockField(auto_now_add=True)

    def __str__(self) -> str:
        return self.text[:40]


class PolicyUserGrant(UserGrant):
    content_object = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="user_grants")


class PolicyGroupGrant(GroupGrant):
    content_object = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="group_grants")


class PolicySet(models.Model):
    """Binds policies to one kind of document and one event at a scope and everything below it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="policy_sets")
    identifier = models.CharField(max_length=128)
    name = models.CharField(max_length=128)
    description = models.TextField(blank=True)
    entity = models.CharField(max_length=64)
    event = models.CharField(max_length=32)
    enabled = models.BooleanField(default=True)
    # off, shadow (recorded, unseen by people), warn (errors become warnings), enforce
    mode = models.CharField(max_length=16, default="enforce")
    ramp = models.JSONField(default=list)
    selector = models.JSONField(default=dict)
    number = models.PositiveIntegerField(default=1)
    created_at = ClockField(auto_now_add=True)
    updated_at = ClockField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "identifier"], name="one_policy_set_per_scope")
        ]

    def __str__(self) -> str:
        return self.identifier


class PolicySetMember(models.Model):
    class Severity(models.TextChoices):
        ERROR = "error"
        WARNING = "warning"

    policy_set = models.ForeignKey(PolicySet, on_delete=models.CASCADE, related_name="members")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="memberships")
    severity = models.CharField(max_length=16, choices=Severity.choices, default=Severity.ERROR)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy_set", "policy"], name="policy_once_per_set")]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.severity}"
