"""A policy may be limited to a subject, and a case says under which it was opened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0020_signed_adoptions"),
    ]

    operations = [
        migrations.AddField(
            model_name="adoption",
            name="subject",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="casecard",
            name="subject",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
    ]
