"""Rules on one subject serve beside the policies that a unit and those below it adopted."""

import django.db.models.deletion
import kesu.core.ids
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


_WALL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALL = "DROP TRIGGER append_only_rows ON {table}; DROP TRIGGER append_only_table ON {table};"


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0026_policies_are_proposed"),
    ]

    operations = [
        migrations.CreateModel(
            name="OverlayAdoption",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("effective_from", models.DateTimeField()),
                ("signatures", models.JSONField(default=list)),
                ("is_end", models.BooleanField(default=False)),
                (
                    "policy_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.policyversion"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="overlayadoption",
            trigger=pgtrigger.compiler.Trigger(
                name="overlay_adoption_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f14f7245bbfe4357abd97d517d8cedd8be24bddc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_overlay_adoption_no_change_8a27d",
                    table="store_overlayadoption",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="overlayadoption",
            trigger=pgtrigger.compiler.Trigger(
                name="overlay_adoption_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="556fb5e516dd120a504263bb9d907977f5b28e5a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_overlay_adoption_no_truncate_62a5a",
                    table="store_overlayadoption",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(_WALL.format(table="store_overlayadoption"), _NO_WALL.format(table="store_overlayadoption")),
    ]
