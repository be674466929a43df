"""A policy is proposed, signed by each of its signers, and only then in force."""

import django.db.models.deletion
import kesu.core.ids
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


_WALL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALL = "DROP TRIGGER append_only_rows ON {table}; DROP TRIGGER append_only_table ON {table};"

_SIGNED = """
CREATE TRIGGER append_only_rows BEFORE UPDATE ON store_proposalsigner FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL)
EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_list BEFORE DELETE ON store_proposalsigner FOR EACH ROW EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON store_proposalsigner
FOR EACH STATEMENT EXECUTE FUNCTION kesu_append_only();
"""
_NOT_SIGNED = """
DROP TRIGGER append_only_rows ON store_proposalsigner; DROP TRIGGER append_only_list ON store_proposalsigner;
DROP TRIGGER append_only_table ON store_proposalsigner;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0025_rooms_in_half_width"),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyProposal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("subject", models.CharField(blank=True, default="", max_length=20)),
                ("pack", models.CharField(max_length=48)),
                ("version", models.CharField(max_length=24)),
                ("title", models.CharField(max_length=120)),
                ("hash", models.CharField(max_length=64)),
                ("canonical", models.TextField()),
                ("periods", models.JSONField()),
                ("workdays", models.JSONField()),
                ("since", models.DateField(null=True)),
                ("proposed_at", models.DateTimeField()),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="adoption",
            name="proposal",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.policyproposal"
            ),
        ),
        migrations.CreateModel(
            name="ProposalSigner",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("slot", models.CharField(max_length=120)),
                ("signed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signers", to="store.policyproposal"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProposalEnd",
            fields=[
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="end",
                        serialize=False,
                        to="store.policyproposal",
                    ),
                ),
                ("how", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policyproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="policy_proposal_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0135bcc9d7f46c3846ee27b57347ab5684a78bf1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_policy_proposal_no_change_450c2",
                    table="store_policyproposal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policyproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="policy_proposal_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="24489fa559cf4064110349f8aa5189bf93709d9f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_policy_proposal_no_truncate_0913f",
                    table="store_policyproposal",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalsigner",
            constraint=models.UniqueConstraint(fields=("proposal", "slot"), name="proposal_signer_once_a_slot"),
        ),
        migrations.AddConstraint(
            model_name="proposalsigner",
            constraint=models.UniqueConstraint(fields=("proposal", "account"), name="proposal_signer_in_one_slot"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposalsigner",
            trigger=pgtrigger.compiler.Trigger(
                name="proposal_signer_signed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."signed_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="d0d08a0f1635fdd73ec9002ed750868a8390541a",
                    operation="UPDATE",
                    pgid="pgtrigger_proposal_signer_signed_52e7a",
                    table="store_proposalsigner",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposalsigner",
            trigger=pgtrigger.compiler.Trigger(
                name="proposal_signer_no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c355143d3e5e9b69579dc814a024877fdeeb83bd",
                    operation="DELETE",
                    pgid="pgtrigger_proposal_signer_no_delete_ad7c2",
                    table="store_proposalsigner",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposalend",
            trigger=pgtrigger.compiler.Trigger(
                name="proposal_end_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b8408f0b3e893ae1741a3eb8f26ad402683d53ef",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_proposal_end_no_change_8955f",
                    table="store_proposalend",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposalend",
            trigger=pgtrigger.compiler.Trigger(
                name="proposal_end_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="ef14e91be2ca06fd034830426a461b60861fac61",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_proposal_end_no_truncate_babef",
                    table="store_proposalend",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(_WALL.format(table="store_policyproposal"), _NO_WALL.format(table="store_policyproposal")),
        migrations.RunSQL(_WALL.format(table="store_proposalend"), _NO_WALL.format(table="store_proposalend")),
        migrations.RunSQL(_SIGNED, _NOT_SIGNED),
    ]
