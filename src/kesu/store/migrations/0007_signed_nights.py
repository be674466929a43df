"""The signed nights and the heads they name, append-only like the log itself; sealed heads for the system only."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

_TABLES = ("store_signednight", "store_chainhead", "store_sealedchainhead")

# `kesu_append_only` stands since migration 0004.
_WALL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALL = "DROP TRIGGER append_only_rows ON {table}; DROP TRIGGER append_only_table ON {table};"

_SYSTEM = "current_setting('kesu.reader', true) = 'system'"
_SEAL = f"""
ALTER TABLE store_sealedchainhead ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON store_sealedchainhead USING ({_SYSTEM}) WITH CHECK ({_SYSTEM});
"""
_NO_SEAL = """
DROP POLICY reader ON store_sealedchainhead;
ALTER TABLE store_sealedchainhead DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0006_search_by_data_class"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignedNight",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("night", models.DateField(unique=True)),
                ("at", models.DateTimeField()),
                ("document", models.TextField()),
                ("key_id", models.CharField(max_length=24)),
                ("signature", models.CharField(max_length=128)),
            ],
        ),
        migrations.CreateModel(
            name="NightlyResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=32)),
                ("night", models.DateField()),
                ("state", models.CharField(default="due", max_length=8)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("try_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
                ("details", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("task", "night"), name="nightly_result_once")],
            },
        ),
        migrations.CreateModel(
            name="SealedChainHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.UUIDField()),
                ("stream", models.CharField(max_length=64)),
                ("version", models.PositiveIntegerField()),
                ("head", models.CharField(max_length=64)),
                ("identity", models.CharField(max_length=64)),
                (
                    "night",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.signednight"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.UUIDField()),
                ("stream", models.CharField(max_length=64)),
                ("version", models.PositiveIntegerField()),
                ("head", models.CharField(max_length=64)),
                ("identity", models.CharField(max_length=64)),
                ("number", models.CharField(max_length=32)),
                (
                    "night",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="heads", to="store.signednight"
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signednight",
            trigger=pgtrigger.compiler.Trigger(
                name="signed_night_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7d7e3c1ebfa47e1d75d52a464bc3fcc436e0c286",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_signed_night_no_change_df5f5",
                    table="store_signednight",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signednight",
            trigger=pgtrigger.compiler.Trigger(
                name="signed_night_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="abb52235f623333aa878d216df918ff529bc3df3",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_signed_night_no_truncate_437bc",
                    table="store_signednight",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="sealedchainhead",
            index=models.Index(fields=["stream", "-night"], name="sealed_chain_head_latest"),
        ),
        migrations.AddConstraint(
            model_name="sealedchainhead",
            constraint=models.UniqueConstraint(fields=("case_id", "night"), name="sealed_chain_head_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealedchainhead",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_chain_head_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8364b5b7a244665b52efad1d4a595bc4b4d59a83",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_sealed_chain_head_no_change_34472",
                    table="store_sealedchainhead",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealedchainhead",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_chain_head_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="8edcf261708f5a147b02889ba763a18b7db169e1",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_sealed_chain_head_no_truncate_435eb",
                    table="store_sealedchainhead",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="chainhead",
            index=models.Index(fields=["stream", "-night"], name="chain_head_latest"),
        ),
        migrations.AddConstraint(
            model_name="chainhead",
            constraint=models.UniqueConstraint(fields=("case_id", "night"), name="chain_head_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chainhead",
            trigger=pgtrigger.compiler.Trigger(
                name="chain_head_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="617cd7597bc80531483f8a9c4e3bffb5cac67431",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_chain_head_no_change_d15db",
                    table="store_chainhead",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chainhead",
            trigger=pgtrigger.compiler.Trigger(
                name="chain_head_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="112b736aa485628d19d835c841ea4b120bc21997",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_chain_head_no_truncate_75756",
                    table="store_chainhead",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            "".join(_WALL.format(table=table) for table in _TABLES),
            "".join(_NO_WALL.format(table=table) for table in _TABLES),
        ),
        migrations.RunSQL(_SEAL, _NO_SEAL),
    ]
