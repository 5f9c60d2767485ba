"""The tables of the audit app."""

import audit.database_clock
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditLeaf',
            fields=[
                ('seq', models.BigIntegerField(help_text='1, 2, 3 … without gaps', primary_key=True, serialize=False)),
                ('event_id', models.UUIDField(unique=True)),
                ('leaf', models.BinaryField(help_text='RFC 6962 leaf hash of the canonical event', max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='AuditPending',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('event_id', models.UUIDField(unique=True)),
                ('since', models.DateTimeField(db_default=audit.database_clock.DatabaseNow())),
            ],
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('origin', models.TextField()),
                ('root', models.BinaryField(max_length=32)),
                ('sealed_at', models.DateTimeField(help_text="the database's clock; also inside the signed text")),
                ('key_id', models.CharField(max_length=8)),
                ('note', models.TextField(help_text='the signed note (C2SP checkpoint), byte for byte')),
                ('frontier', models.TextField(help_text='hex digests separated by spaces')),
            ],
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(help_text="the application's clock")),
                ('recorded_at', models.DateTimeField(db_default=audit.database_clock.DatabaseNow(), help_text="the database's clock")),
                ('shown_at', models.DateTimeField(db_default=audit.database_clock.DatabaseNow())),
                ('clock', models.CharField(blank=True, default='', max_length=8)),
                ('actor_id', models.TextField(blank=True, default='')),
                ('actor_name', models.TextField(blank=True, default='')),
                ('on_behalf_of', models.TextField(blank=True, default='')),
                ('channel', models.TextField()),
                ('action', models.TextField()),
                ('outcome', models.TextField()),
                ('kind', models.TextField()),
                ('resource', models.TextField()),
                ('scope', models.TextField(blank=True, default='')),
                ('account', models.TextField(blank=True, default='')),
                ('organization', models.TextField(blank=True, default='')),
                ('project', models.TextField(blank=True, default='')),
                ('ai_generated', models.BooleanField(default=False)),
                ('ai', models.TextField(default='{}')),
                ('evaluation', models.TextField(blank=True, default='')),
                ('request_id', models.TextField(blank=True, default='')),
                ('ip', models.TextField(blank=True, default='')),
                ('before_digest', models.TextField(blank=True, default='')),
                ('after_digest', models.TextField(blank=True, default='')),
                ('data', models.TextField(default='{}')),
                ('epochs', models.TextField(default='{}')),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['shown_at', 'id'], name='audit_by_time'), models.Index(fields=['actor_id', 'shown_at', 'id'], name='audit_by_actor'), models.Index(fields=['actor_id', 'action', 'shown_at', 'id'], name='audit_by_actor_action'), models.Index(fields=['actor_name', 'shown_at', 'id'], name='audit_by_name'), models.Index(fields=['action', 'shown_at', 'id'], name='audit_by_action'), models.Index(fields=['kind', 'shown_at', 'id'], name='audit_by_kind'), models.Index(fields=['resource', 'shown_at', 'id'], name='audit_by_resource'), models.Index(fields=['account', 'organization', 'project', 'shown_at', 'id'], name='audit_by_scope'), models.Index(condition=models.Q(('outcome', 'admitted'), _negated=True), fields=['outcome', 'shown_at', 'id'], name='audit_by_refusal'), models.Index(condition=models.Q(('ai_generated', True)), fields=['shown_at', 'id'], name='audit_by_ai'), models.Index(condition=models.Q(('evaluation', ''), _negated=True), fields=['evaluation'], name='audit_by_evaluation')],
                'constraints': [models.CheckConstraint(condition=models.Q(('clock', 'demo'), models.Q(('clock', ''), ('shown_at', models.F('recorded_at'))), _connector='OR'), name='audit_event_clock')],
            },
        ),
        migrations.CreateModel(
            name='AuditTile',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('height', models.PositiveSmallIntegerField()),
                ('position', models.BigIntegerField(help_text='0 for the first block of this height')),
                ('root', models.BinaryField(max_length=32)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('height', 'position'), name='audit_tile_once')],
            },
        ),
        migrations.CreateModel(
            name='Execution',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope', models.TextField()),
                ('account', models.TextField(blank=True, default='')),
                ('organization', models.TextField(blank=True, default='')),
                ('project', models.TextField(blank=True, default='')),
                ('pipeline', models.TextField()),
                ('version', models.TextField()),
                ('number', models.BigIntegerField(help_text='1, 2, 3 … within its pipeline')),
                ('state', models.CharField(default='queued', max_length=16)),
                ('reason', models.TextField(blank=True, default='')),
                ('requested_by', models.TextField()),
                ('requested_name', models.TextField()),
                ('channel', models.TextField()),
                ('ai_generated', models.BooleanField(default=False)),
                ('ai', models.JSONField(default=dict)),
                ('evaluation', models.TextField(blank=True, default='')),
                ('plan', models.JSONField(help_text='the admitted, expanded document; the worker runs nothing else')),
                ('plan_digest', models.CharField(max_length=64)),
                ('inputs', models.JSONField(default=dict)),
                ('fence', models.BigIntegerField(default=0, help_text='grows by one with each lease')),
                ('losses', models.IntegerField(default=0, help_text='how often a worker was lost')),
                ('lease_owner', models.TextField(blank=True, default='')),
                ('lease_until', models.DateTimeField(null=True)),
                ('waiting_until', models.DateTimeField(null=True)),
                ('cancel_requested_by', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField(db_default=audit.database_clock.DatabaseNow())),
                ('queued_at', models.DateTimeField(db_default=audit.database_clock.DatabaseNow())),
                ('shown_at', models.DateTimeField(db_default=audit.database_clock.DatabaseNow())),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('logs', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['shown_at', 'id'], name='execution_by_time'), models.Index(fields=['account', 'organization', 'project', 'shown_at', 'id'], name='execution_by_scope'), models.Index(fields=['state', 'queued_at'], name='execution_by_state'), models.Index(condition=models.Q(('state__in', ['leased', 'running'])), fields=['lease_until'], name='execution_by_lease')],
                'constraints': [models.UniqueConstraint(fields=('scope', 'pipeline', 'number'), name='execution_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ['cancelled', 'expired', 'failed', 'leased', 'needs_decision', 'queued', 'running', 'succeeded', 'waiting'])), name='execution_state_known')],
            },
        ),
        migrations.CreateModel(
            name='ExecutionEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('execution_id', models.UUIDField()),
                ('n', models.BigIntegerField(help_text='1, 2, 3 … within its run')),
                ('at', models.DateTimeField(db_default=audit.database_clock.DatabaseNow())),
                ('fence', models.BigIntegerField()),
                ('kind', models.TextField()),
                ('step', models.TextField(blank=True, default='')),
                ('data', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('execution_id', 'n'), name='execution_event_once')],
            },
        ),
        migrations.CreateModel(
            name='LogChunk',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('execution_id', models.UUIDField()),
                ('step', models.TextField()),
                ('fence', models.BigIntegerField()),
                ('n', models.BigIntegerField(help_text='0, 1, 2 … within run, step and fence')),
                ('stream', models.CharField(max_length=8)),
                ('offset', models.BigIntegerField()),
                ('length', models.IntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_default=audit.database_clock.DatabaseNow())),
            ],
            options={
                'indexes': [models.Index(fields=['execution_id', 'step', 'fence', 'offset'], name='log_chunk_by_offset')],
                'constraints': [models.UniqueConstraint(fields=('execution_id', 'step', 'fence', 'n'), name='log_chunk_once')],
            },
        ),
        migrations.CreateModel(
            name='StepRun',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('execution_id', models.UUIDField()),
                ('path', models.TextField(help_text='where the step stands in the plan')),
                ('position', models.IntegerField(help_text='order of first appearance')),
                ('parent', models.TextField(blank=True, default='')),
                ('name', models.TextField(blank=True, default='')),
                ('kind', models.TextField(blank=True, default='', help_text="the step's type: Run, HarnessApproval …")),
                ('status', models.CharField(max_length=16)),
                ('repeatable', models.CharField(default='no', help_text='yes, no or key', max_length=4)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('fence', models.BigIntegerField()),
                ('data', models.JSONField(default=dict)),
                ('waits_for', models.JSONField(default=dict)),
                ('decisions', models.JSONField(default=list)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'waiting')), fields=['execution_id'], name='step_run_waiting')],
                'constraints': [models.UniqueConstraint(fields=('execution_id', 'path'), name='step_run_once')],
            },
        ),
    ]
