"""The Celery application and its beat schedule.

Celery carries no deadline: what must happen when stands in Postgres, the beat only makes workers look.
"""

import os

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("ledgerdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A job's log lines carry the id of the request that asked for it.
app.steps["worker"].add(DjangoStructLogInitStep)

# Seconds between two looks. Every task is safe to run twice and on two workers at once.
app.conf.beat_schedule = {
    "sla-sweep": {"task": "sla.tasks.sweep", "schedule": 2.0, "options": {"expires": 30}},
    "sla-recalculate": {"task": "sla.tasks.recalculate", "schedule": 3.0, "options": {"expires": 30}},
    "deliver-pending": {
        "task": "notifications.tasks.deliver_pending",
        "schedule": 5.0,
        "options": {"expires": 30},
    },
    "tell-systems": {"task": "notifications.tasks.tell_systems", "schedule": 5.0, "options": {"expires": 30}},
    "send-digests": {
        "task": "notifications.tasks.send_digests",
        "schedule": 60.0,
        "options": {"expires": 120},
    },
    "send-due-surveys": {"task": "surveys.tasks.send_due", "schedule": 5.0, "options": {"expires": 30}},
    "let-replies-leave": {
        "task": "tickets.tasks.let_replies_leave",
        "schedule": 2.0,
        "options": {"expires": 30},
    },
    "close-confirmed-by-silence": {
        "task": "tickets.tasks.close_silent",
        "schedule": 60.0,
        "options": {"expires": 300},
    },
    "assign-waiting": {
        "task": "tickets.tasks.assign_waiting",
        "schedule": 60.0,
        "options": {"expires": 120},
    },
    "drop-unclaimed-uploads": {
        "task": "tickets.tasks.drop_unclaimed_uploads",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "drop-old-drafts": {
        "task": "tickets.tasks.drop_old_drafts",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
    "look-ahead": {"task": "catalog.tasks.look_ahead", "schedule": 6 * 3600.0, "options": {"expires": 3600}},
    "drop-old-answers": {
        "task": "api.tasks.drop_old_answers",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
