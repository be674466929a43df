"""The record of changes in the house, append-only like the logs of cases."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# `kesu_append_only` stands since migration 0004.
_WALL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON store_housechange FOR EACH ROW
EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON store_housechange FOR EACH STATEMENT
EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALL = """
DROP TRIGGER append_only_rows ON store_housechange;
DROP TRIGGER append_only_table ON store_housechange;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0012_policy_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="HouseChange",
            fields=[
                ("seq", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("act", models.CharField(max_length=48)),
                ("subject", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=160)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-at"], name="house_change_at")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="housechange",
            trigger=pgtrigger.compiler.Trigger(
                name="house_change_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bafa181787158621952b05b26fc9ba49b0e097ee",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_house_change_no_change_f2c4f",
                    table="store_housechange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="housechange",
            trigger=pgtrigger.compiler.Trigger(
                name="house_change_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="3074d64cf070a6861b1767e48addd7f59d4a2d0b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_house_change_no_truncate_185a8",
                    table="store_housechange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(_WALL, _NO_WALL),
    ]
