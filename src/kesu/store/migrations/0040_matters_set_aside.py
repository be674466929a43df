"""Two cases that somebody found not to be about the same thing are not put forward for each other again."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# `kesu_append_only` stands since migration 0004.
_WALL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON store_mattersetaside
FOR EACH ROW EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON store_mattersetaside
FOR EACH STATEMENT EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALL = """
DROP TRIGGER append_only_rows ON store_mattersetaside;
DROP TRIGGER append_only_table ON store_mattersetaside;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0039_members_by_their_event"),
    ]

    operations = [
        migrations.CreateModel(
            name="MatterSetAside",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.case"),
                ),
                (
                    "other",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.case"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "other"), name="matter_set_aside_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mattersetaside",
            trigger=pgtrigger.compiler.Trigger(
                name="matter_set_aside_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2b501aa61f7734d6ca9c4dd19f40f54770878d8f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_matter_set_aside_no_change_6cd58",
                    table="store_mattersetaside",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mattersetaside",
            trigger=pgtrigger.compiler.Trigger(
                name="matter_set_aside_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="a03ead73fc32a52a6af7c99521b761080c5b5fdc",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_matter_set_aside_no_truncate_b394c",
                    table="store_mattersetaside",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(_WALL, _NO_WALL),
    ]
