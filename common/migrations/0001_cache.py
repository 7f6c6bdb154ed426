"""The table of the database cache, in which rate limits are counted."""

from django.db import migrations

CREATE = """
CREATE TABLE common_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX common_cache_expires ON common_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(CREATE, "DROP TABLE common_cache")]
