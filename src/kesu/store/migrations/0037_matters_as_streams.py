"""A matter is a stream of its own: what is there already is written down as its first events. Whom its cases name is
read from their logs by the worker, which knows their policies."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


# `kesu_append_only` stands since migration 0004.
_TABLES = ("store_matterevent", "store_matterhead")
_WALL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALL = "DROP TRIGGER append_only_rows ON {table}; DROP TRIGGER append_only_table ON {table};"


def _written_down(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    matters, events = apps.get_model("store", "Matter").objects, apps.get_model("store", "MatterEvent")
    now = datetime.now(UTC)
    for matter in matters.order_by("pk"):
        members = matter.members.order_by("joined_at", "case_id").values_list("case_id", "joined_at")
        said = [("matter.opened", {}, matter.opened_at)]
        said += [("case.joined", {"case": case.hex}, at) for case, at in members]
        for kind, facts, at in said:
            row = events(matter=matter, seq=matter.version + 1, kind=kind, at=at, recorded_at=now, role="system")
            row.facts, row.previous = facts, matter.head
            row.hash = _hash(row)
            row.save(force_insert=True)
            matter.version, matter.head = row.seq, row.hash
        matter.wake_at = now
        matter.save()


def _hash(row: Any) -> str:
    """As `kesu.casefile.chain` makes it."""
    moments = [at.astimezone(UTC).isoformat(timespec="microseconds") for at in (row.at, row.recorded_at)]
    said = [str(row.matter_id), row.seq, row.kind, 1, *moments, "", row.role, "", row.facts, [], "", row.previous]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0036_files_that_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="MatterEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=48)),
                ("schema", models.PositiveSmallIntegerField(default=1)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=64)),
                ("role", models.CharField(blank=True, max_length=48)),
                ("step", models.CharField(blank=True, max_length=48)),
                ("facts", models.JSONField(default=dict)),
                ("forms", models.JSONField(default=list)),
                ("body_digest", models.CharField(blank=True, max_length=64)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="MatterHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.UUIDField()),
                ("stream", models.CharField(max_length=64)),
                ("version", models.PositiveIntegerField()),
                ("head", models.CharField(max_length=64)),
                ("identity", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="MatterPerson",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("token", models.CharField(max_length=64)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="matter",
            name="crossed_seq",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="matter",
            name="head",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="matter",
            name="merged_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.matter"
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="reached",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="matter",
            name="version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="matter",
            name="wake_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="mattermember",
            name="is_counted",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="mattermember",
            name="joined_seq",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="mattermember",
            name="told_seq",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="mattermember",
            name="try_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(condition=models.Q(("wake_at__isnull", False)), fields=["wake_at"], name="matter_wake"),
        ),
        migrations.AddIndex(
            model_name="mattermember",
            index=models.Index(fields=["matter", "told_seq"], name="matter_member_told"),
        ),
        migrations.AddIndex(
            model_name="mattermember",
            index=models.Index(
                condition=models.Q(("is_counted", False)), fields=["matter"], name="matter_member_uncounted"
            ),
        ),
        migrations.AddField(
            model_name="matterevent",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="store.matter"
            ),
        ),
        migrations.AddField(
            model_name="matterhead",
            name="night",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.signednight"
            ),
        ),
        migrations.AddField(
            model_name="matterperson",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.case"),
        ),
        migrations.AddField(
            model_name="matterperson",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="people", to="store.matter"
            ),
        ),
        migrations.AddConstraint(
            model_name="matterevent",
            constraint=models.UniqueConstraint(fields=("matter", "seq"), name="matter_event_seq_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="matterevent",
            trigger=pgtrigger.compiler.Trigger(
                name="matter_event_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5ebe7783b44d240d14e3ca0d54a6865e3d631391",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_matter_event_no_change_3c28b",
                    table="store_matterevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="matterevent",
            trigger=pgtrigger.compiler.Trigger(
                name="matter_event_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="a15377bb97362b4d8922b4bda04e5d63342900de",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_matter_event_no_truncate_ad6ef",
                    table="store_matterevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="matterhead",
            index=models.Index(fields=["stream", "-night"], name="matter_head_latest"),
        ),
        migrations.AddConstraint(
            model_name="matterhead",
            constraint=models.UniqueConstraint(fields=("case_id", "night"), name="matter_head_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="matterhead",
            trigger=pgtrigger.compiler.Trigger(
                name="matter_head_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="41c11b6aeb4e10cf48cfab95a78b28e414db4dc1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_matter_head_no_change_53473",
                    table="store_matterhead",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="matterhead",
            trigger=pgtrigger.compiler.Trigger(
                name="matter_head_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="1387a5d802df9bebf69bc1820ba3bef7d01bddc5",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_matter_head_no_truncate_36e97",
                    table="store_matterhead",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="matterperson",
            index=models.Index(
                condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="matter_person_phone"
            ),
        ),
        migrations.AddConstraint(
            model_name="matterperson",
            constraint=models.UniqueConstraint(fields=("case", "token"), name="matter_person_once"),
        ),
        migrations.RunSQL(
            "".join(_WALL.format(table=table) for table in _TABLES),
            "".join(_NO_WALL.format(table=table) for table in _TABLES),
        ),
        migrations.RunPython(_written_down, migrations.RunPython.noop),
    ]
