"""What makes counted cases each other's precedents stands beside them, so that they are found by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0040_matters_set_aside"),
    ]

    operations = [
        migrations.AddField(
            model_name="measuredcase",
            name="alike",
            field=models.CharField(blank=True, default="", max_length=240),
        ),
        migrations.AddIndex(
            model_name="measuredcase",
            index=models.Index(
                condition=models.Q(("alike", ""), _negated=True),
                fields=["pack", "kind", "measure", "alike", "-at"],
                name="measured_case_alike",
            ),
        ),
    ]
