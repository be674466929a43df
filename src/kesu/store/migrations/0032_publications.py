"""What cases show to the public, to the customers of a place, or to the staff."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0031_measures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=32)),
                ("rule", models.CharField(max_length=48)),
                ("audience", models.CharField(max_length=16)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("facts", models.JSONField(default=dict)),
                ("posted_at", models.DateTimeField()),
                ("shown_at", models.DateTimeField()),
                ("versions", models.PositiveIntegerField(default=1)),
                ("until", models.DateTimeField(null=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("is_up", models.BooleanField(default=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="publications", to="store.case"
                    ),
                ),
                (
                    "policy_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.policyversion"
                    ),
                ),
                (
                    "publisher",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_up", True)), fields=["-shown_at", "-id"], name="publication_newest"
                    ),
                    models.Index(
                        condition=models.Q(("is_up", True)),
                        fields=["audience", "-shown_at", "-id"],
                        name="publication_for",
                    ),
                    models.Index(
                        condition=models.Q(("is_up", True)),
                        fields=["publisher", "-shown_at", "-id"],
                        name="publication_of",
                    ),
                    models.Index(
                        condition=models.Q(("is_up", True)), fields=["unit", "-shown_at", "-id"], name="publication_at"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("case", "rule"), name="publication_once")],
            },
        ),
    ]
