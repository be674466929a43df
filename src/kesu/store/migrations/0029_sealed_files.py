"""Files of sealed cases, each whole and encrypted in its row, and who took them out: behind the wall of their case."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


_FILES, _READINGS = "store_sealedfile", "store_sealedreading"
_WALLS = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON {table}
    USING (EXISTS (SELECT 1 FROM store_sealedcase c WHERE c.id = {table}.case_id))
    WITH CHECK (EXISTS (SELECT 1 FROM store_sealedcase c WHERE c.id = {table}.case_id));
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALLS = """
DROP TRIGGER append_only_rows ON {table};
DROP TRIGGER append_only_table ON {table};
DROP POLICY reader ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0028_confidential_cases"),
    ]

    operations = [
        migrations.CreateModel(
            name="SealedFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("event_seq", models.PositiveIntegerField()),
                ("details", models.BinaryField()),
                ("content", models.BinaryField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="store.sealedcase"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SealedReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="store.sealedcase"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="store.sealedfile"
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_file_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="420a915073cb2b5faf7b7081308a809056f32438",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_sealed_file_no_change_1ddce",
                    table="store_sealedfile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_file_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="0e27908516a151246a6f6638fed5c5abbdc8e315",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_sealed_file_no_truncate_f720d",
                    table="store_sealedfile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealedreading",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_reading_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ab26f5b2220585eeed9b7531a0eb060900a9d228",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_sealed_reading_no_change_a1514",
                    table="store_sealedreading",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealedreading",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_reading_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="af155431c0578bf31dcf0c11ffde6c40848e7ecb",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_sealed_reading_no_truncate_fd3d1",
                    table="store_sealedreading",
                    when="BEFORE",
                ),
            ),
        ),
        *(
            migrations.RunSQL(_WALLS.format(table=table), _NO_WALLS.format(table=table))
            for table in (_FILES, _READINGS)
        ),
    ]
