"""Mails that became no case are kept for a time that their mailbox says; whether a message arrived is asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0069_policy_words_in_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="inboundmail",
            name="cleared_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="keeps_days",
            field=models.PositiveSmallIntegerField(db_default=30, default=30),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="arrived_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="ask_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(
                condition=models.Q(("cleared_at__isnull", True), ("state__in", ["automatic", "bounce", "nothing"])),
                fields=["mailbox", "settled_at"],
                name="inbound_mail_no_case",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("ask_at__isnull", False)), fields=["ask_at", "id"], name="outbox_ask"
            ),
        ),
    ]
