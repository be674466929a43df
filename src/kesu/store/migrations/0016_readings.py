"""Who read personal data is looked up over all cases."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0015_roles_and_absences"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="note",
            index=models.Index(
                condition=models.Q(("visibility__in", ["viewed", "printed"])), fields=["-at"], name="note_readings"
            ),
        ),
    ]
