"""Mailboxes of the house, the mails that came into them, and the addresses of a case (ADR 0109)."""

import django.contrib.postgres.fields
import django.db.models.deletion
import kesu.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0060_earlier_messages_are_read"),
    ]

    operations = [
        migrations.CreateModel(
            name="InboundMail",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.CharField(max_length=64)),
                ("message_token", models.CharField(blank=True, max_length=32)),
                ("sender_token", models.CharField(blank=True, max_length=32)),
                ("at", models.DateTimeField()),
                ("kept_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("waiting", "Waiting"),
                            ("opened", "Opened"),
                            ("added", "Added"),
                            ("automatic", "Automatic"),
                            ("bounce", "Bounce"),
                            ("nothing", "Nothing"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=32)),
                (
                    "lacking",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("files", models.PositiveSmallIntegerField(default=0)),
                ("kept_files", models.PositiveSmallIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
                ("key_id", models.CharField(max_length=16)),
                ("head", models.BinaryField()),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="store.case"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mails",
                        to="store.outboxmessage",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InboundMailContent",
            fields=[
                (
                    "mail",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="content",
                        serialize=False,
                        to="store.inboundmail",
                    ),
                ),
                ("key_id", models.CharField(max_length=16)),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("address", models.CharField(max_length=254, unique=True)),
                ("kind", models.CharField(max_length=32)),
                ("reads", models.JSONField(default=dict)),
                ("fixed", models.JSONField(default=dict)),
                ("opens", models.BooleanField(default=False)),
                ("is_open", models.BooleanField(default=True)),
                ("host", models.CharField(blank=True, max_length=200)),
                ("port", models.PositiveIntegerField(default=993)),
                (
                    "security",
                    models.CharField(choices=[("tls", "Tls"), ("starttls", "Starttls")], default="tls", max_length=8),
                ),
                ("login", models.CharField(blank=True, max_length=200)),
                ("folder", models.CharField(default="INBOX", max_length=100)),
                ("key_id", models.CharField(blank=True, max_length=16)),
                ("secret", models.BinaryField(default=b"")),
                ("uid_validity", models.BigIntegerField(null=True)),
                ("last_uid", models.BigIntegerField(default=0)),
                ("connected_at", models.DateTimeField(null=True)),
                ("read_after", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="inboundmail",
            name="mailbox",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="store.mailbox"
            ),
        ),
        migrations.CreateModel(
            name="CaseAddress",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("token", models.CharField(max_length=32)),
                ("sealed", models.BinaryField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="store.case"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["token"], name="case_address_token")],
                "constraints": [models.UniqueConstraint(fields=("case", "token"), name="case_address_once")],
            },
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(fields=["mailbox", "state", "-at"], name="inbound_mail_state"),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(condition=models.Q(("state", "new")), fields=["kept_at"], name="inbound_mail_new"),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(fields=["sender_token", "-at"], name="inbound_mail_sender"),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(
                condition=models.Q(("state__in", ["opened", "added"])),
                fields=["message_token"],
                name="inbound_mail_thread",
            ),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(fields=["case", "-at"], name="inbound_mail_case"),
        ),
        migrations.AddConstraint(
            model_name="inboundmail",
            constraint=models.UniqueConstraint(fields=("mailbox", "key"), name="inbound_mail_once"),
        ),
    ]
