"""The words of adopted policies in other languages stand beside them."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import kesu.core.ids


class Migration(migrations.Migration):
    dependencies = [("store", "0011_open_obligations")]

    operations = [
        migrations.CreateModel(
            name="PolicyText",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("language", models.CharField(max_length=10)),
                ("words", models.JSONField()),
                (
                    "policy_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="store.policyversion",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="policytext",
            constraint=models.UniqueConstraint(
                fields=("policy_version", "language"), name="policy_text_once_a_language"
            ),
        ),
    ]
