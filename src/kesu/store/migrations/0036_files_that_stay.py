"""The register of files is append-only: whoever exchanges a hash in it is refused, as whoever changes an event is."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# `kesu_append_only` stands since migration 0004.
_WALLS = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON store_storedfile FOR EACH ROW
EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON store_storedfile FOR EACH STATEMENT
EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALLS = """
DROP TRIGGER append_only_rows ON store_storedfile;
DROP TRIGGER append_only_table ON store_storedfile;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0035_letters"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="storedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="stored_file_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e59e522c7c798fac104f2fb86a4873801ca0c565",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_stored_file_no_change_b540e",
                    table="store_storedfile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="storedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="stored_file_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="3b4dfe2e0c7820a82c3aef2354462e5209745c26",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_stored_file_no_truncate_ddf6b",
                    table="store_storedfile",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(_WALLS, _NO_WALLS),
    ]
