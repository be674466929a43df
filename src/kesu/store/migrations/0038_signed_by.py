"""Whoever has signed finds again what he signed, newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0037_matters_as_streams"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="caseevent",
            index=models.Index(
                condition=models.Q(("kind", "approval.signed")), fields=["actor", "-id"], name="case_event_signed"
            ),
        ),
    ]
