"""A room that was written by mistake can be removed; what was changed of it stays on record."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0023_unit_codes")]

    operations = [
        migrations.AlterField(
            model_name="roomchange",
            name="room",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="changes",
                to="store.room",
            ),
        ),
    ]
