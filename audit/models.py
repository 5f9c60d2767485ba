"""What is kept of facts: events, the sealed log over them, and executions with their logs.

References to other apps' rows are strings, never foreign keys: a fact outlives what it is about.
"""

from __future__ import annotations

import uuid

from django.db import models

from audit.database_clock import DatabaseNow
from audit.states import ALLOWED

# JSON columns of events hold canonical text (sorted keys, no spaces), so that the bytes that were
# hashed are the bytes that are stored, on every database.
EMPTY_JSON = "{}"


class AuditEvent(models.Model):
    """One fact. Inserted once, in the transaction of its effect; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(help_text="the application's clock")
    recorded_at = models.DateTimeField(db_default=DatabaseNow(), help_text="the database's clock")
    # What pages show, sort and filter by: recorded_at, except for demo data, whose clock is set.
    shown_at = models.DateTimeField(db_default=DatabaseNow())
    clock = models.CharField(max_length=8, default="", blank=True)
    actor_id = models.TextField(default="", blank=True)
    actor_name = models.TextField(default="", blank=True)
    on_behalf_of = models.TextField(default="", blank=True)
    channel = models.TextField()
    action = models.TextField()
    outcome = models.TextField()
    kind = models.TextField()
    resource = models.TextField()
    scope = models.TextField(default="", blank=True)
    # Derived from `scope`, so that "this and everything below" is an equality.
    account = models.TextField(default="", blank=True)
    organization = models.TextField(default="", blank=True)
    project = models.TextField(default="", blank=True)
    ai_generated = models.BooleanField(default=False)
    ai = models.TextField(default=EMPTY_JSON)
    evaluation = models.TextField(default="", blank=True)
    request_id = models.TextField(default="", blank=True)
    ip = models.TextField(default="", blank=True)
    before_digest = models.TextField(default="", blank=True)
    after_digest = models.TextField(default="", blank=True)
    data = models.TextField(default=EMPTY_JSON)
    epochs = models.TextField(default=EMPTY_JSON)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audit_event_clock",
                condition=models.Q(clock="demo") | models.Q(clock="", shown_at=models.F("recorded_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["shown_at", "id"], name="audit_by_time"),
            models.Index(fields=["actor_id", "shown_at", "id"], name="audit_by_actor"),
            models.Index(fields=["actor_id", "action", "shown_at", "id"], name="audit_by_actor_action"),
            models.Index(fields=["actor_name", "shown_at", "id"], name="audit_by_name"),
            models.Index(fields=["action", "shown_at", "id"], name="audit_by_action"),
            models.Index(fields=["kind", "shown_at", "id"], name="audit_by_kind"),
            models.Index(fields=["resource", "shown_at", "id"], name="audit_by_resource"),
            models.Index(
                fields=["account", "organization", "project", "shown_at", "id"], name="audit_by_scope"
            ),
            models.Index(
                fields=["outcome", "shown_at", "id"],
                name="audit_by_refusal",
                condition=~models.Q(outcome="admitted"),
            ),
            models.Index(
                fields=["shown_at", "id"], name="audit_by_ai", condition=models.Q(ai_generated=True)
            ),
            models.Index(
                fields=["evaluation"], name="audit_by_evaluation", condition=~models.Q(evaluation="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.outcome} {self.resource}"


class AuditPending(models.Model):
    """An event that waits for its seal; inserted last in its transaction, deleted by the sealer."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    # For the age of the oldest one, which /readyz and the footer show.
    since = models.DateTimeField(db_default=DatabaseNow())

    def __str__(self) -> str:
        return f"pending {self.event_id}"


class AuditLeaf(models.Model):
    """The place of one event in the log. Never removed, even when its event is pruned."""

    seq = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 … without gaps")
    event_id = models.UUIDField(unique=True)
    leaf = models.BinaryField(max_length=32, help_text="RFC 6962 leaf hash of the canonical event")

    def __str__(self) -> str:
        return f"leaf {self.seq}"


class AuditTile(models.Model):
    """The root of a full block of 256 ** height leaves, so that a proof reads hundreds of rows."""

    id = models.BigAutoField(primary_key=True)
    height = models.PositiveSmallIntegerField()
    position = models.BigIntegerField(help_text="0 for the first block of this height")
    root = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["height", "position"], name="audit_tile_once"),
        ]

    def __str__(self) -> str:
        return f"tile {self.height}/{self.position}"


