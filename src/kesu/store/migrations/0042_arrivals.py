"""Programs outside the house that hand in reports and calls, and the line of somebody's telephone."""

import django.contrib.postgres.fields
import django.db.models.deletion
import kesu.core.ids
from django.conf import settings
from django.db import migrations, models


# Whoever may change what roles may do may also say which programs hand in reports.
_GRANT = """
INSERT INTO store_rolegrant (role, permission)
SELECT role, 'house:source:edit' FROM store_rolegrant WHERE permission = 'house:right:edit'
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0041_precedents"),
    ]

    operations = [
        migrations.CreateModel(
            name="InboundDelivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("is_new", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=48)),
                (
                    "lacking",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InboundSource",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("delivers", models.CharField(choices=[("reports", "Reports"), ("calls", "Calls")], max_length=8)),
                ("kind", models.CharField(blank=True, max_length=32)),
                (
                    "facts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=48), default=list, size=None
                    ),
                ),
                ("fixed", models.JSONField(default=dict)),
                ("number_fact", models.CharField(blank=True, max_length=48)),
                ("gives_link", models.BooleanField(default=False)),
                ("is_open", models.BooleanField(default=True)),
                ("key_id", models.CharField(max_length=16)),
                ("secret", models.BinaryField()),
                ("secret_since", models.DateTimeField()),
                ("bad_count", models.PositiveIntegerField(default=0)),
                ("bad_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RingingCall",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("call", models.CharField(max_length=100)),
                ("line", models.CharField(max_length=24)),
                ("key_id", models.CharField(max_length=16)),
                ("phone", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("over_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="account",
            name="line",
            field=models.CharField(blank=True, db_default="", default="", help_text="of his telephone", max_length=24),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                condition=models.Q(("line", ""), _negated=True), fields=("line",), name="account_line_once"
            ),
        ),
        migrations.AddField(
            model_name="inbounddelivery",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.case"
            ),
        ),
        migrations.AddField(
            model_name="inboundsource",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
        ),
        migrations.AddField(
            model_name="inbounddelivery",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="store.inboundsource"
            ),
        ),
        migrations.AddField(
            model_name="ringingcall",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="ringingcall",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.inboundsource"
            ),
        ),
        migrations.AddIndex(
            model_name="inbounddelivery",
            index=models.Index(fields=["source", "-at"], name="inbound_source_at"),
        ),
        migrations.AddConstraint(
            model_name="inbounddelivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reason", "")), fields=("source", "key"), name="inbound_key_once"
            ),
        ),
        migrations.AddIndex(
            model_name="ringingcall",
            index=models.Index(fields=["account", "-at"], name="ringing_account_at"),
        ),
        migrations.AddIndex(
            model_name="ringingcall",
            index=models.Index(fields=["at"], name="ringing_at"),
        ),
        migrations.AddConstraint(
            model_name="ringingcall",
            constraint=models.UniqueConstraint(fields=("source", "call"), name="ringing_call_once"),
        ),
        migrations.RunSQL(_GRANT, migrations.RunSQL.noop),
    ]
