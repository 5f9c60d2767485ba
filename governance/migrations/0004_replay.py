"""What a draft would have changed, over what is stored and past decisions."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0003_policy_report'),
    ]

    operations = [
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('content_sha256', models.CharField(max_length=64)),
                ('against', models.PositiveIntegerField(default=0)),
                ('window_days', models.PositiveIntegerField()),
                ('state', models.CharField(db_index=True, default='queued', max_length=16)),
                ('total', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('touched_at', models.DateTimeField(auto_now=True)),
                ('took_ms', models.PositiveIntegerField(default=0)),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replays', to='governance.policyversion')),
            ],
        ),
        migrations.CreateModel(
            name='ReplayRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('outcome', models.CharField(max_length=16)),
                ('kind', models.CharField(max_length=64)),
                ('identifier', models.CharField(max_length=128)),
                ('evaluation', models.UUIDField(null=True)),
                ('event', models.CharField(blank=True, max_length=32)),
                ('messages', models.JSONField(default=list)),
                ('replay', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='governance.replay')),
                ('scope', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='governance.scope')),
            ],
            options={
                'indexes': [models.Index(fields=['replay', 'outcome', 'number'], name='governance__replay__b399d3_idx')],
                'constraints': [models.UniqueConstraint(fields=('replay', 'number'), name='one_number_per_replay')],
            },
        ),
    ]
