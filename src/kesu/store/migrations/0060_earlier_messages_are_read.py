"""Whoever has had mail until now is not told of all of it once more on his pages (ADR 0108)."""

from django.db import migrations

_READ = "UPDATE store_outboxmessage SET seen_at = created_at WHERE seen_at IS NULL AND template <> 'copy'"


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0059_messages_for_anybody"),
    ]

    operations = [
        migrations.RunSQL(_READ, migrations.RunSQL.noop),
    ]
