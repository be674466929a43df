"""The day until which a message promises an answer; the secret of a program that is still good beside the new one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0049_matters_by_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="inboundsource",
            name="earlier_key_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AddField(
            model_name="inboundsource",
            name="earlier_secret",
            field=models.BinaryField(db_default=b"", default=b""),
        ),
        migrations.AddField(
            model_name="inboundsource",
            name="earlier_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="note",
            name="answer_by",
            field=models.DateField(null=True),
        ),
    ]
