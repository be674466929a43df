"""Who said that words tell of progress only, and which outside parties carry words to the customer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0034_wide_measures"),
    ]

    operations = [
        migrations.AddField(
            model_name="caseguest",
            name="for_customer",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="note",
            name="is_interim",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
