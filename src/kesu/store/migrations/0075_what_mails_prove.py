"""What a mail must bring of whom it says that it is; whether what somebody wrote is told in groups of work chats."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0074_policies_go_over"),
    ]

    operations = [
        migrations.AddField(
            model_name="chatplace",
            name="tells_words",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="proof",
            field=models.CharField(
                choices=[("none", "None"), ("dmarc", "Dmarc"), ("aligned", "Aligned")],
                db_default="aligned",
                default="aligned",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="verifier",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
