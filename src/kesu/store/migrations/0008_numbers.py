"""What the numbers are counted from: when a case ended, what ran over, which department owed it; and the record of files
with personal data.

The new columns are projections. Every case is woken once, so that the worker fills them from the log.
"""

import django.db.models.deletion
import kesu.core.ids
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


_WAKE = "UPDATE store_casecard SET wake_at = LEAST(wake_at, now())"

# Whoever may read cases may see their numbers, as if the policies were adopted today.
_GRANT = """
INSERT INTO store_rolegrant (role, permission)
SELECT role, 'report:numbers:read' FROM store_rolegrant WHERE permission = 'case:case:read'
ON CONFLICT DO NOTHING
"""

# Beside the library's triggers, which any session may ask to stand aside: see 0004.
_WALL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON store_exportrecord
    FOR EACH ROW EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON store_exportrecord
    FOR EACH STATEMENT EXECUTE FUNCTION kesu_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0007_signed_nights"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
                ("what", models.CharField(max_length=32)),
                ("filters", models.JSONField(default=dict)),
                ("rows", models.PositiveIntegerField()),
                ("clear", models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="casecard",
            name="closed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="casecard",
            name="late_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="casecard",
            name="pack",
            field=models.CharField(default="", max_length=32),
        ),
        migrations.AddField(
            model_name="obligation",
            name="department",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"
            ),
        ),
        migrations.AddField(
            model_name="obligation",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="casecard",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)), fields=["closed_at"], name="card_closed"
            ),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["due_at"], name="obligation_due"),
        ),
        migrations.AddField(
            model_name="exportrecord",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="exportrecord",
            index=models.Index(fields=["-at"], name="export_at"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exportrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="export_record_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="71c5c9e5b694440d72e94357ec564c561db69fe3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_export_record_no_change_cdcc7",
                    table="store_exportrecord",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exportrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="export_record_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="9ce18c16c46d08ac2dbeccf247363f358a932218",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_export_record_no_truncate_323b4",
                    table="store_exportrecord",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(_WALL, migrations.RunSQL.noop),
        migrations.RunSQL(_WAKE, migrations.RunSQL.noop),
        migrations.RunSQL(_GRANT, migrations.RunSQL.noop),
    ]
