"""The same policy may be signed by others where it is adopted again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0019_signing_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="adoption",
            name="signatures",
            field=models.JSONField(default=list),
        ),
    ]
