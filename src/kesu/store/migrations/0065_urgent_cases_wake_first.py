"""The urgent lane has an index of its own: among ten thousand cases that are due an urgent one is found at once
(ADR 0113)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0064_calendar_feed"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="casecard",
            index=models.Index(
                condition=models.Q(("urgent", True), ("wake_at__isnull", False)),
                fields=["wake_at"],
                name="card_wake_urgent",
            ),
        ),
    ]
