"""The promises every desk begins with; an admin changes them later."""

from datetime import timedelta

from django.apps import apps

HOURS = {
    "first_response": {"urgent": 1, "general": 24, "consultation": 48},
    "resolution": {"urgent": 8, "general": 72, "consultation": 120},
}


def load_targets() -> None:
    """Create the targets that are missing; leave what an admin has changed as it is."""
    target = apps.get_model("sla", "Target")
    for metric, tiers in HOURS.items():
        for tier, hours in tiers.items():
            target.objects.get_or_create(
                metric=metric, tier=tier, defaults={"within": timedelta(hours=hours)}
            )
