"""A matter is called what somebody called it, and its cases stand in the order in which lists show them.

Until now every matter carried the title of its first case, which nobody wrote there and nobody read."""

from django.db import migrations, models

_FILL = """
UPDATE store_mattermember SET received_at = store_case.received_at
FROM store_case WHERE store_case.id = store_mattermember.case_id;
UPDATE store_matter SET title = '' WHERE title <> '';
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0048_credentials_and_registers")]

    operations = [
        migrations.AddField("mattermember", "received_at", models.DateTimeField(null=True)),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AlterField("mattermember", "received_at", models.DateTimeField()),
        migrations.AlterField("matter", "title", models.CharField(blank=True, max_length=120)),
        migrations.AddIndex("mattermember", models.Index(fields=["received_at", "case"], name="matter_member_newest")),
        migrations.AddIndex(
            "mattermember", models.Index(fields=["matter", "received_at", "case"], name="matter_member_order")
        ),
    ]
