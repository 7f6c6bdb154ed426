from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]

    operations = [
        # An answer in the old form could only be given again in another order; it is kept for a day anyway.
        migrations.RunSQL("DELETE FROM api_idempotentanswer", migrations.RunSQL.noop),
        migrations.RemoveField("idempotentanswer", "body"),
        migrations.AddField("idempotentanswer", "body", models.TextField(blank=True, default="")),
        migrations.AlterField("idempotentanswer", "body", models.TextField(blank=True)),
    ]
