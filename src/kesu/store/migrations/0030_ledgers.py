"""Accounts of ledgers, and what cases enter in them."""

import django.db.models.deletion
import kesu.core.ids
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# `kesu_append_only` stands since migration 0004.
_TABLES = ("store_ledgeraccount", "store_ledgerentry")
_WALL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALL = "DROP TRIGGER append_only_rows ON {table}; DROP TRIGGER append_only_table ON {table};"


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0029_sealed_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("pack", models.CharField(max_length=32)),
                ("ledger", models.CharField(max_length=48)),
                ("per", models.JSONField(default=list)),
                (
                    "root",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("seq", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=17)),
                ("balance", models.DecimalField(decimal_places=2, max_digits=19)),
                ("ledger_name", models.CharField(max_length=80)),
                ("what", models.CharField(max_length=120)),
                ("corrects", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="store.ledgeraccount"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.case"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="ledgeraccount",
            constraint=models.UniqueConstraint(fields=("root", "pack", "ledger", "per"), name="ledger_account_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ledgeraccount",
            trigger=pgtrigger.compiler.Trigger(
                name="ledger_account_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="06c0a02d332b50b6cbc9d31be88e4807ea207a6d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_ledger_account_no_change_6be66",
                    table="store_ledgeraccount",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ledgeraccount",
            trigger=pgtrigger.compiler.Trigger(
                name="ledger_account_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="f0f367fc35982e3f58a74c1e268e76e6b56e8d62",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_ledger_account_no_truncate_b76a6",
                    table="store_ledgeraccount",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["case", "id"], name="ledger_entry_of_case"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(fields=("account", "number"), name="ledger_entry_number_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ledgerentry",
            trigger=pgtrigger.compiler.Trigger(
                name="ledger_entry_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d1f6dd8e5c634c09b8c63a33354b4da02a45a4f3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_ledger_entry_no_change_978df",
                    table="store_ledgerentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ledgerentry",
            trigger=pgtrigger.compiler.Trigger(
                name="ledger_entry_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="a4319a5c8c8ac65f79a6547081d16231d1bcc1fa",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_ledger_entry_no_truncate_0f59e",
                    table="store_ledgerentry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            "".join(_WALL.format(table=table) for table in _TABLES),
            "".join(_NO_WALL.format(table=table) for table in _TABLES),
        ),
    ]
