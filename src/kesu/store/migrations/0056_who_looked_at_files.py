"""Files that were taken out or looked at stand among those who read personal data (ADR 0070)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0055_told_beside_the_complainant"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="note", name="note_readings"),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(
                condition=models.Q(("visibility__in", ["viewed", "printed", "taken_out", "looked"])),
                fields=["-at"],
                name="note_read",
            ),
        ),
    ]
