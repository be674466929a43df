"""A figure that is added up of several has room for more places than each of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0033_named_cases")]

    operations = [
        migrations.AlterField("measuredcase", "value", models.DecimalField(decimal_places=9, max_digits=40)),
    ]
