"""A link that the policy gives to whoever hears what the complainant is told (ADR 0101): the event that named him."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0053_answer_by_and_earlier_secret"),
    ]

    operations = [
        migrations.AddField(
            model_name="caseguest",
            name="named_seq",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="caseguest",
            name="invited_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="caseguest",
            constraint=models.UniqueConstraint(fields=("case", "named_seq"), name="guest_named_once"),
        ),
    ]
