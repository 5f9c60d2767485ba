"""What the checks found about a version of a policy."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_bundle_content_heartbeat")]

    operations = [
        migrations.CreateModel(
            name="PolicyReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("basis", models.CharField(max_length=64)),
                ("body", models.JSONField(default=dict)),
                ("took_ms", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField(auto_now=True)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="report",
                        to="governance.policyversion",
                    ),
                ),
            ],
        ),
    ]
