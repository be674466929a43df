"""A change of a calendar may be for one kind of case (ADR 0122)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0070_mails_have_their_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="calendarchange",
            name="kind",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
    ]