class Checkpoint(models.Model):
    """A signed statement of the log's size and root, as in the witness file."""

    size = models.BigIntegerField(primary_key=True)
    origin = models.TextField()
    root = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(help_text="the database's clock; also inside the signed text")
    key_id = models.CharField(max_length=8)
    note = models.TextField(help_text="the signed note (C2SP checkpoint), byte for byte")
    # The roots of the full subtrees on the right edge, highest first: enough to append.
    frontier = models.TextField(help_text="hex digests separated by spaces")

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class Execution(models.Model):
    """One run of one pipeline version. The row is the truth; a broker message is a doorbell."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.TextField()
    account = models.TextField(default="", blank=True)
    organization = models.TextField(default="", blank=True)
    project = models.TextField(default="", blank=True)
    pipeline = models.TextField()
    version = models.TextField()
    number = models.BigIntegerField(help_text="1, 2, 3 … within its pipeline")
    state = models.CharField(max_length=16, default="queued")
    reason = models.TextField(default="", blank=True)
    requested_by = models.TextField()
    requested_name = models.TextField()
    channel = models.TextField()
    ai_generated = models.BooleanField(default=False)
    ai = models.JSONField(default=dict)
    evaluation = models.TextField(default="", blank=True)
    plan = models.JSONField(help_text="the admitted, expanded document; the worker runs nothing else")
    plan_digest = models.CharField(max_length=64)
    inputs = models.JSONField(default=dict)
    fence = models.BigIntegerField(default=0, help_text="grows by one with each lease")
    losses = models.IntegerField(default=0, help_text="how often a worker was lost")
    lease_owner = models.TextField(default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    waiting_until = models.DateTimeField(null=True)
    cancel_requested_by = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    queued_at = models.DateTimeField(db_default=DatabaseNow())
    shown_at = models.DateTimeField(db_default=DatabaseNow())
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # The end of each step's log: {"step": {"length", "root", "complete", "note", "fence"}}
    logs = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "pipeline", "number"], name="execution_number_once"),
            models.CheckConstraint(
                name="execution_state_known", condition=models.Q(state__in=sorted(ALLOWED))
            ),
        ]
        indexes = [
            models.Index(fields=["shown_at", "id"], name="execution_by_time"),
            models.Index(
                fields=["account", "organization", "project", "shown_at", "id"], name="execution_by_scope"
            ),
            models.Index(fields=["state", "queued_at"], name="execution_by_state"),
            models.Index(
                fields=["lease_until"],
                name="execution_by_lease",
                condition=models.Q(state__in=["leased", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pipeline} {self.number} {self.state}"


class ExecutionEvent(models.Model):
    """One line of a run's history: what its page tails. Insert-only."""

    id = models.BigAutoField(primary_key=True)
    execution_id = models.UUIDField()
    n = models.BigIntegerField(help_text="1, 2, 3 … within its run")
    at = models.DateTimeField(db_default=DatabaseNow())
    fence = models.BigIntegerField()
    kind = models.TextField()
    step = models.TextField(default="", blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["execution_id", "n"], name="execution_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.n} {self.kind} {self.step}"


class StepRun(models.Model):
    """The state of one step of a run; every write carries the fence of its lease."""

    id = models.BigAutoField(primary_key=True)
    execution_id = models.UUIDField()
    path = models.TextField(help_text="where the step stands in the plan")
    position = models.IntegerField(help_text="order of first appearance")
    parent = models.TextField(default="", blank=True)
    name = models.TextField(default="", blank=True)
    kind = models.TextField(default="", blank=True, help_text="the step's type: Run, HarnessApproval …")
    status = models.CharField(max_length=16)
    repeatable = models.CharField(max_length=4, default="no", help_text="yes, no or key")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fence = models.BigIntegerField()
    data = models.JSONField(default=dict)
    waits_for = models.JSONField(default=dict)
    decisions = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["execution_id", "path"], name="step_run_once"),
        ]
        indexes = [
            models.Index(
                fields=["execution_id"], name="step_run_waiting", condition=models.Q(status="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.status}"


class LogChunk(models.Model):
    """One piece of a step's log. Rows are the truth: bytes beyond the last row do not exist."""

    id = models.BigAutoField(primary_key=True)
    execution_id = models.UUIDField()
    step = models.TextField()
    fence = models.BigIntegerField()
    n = models.BigIntegerField(help_text="0, 1, 2 … within run, step and fence")
    stream = models.CharField(max_length=8)
    offset = models.BigIntegerField()
    length = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["execution_id", "step", "fence", "n"], name="log_chunk_once"),
        ]
        indexes = [
            models.Index(fields=["execution_id", "step", "fence", "offset"], name="log_chunk_by_offset"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.offset}+{self.length}"
