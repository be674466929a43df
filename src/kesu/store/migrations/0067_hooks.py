"""Programs outside that are told what happens: hooks, what each is due, and the triggers that lay it down."""

import django.contrib.postgres.fields
import django.db.models.deletion
import kesu.core.ids
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0065_urgent_cases_wake_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hook",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("address", models.CharField(max_length=500)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), default=list, size=None
                    ),
                ),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                ("is_open", models.BooleanField(default=True)),
                ("shut_for", models.CharField(blank=True, default="", max_length=24)),
                ("key_id", models.CharField(max_length=16)),
                ("secret", models.BinaryField()),
                ("secret_since", models.DateTimeField()),
                ("earlier_key_id", models.CharField(blank=True, default="", max_length=16)),
                ("earlier_secret", models.BinaryField(default=b"")),
                ("earlier_until", models.DateTimeField(null=True)),
                ("rests_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="HookDelivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("seq", models.PositiveIntegerField()),
                ("event", models.CharField(max_length=12)),
                ("step", models.CharField(blank=True, db_default="", max_length=48)),
                ("at", models.DateTimeField()),
                ("state", models.CharField(db_default="due", max_length=8)),
                ("try_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(db_default=0)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("reason", models.CharField(blank=True, db_default="", max_length=80)),
                ("done_at", models.DateTimeField(null=True)),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="case_tells_hooks",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO store_hookdelivery (hook_id, case_id, seq, event, step, at, try_at)\n    SELECT hook.id, told.case_id, told.seq, told.event, told.step, told.at, told.recorded_at\n    FROM (SELECT event.*, CASE\n        WHEN event.seq = 1 THEN 'opened'\n        WHEN event.kind = 'duty.reminded' THEN 'reminded'\n        WHEN event.kind = 'duty.escalated' THEN 'escalated'\n        WHEN event.kind = 'notice.sent' THEN 'notice'\n        WHEN event.kind LIKE 'approval.%' THEN 'approval'\n        WHEN event.kind LIKE 'level.%' THEN 'level'\n        WHEN event.step <> '' THEN 'step'\n        ELSE 'other' END AS event FROM (SELECT case_id, seq, kind, step, at, recorded_at FROM store_caseevent WHERE case_id = NEW.id) event) told\n    JOIN store_hook hook ON hook.is_open AND told.event = ANY (hook.events)\n    JOIN store_unit place ON place.id = hook.unit_id\n    JOIN store_case of_case ON of_case.id = told.case_id\n        AND (cardinality(hook.kinds) = 0 OR of_case.kind = ANY (hook.kinds))\n    JOIN store_unit unit ON unit.id = of_case.unit_id AND starts_with(unit.path, place.path);\n    RETURN NULL;\n",
                    hash="c4b7383340959c0c49c9c6a9ac14267a9e77c571",
                    operation="INSERT",
                    pgid="pgtrigger_case_tells_hooks_674fd",
                    table="store_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caseevent",
            trigger=pgtrigger.compiler.Trigger(
                name="case_event_tells_hooks",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO store_hookdelivery (hook_id, case_id, seq, event, step, at, try_at)\n    SELECT hook.id, told.case_id, told.seq, told.event, told.step, told.at, told.recorded_at\n    FROM (SELECT event.*, CASE\n        WHEN event.seq = 1 THEN 'opened'\n        WHEN event.kind = 'duty.reminded' THEN 'reminded'\n        WHEN event.kind = 'duty.escalated' THEN 'escalated'\n        WHEN event.kind = 'notice.sent' THEN 'notice'\n        WHEN event.kind LIKE 'approval.%' THEN 'approval'\n        WHEN event.kind LIKE 'level.%' THEN 'level'\n        WHEN event.step <> '' THEN 'step'\n        ELSE 'other' END AS event FROM (SELECT NEW.case_id, NEW.seq, NEW.kind, NEW.step, NEW.at, NEW.recorded_at) event) told\n    JOIN store_hook hook ON hook.is_open AND told.event = ANY (hook.events)\n    JOIN store_unit place ON place.id = hook.unit_id\n    JOIN store_case of_case ON of_case.id = told.case_id\n        AND (cardinality(hook.kinds) = 0 OR of_case.kind = ANY (hook.kinds))\n    JOIN store_unit unit ON unit.id = of_case.unit_id AND starts_with(unit.path, place.path);\n    RETURN NULL;\n",
                    hash="f4079552ed9fec5b7fe098af66591074cd6f2505",
                    operation="INSERT",
                    pgid="pgtrigger_case_event_tells_hooks_beb4b",
                    table="store_caseevent",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="hook",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
        ),
        migrations.AddField(
            model_name="hookdelivery",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.case"),
        ),
        migrations.AddField(
            model_name="hookdelivery",
            name="hook",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="store.hook"
            ),
        ),
        migrations.AddIndex(
            model_name="hookdelivery",
            index=models.Index(condition=models.Q(("state", "due")), fields=["try_at"], name="hook_delivery_due"),
        ),
        migrations.AddIndex(
            model_name="hookdelivery",
            index=models.Index(fields=["hook", "-id"], name="hook_delivery_newest"),
        ),
        migrations.AddConstraint(
            model_name="hookdelivery",
            constraint=models.UniqueConstraint(fields=("hook", "case", "seq"), name="hook_delivery_once"),
        ),
    ]
