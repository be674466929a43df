"""How many signatures wait for him stands on every page that anybody of the house opens; a list shows what is open on
each of its cases, however much is open in the house."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0010_cards_by_change")]

    operations = [
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(
                fields=["id"], name="obligation_to_sign", condition=models.Q(is_open=True) & ~models.Q(approval="")
            ),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["case"], name="obligation_open_of_case", condition=models.Q(is_open=True)),
        ),
    ]
