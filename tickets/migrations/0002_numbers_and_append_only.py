"""Numbers people type begin at LD-10001, and history can only grow."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION tickets_history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ticket history is append-only';
END $$;
CREATE TRIGGER tickets_history_append_only BEFORE UPDATE OR DELETE ON tickets_historyentry
    FOR EACH ROW EXECUTE FUNCTION tickets_history_is_append_only();
"""
UNDO = """
DROP TRIGGER tickets_history_append_only ON tickets_historyentry;
DROP FUNCTION tickets_history_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE tickets_ticket ALTER COLUMN id RESTART WITH 10001", migrations.RunSQL.noop
        ),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
