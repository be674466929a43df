"""Messages that are due are read lane by lane, along one index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0067_hooks"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="outboxmessage",
            name="outbox_due",
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("state", "due")), fields=["lane", "try_at", "id"], name="outbox_due"
            ),
        ),
    ]
