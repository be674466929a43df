"""Approvals as their authors and those who are copied see them, and the phrases that signers keep."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0042_arrivals"),
    ]

    operations = [
        migrations.CreateModel(
            name="Phrase",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="SubmittedApproval",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("approval", models.CharField(max_length=48)),
                ("round", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("opened_at", models.DateTimeField()),
                ("status", models.CharField(max_length=16)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(condition=models.Q(("template", "copy")), fields=["account", "-id"], name="outbox_copy"),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("seen_at__isnull", True), ("template", "copy")),
                fields=["account"],
                name="outbox_copy_unread",
            ),
        ),
        migrations.AddField(
            model_name="phrase",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="phrases", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="submittedapproval",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="submitted_approvals",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="submittedapproval",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="submitted_approvals", to="store.case"
            ),
        ),
        migrations.AddConstraint(
            model_name="phrase",
            constraint=models.UniqueConstraint(fields=("account", "text"), name="phrase_once"),
        ),
        migrations.AddIndex(
            model_name="submittedapproval",
            index=models.Index(fields=["author", "-id"], name="submitted_approval_of"),
        ),
        migrations.AddConstraint(
            model_name="submittedapproval",
            constraint=models.UniqueConstraint(fields=("case", "approval", "round"), name="submitted_approval_once"),
        ),
    ]
