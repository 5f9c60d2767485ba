from django.db import migrations, models


def as_their_policies(apps, schema_editor):
    """Versions there are were called what their policy is called."""
    versions = apps.get_model("governance", "PolicyVersion")
    policies = apps.get_model("governance", "Policy").objects.filter(pk=models.OuterRef("policy"))
    versions.objects.update(
        name=models.Subquery(policies.values("name")[:1]),
        description=models.Subquery(policies.values("description")[:1]),
    )


class Migration(migrations.Migration):
    dependencies = [("governance", "0009_policy_origin")]

    operations = [
        migrations.AddField(
            model_name="policyversion",
            name="name",
            field=models.CharField(blank=True, default="", max_length=128),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="policyversion",
            name="description",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(as_their_policies, migrations.RunPython.noop),
    ]
