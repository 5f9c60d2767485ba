"""What a bundle says apart from its serial, and when the keeper was last alive."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_tables")]

    operations = [
        migrations.AddField(
            model_name="bundle",
            name="content_sha256",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("trouble", models.TextField(blank=True)),
            ],
        ),
    ]
