"""The promises there were become the standard policy; open clocks hang on it."""

from datetime import timedelta

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

HOURS = {"urgent": 1, "general": 24, "consultation": 48}
APPEND_ONLY = """
CREATE FUNCTION sla_policy_versions_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'policy versions are append-only';
END $$;
CREATE TRIGGER sla_policy_versions_append_only BEFORE UPDATE OR DELETE ON sla_policyversion
    FOR EACH ROW EXECUTE FUNCTION sla_policy_versions_only_grow();
"""
UNDO = """
DROP TRIGGER sla_policy_versions_append_only ON sla_policyversion;
DROP FUNCTION sla_policy_versions_only_grow();
"""


def create(apps, schema_editor):
    """The policy with its targets and first version, and the clocks of tickets that were not imported."""
    calendar = apps.get_model("sla", "Calendar").objects.get(code="always")
    policy = apps.get_model("sla", "Policy").objects.create(
        code="standard", name_zh="标准承诺", name_en="Standard promise", position=1000, calendar=calendar
    )
    target = apps.get_model("sla", "Target")
    target.objects.update(policy=policy)
    for tier, hours in HOURS.items():
        target.objects.get_or_create(
            policy=policy, metric="next_response", tier=tier, defaults={"within": timedelta(hours=hours)}
        )
    version = apps.get_model("sla", "PolicyVersion").objects.create(
        policy=policy, number=1, created_at=timezone.now(), data=_snapshot(policy, target)
    )
    newest = apps.get_model("sla", "CalendarVersion").objects.filter(calendar=calendar).order_by("-number")[0]
    clocks = apps.get_model("sla", "Clock").objects.filter(ticket__source="")
    clocks.update(policy_version=version, calendar_version=newest)


def _snapshot(policy, target):
    empty = {"organisation": None, "contract_level": "", "product": None, "category": None, "tier": ""}
    return {
        "conditions": empty,
        "vendor_pauses": False,
        "grace": 900.0,
        "repeats": True,
        "targets": [
            {
                "tier": each.tier,
                "metric": each.metric,
                "within": each.within.total_seconds(),
                "calendar": policy.calendar_id,
            }
            for each in target.objects.order_by("tier", "metric")
        ],
        "steps": [],
    }


class Migration(migrations.Migration):
    dependencies = [("sla", "0005_policies")]
    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
        # What was just written has to be checked before the table may change.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="target",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="targets",
                to="sla.policy",
                verbose_name="policy",
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
