"""Cases go over to newer calendars: by which one each counts now, which went over into which, and what moved."""

import django.contrib.postgres.fields
import django.db.models.deletion
import kesu.core.ids
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# `kesu_append_only` stands since migration 0004.
_WALL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALL = """
DROP TRIGGER append_only_rows ON {table};
DROP TRIGGER append_only_table ON {table};
"""
_TABLES = ("store_calendarchange", "store_deadlinemove")
_FILL = """
UPDATE store_casecard SET counted_with_id = store_case.calendar_version_id
FROM store_case WHERE store_case.id = store_casecard.case_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0056_who_looked_at_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("source", models.CharField(default="renewed", max_length=12)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="DeadlineMove",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("seq", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=160)),
                ("name", models.CharField(max_length=80)),
                (
                    "clauses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), default=list, size=None
                    ),
                ),
                ("due_before", models.DateTimeField()),
                ("due_after", models.DateTimeField()),
                ("was_provisional", models.BooleanField()),
                ("is_provisional", models.BooleanField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="casecard",
            name="counted_with",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.calendarversion"
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="casecard",
            name="counted_with",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.calendarversion"
            ),
        ),
        migrations.AddField(
            model_name="sealedcase",
            name="counted_with",
            field=models.ForeignKey(
                help_text="null: the first one",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="store.calendarversion",
            ),
        ),
        migrations.AddIndex(
            model_name="casecard",
            index=models.Index(
                condition=models.Q(("is_final", False), ("next_due_at__isnull", False), _connector="OR"),
                fields=["counted_with", "case"],
                name="card_counted_with",
            ),
        ),
        migrations.AddField(
            model_name="calendarchange",
            name="after",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.calendarversion"
            ),
        ),
        migrations.AddField(
            model_name="calendarchange",
            name="before",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.calendarversion"
            ),
        ),
        migrations.AddField(
            model_name="calendarchange",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="calendarchange",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"
            ),
        ),
        migrations.AddField(
            model_name="deadlinemove",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.case"),
        ),
        migrations.AddField(
            model_name="deadlinemove",
            name="change",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="store.calendarchange"
            ),
        ),
        migrations.AddIndex(
            model_name="calendarchange",
            index=models.Index(fields=["before", "made_at"], name="calendar_change_before"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calendarchange",
            trigger=pgtrigger.compiler.Trigger(
                name="calendar_change_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="810541d9123d5d0ddf2b6f678ffc6700719d4a2b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_calendar_change_no_change_20bc2",
                    table="store_calendarchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calendarchange",
            trigger=pgtrigger.compiler.Trigger(
                name="calendar_change_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="b3b431214983207194e0e2c6dff75a659da0fa78",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_calendar_change_no_truncate_d2cbc",
                    table="store_calendarchange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinemove",
            constraint=models.UniqueConstraint(fields=("case", "seq", "key"), name="deadline_moved_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deadlinemove",
            trigger=pgtrigger.compiler.Trigger(
                name="deadline_move_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c88ddbab9bf578a90696ad484dbfea0fbd4b76cf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_deadline_move_no_change_9c003",
                    table="store_deadlinemove",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deadlinemove",
            trigger=pgtrigger.compiler.Trigger(
                name="deadline_move_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="92e092a33f42f527c4334a90ee7d23084ece0537",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_deadline_move_no_truncate_6f052",
                    table="store_deadlinemove",
                    when="BEFORE",
                ),
            ),
        ),
        *(migrations.RunSQL(_WALL.format(table=one), _NO_WALL.format(table=one)) for one in _TABLES),
    ]
