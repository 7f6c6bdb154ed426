"""The promises every desk begins with: 1, 24 and 48 hours to the first response."""

from datetime import timedelta

from django.db import migrations

from sla.base import HOURS


def create(apps, schema_editor):
    target = apps.get_model("sla", "Target")
    for metric, tiers in HOURS.items():
        for tier, hours in tiers.items():
            target.objects.get_or_create(
                metric=metric, tier=tier, defaults={"within": timedelta(hours=hours)}
            )


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
