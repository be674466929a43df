"""Of what the policy's own words to a customer are made, beside the words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0068_messages_lane_by_lane"),
    ]

    operations = [
        migrations.AddField(
            model_name="note",
            name="parts",
            field=models.BinaryField(db_default=b"", default=bytes),
        ),
    ]
