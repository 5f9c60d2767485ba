"""Who there is, where they stand and what they hold."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import F, Q

from audit.clock_field import ClockField


class User(AbstractUser):
    """A person or a service account. Deactivated, never deleted: the trail names people by this key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_account = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.username

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username


class Scope(models.Model):
    """An account, an organization or a project; grants reach downwards.

    `account` and `organization` repeat the ancestors as columns, so that "everything below" is an
    indexed comparison and never a search by prefix text.
    """

    class Level(models.TextChoices):
        ACCOUNT = "account"
        ORGANIZATION = "organization"
        PROJECT = "project"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    level = models.CharField(max_length=16, choices=Level.choices)
    identifier = models.CharField(max_length=128)
    name = models.CharField(max_length=128)
    description = models.TextField(blank=True)
    path = models.CharField(max_length=400, unique=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    account = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    archived = models.BooleanField(default=False)
    created_at = ClockField(auto_now_add=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path

    @property
    def chain_ids(self) -> list[uuid.UUID]:
        """This scope and its ancestors, nearest first."""
        return [i for i in (self.id, self.organization_id, self.account_id) if i is not None]

    @property
    def chain_paths(self) -> list[str]:
        """Paths of this scope and its ancestors, nearest first: ["a/o/p", "a/o", "a"]."""
        parts = self.path.split("/")
        return ["/".join(parts[:n]) for n in range(len(parts), 0, -1)]

    @property
    def dotted(self) -> str:
        """The path as it stands in a page's address: `halden.freight.tracking`."""
        return self.path.replace("/", ".")


class UserGroup(models.Model):
    """People who are granted, and who approve, together. Membership lives in the linked auth group,
    because object grants speak of auth groups."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="user_groups")
    identifier = models.CharField(max_length=128)
    name = models.CharField(max_length=128)
    description = models.TextField(blank=True)
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="user_group")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "identifier"], name="one_user_group_per_scope")
        ]

    def __str__(self) -> str:
        return self.identifier


class Role(models.Model):
    """A named bundle of permissions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="roles")
    identifier = models.CharField(max_length=128)
    name = models.CharField(max_length=128)
    description = models.TextField(blank=True)
    managed = models.BooleanField(default=False, help_text="Shipped with the product; not editable.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "identifier"], name="one_role_per_scope")]

    def __str__(self) -> str:
        return self.identifier


class RolePermission(models.Model):
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="permissions")
    permission = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "permission"], name="permission_once_per_role")
        ]

    def __str__(self) -> str:
        return self.permission


class RoleBinding(models.Model):
    """One role for one principal at one scope, and everything below it, until it ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identifier = models.CharField(max_length=128)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="role_bindings")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="bindings")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="role_bindings")
    user_group = models.ForeignKey(
        UserGroup, null=True, on_delete=models.PROTECT, related_name="role_bindings"
    )
    ends_at = models.DateTimeField(null=True)
    created_at = ClockField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) ^ Q(user_group__isnull=False),
                name="binding_has_one_principal",
            ),
            models.UniqueConstraint(fields=["scope", "identifier"], name="one_binding_per_scope"),
        ]

    def __str__(self) -> str:
        return self.identifier


class GivenRight(models.Model):
    """One step of what somebody may do, with who made it last; `governance.given_rights` says what a step is."""

    step = models.CharField(max_length=255, primary_key=True)
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = ClockField()

    class Meta:
        indexes = [models.Index(fields=["giver", "at"])]

    def __str__(self) -> str:
        return self.step


class Epoch(models.Model):
    """A counter that every change of what somebody may do, or of what a scope is, moves on.

    A decision remembers the counters it was made under; the commit compares them under lock.
    subject: `user:<uuid>` or `scope:<uuid>`.
    """

    subject = models.CharField(max_length=64, primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.subject}={self.number}"

    @classmethod
    def bump(cls, subjects: list[str]) -> None:
        for subject in sorted(set(subjects)):
            if not cls.objects.filter(subject=subject).update(number=F("number") + 1):
                cls.objects.create(subject=subject, number=1)


class ScopeSetting(models.Model):
    """A setting decided at a scope; inherited below, unless locked there overridable."""

    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="settings")
    name = models.CharField(max_length=64)
    value = models.JSONField()
    locked = models.BooleanField(default=False)
    updated_at = ClockField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "name"], name="one_setting_per_scope")]

    def __str__(self) -> str:
        return f"{self.name}@{self.scope_id}"
