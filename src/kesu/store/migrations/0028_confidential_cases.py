"""Cards and rows of the search say whether the case is confidential; parts have room for a slot through which somebody
is let in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0027_overlays"),
    ]

    operations = [
        migrations.AddField(
            model_name="casecard",
            name="confidential",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="casesearch",
            name="confidential",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="caseparty",
            name="part",
            field=models.CharField(max_length=96),
        ),
        migrations.AddIndex(
            model_name="casecard",
            index=models.Index(condition=models.Q(("confidential", True)), fields=["case"], name="card_confidential"),
        ),
    ]
