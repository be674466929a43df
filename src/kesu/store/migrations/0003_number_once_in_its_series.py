"""Each root counts its own cases: the same printed number may stand in two of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0002_walls_and_cache")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="number",
            field=models.CharField(db_index=True, max_length=32),
        ),
    ]
