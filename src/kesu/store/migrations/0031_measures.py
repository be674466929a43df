"""In which measures of its policy each case counts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0030_ledgers"),
    ]

    operations = [
        migrations.CreateModel(
            name="MeasuredCase",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pack", models.CharField(max_length=32)),
                ("kind", models.CharField(max_length=32)),
                ("measure", models.CharField(max_length=48)),
                ("at", models.DateTimeField()),
                ("value", models.DecimalField(decimal_places=9, max_digits=24)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="measured", to="store.case"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["pack", "kind", "measure", "at"], name="measured_case_of_measure"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "measure"), name="measured_case_once"),
                ],
            },
        ),
    ]
