"""Messages to customers, representatives, outsiders and work chats; channels, addresses and results kept with the case;
how people want to be told (ADR 0106, 0107)."""

import django.contrib.postgres.fields
import django.db.models.deletion
import kesu.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0057_calendars_go_over"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChatPlace",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("channel", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=64)),
                ("key_id", models.CharField(max_length=16)),
                ("sealed", models.BinaryField()),
                ("set_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="notice_choice",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None
                    ),
                ),
                ("addresses", models.JSONField(default=dict)),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                ("zone", models.CharField(blank=True, default="", max_length=40)),
                ("digest_at", models.TimeField(null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="outboxmessage",
            name="outbox_account",
        ),
        migrations.AddField(
            model_name="caseguest",
            name="address",
            field=models.BinaryField(db_default=b"", default=bytes),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="address",
            field=models.BinaryField(db_default=b"", default=bytes),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="called",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="guest",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.caseguest"
            ),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="instead_of",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="store.outboxmessage"
            ),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="masked",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="note",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.note"
            ),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="recipient",
            field=models.CharField(db_default="account", default="account", max_length=16),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="sealed",
            field=models.BinaryField(db_default=b"", default=bytes),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="settled_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="settled_why",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AlterField(
            model_name="outboxmessage",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="outboxmessage",
            name="channel",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AddField(
            model_name="chatplace",
            name="set_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="chatplace",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="place",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.chatplace"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(fields=["account", "-id"], name="outbox_notice"),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("seen_at__isnull", True)), fields=["account", "-id"], name="outbox_unread"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(
                    ("state", "failed"),
                    models.Q(("error__in", ["no_address", "by_hand"]), ("state", "held")),
                    _connector="OR",
                ),
                fields=["case", "-id"],
                name="outbox_undelivered",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", False), ("recipient", "account")),
                    models.Q(("account__isnull", True), ("case__isnull", False), ("recipient", "customer")),
                    models.Q(
                        ("account__isnull", True),
                        ("guest__isnull", False),
                        ("recipient__in", ["representative", "guest"]),
                    ),
                    models.Q(("account__isnull", True), ("place__isnull", False), ("recipient", "robot")),
                    _connector="OR",
                ),
                name="outbox_recipient",
            ),
        ),
        migrations.AddIndex(
            model_name="chatplace",
            index=models.Index(condition=models.Q(("removed_at__isnull", True)), fields=["unit"], name="chat_place"),
        ),
    ]
