"""Rooms and customers, with append-only records of who changed and who read what (ADR 0028)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import kesu.core.ids
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# `kesu_append_only` stands since migration 0004.
_WALL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW
EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT
EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALL = """
DROP TRIGGER append_only_rows ON {table};
DROP TRIGGER append_only_table ON {table};
"""
_KEPT = ("store_roomchange", "store_customerchange", "store_customerreading", "store_importrun")


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0017_guests"),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("owner", "业主"),
                            ("owner_to_be", "准业主"),
                            ("tenant", "租户"),
                            ("prospect", "意向客户"),
                            ("other", "其他接触者"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("key_id", models.CharField(max_length=16)),
                ("data_key", models.BinaryField()),
                ("details", models.BinaryField(default=bytes)),
                ("preferences", models.JSONField(default=dict)),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joined",
                        to="store.customer",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=120)),
                ("how", models.CharField(max_length=40)),
                ("given_on", models.DateField()),
                ("withdrawn_on", models.DateField(null=True)),
                ("withdrawn_how", models.CharField(blank=True, max_length=40)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="store.customer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomerChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("act", models.CharField(max_length=32)),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), default=list, size=None
                    ),
                ),
                ("sealed", models.BinaryField(default=bytes)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="store.customer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomerGroup",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomerMerge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "joined",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="store.customer"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.customer"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomerPhone",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("token", models.CharField(max_length=32)),
                ("last", models.CharField(max_length=4)),
                ("sealed", models.BinaryField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="phones", to="store.customer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomerPlace",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.TextField(db_collation="C")),
                ("kind", models.CharField(max_length=16)),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("name", models.CharField(max_length=64)),
                ("rooms", models.CharField(max_length=120)),
                ("last", models.CharField(max_length=4)),
                ("is_erased", models.BooleanField(default=False)),
                ("text", models.TextField()),
                (
                    "phones",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), size=None),
                ),
                (
                    "grams",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            "text",
                            function="kesu_grams",
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="store.customer"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomerReading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("what", models.CharField(max_length=16)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="store.customer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
                ("name", models.CharField(max_length=160)),
                ("digest", models.CharField(max_length=64)),
                ("counts", models.JSONField(default=dict)),
                ("errors", models.JSONField(default=list)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Purchase",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("bought_on", models.DateField()),
                ("sealed", models.BinaryField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="purchases", to="store.customer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("phase", models.CharField(blank=True, max_length=40)),
                ("building", models.CharField(max_length=40)),
                ("entrance", models.CharField(blank=True, max_length=20)),
                ("number", models.CharField(max_length=20)),
                ("place", models.TextField(db_collation="C")),
                ("text", models.TextField()),
                (
                    "grams",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            "text",
                            function="kesu_grams",
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                ("delivered_on", models.DateField(null=True)),
                ("moved_in_on", models.DateField(null=True)),
                (
                    "occupancy",
                    models.CharField(
                        blank=True, choices=[("own", "自住"), ("let", "出租"), ("empty", "空置")], max_length=8
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomerRoom",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("owner", "业主"),
                            ("owner_to_be", "准业主"),
                            ("tenant", "租户"),
                            ("prospect", "意向客户"),
                            ("other", "其他接触者"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ended_on", models.DateField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rooms", to="store.customer"
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="customers", to="store.room"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoomChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("act", models.CharField(max_length=32)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="store.room"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoomWarranty",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("work", models.CharField(max_length=40)),
                ("until", models.DateField()),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="warranties", to="store.room"
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customerchange",
            trigger=pgtrigger.compiler.Trigger(
                name="customer_change_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f59517cb6c7f15fc61c7304cb69bf632afb34952",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_customer_change_no_change_b593b",
                    table="store_customerchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customerchange",
            trigger=pgtrigger.compiler.Trigger(
                name="customer_change_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="af9df9aca09f8b055794050224d7767ca592b56b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_customer_change_no_truncate_8b6fe",
                    table="store_customerchange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="customergroup",
            constraint=models.UniqueConstraint(fields=("unit", "name"), name="customer_group_once"),
        ),
        migrations.AddConstraint(
            model_name="customermerge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)), fields=("joined",), name="customer_joined_once"
            ),
        ),
        migrations.AddIndex(
            model_name="customerphone",
            index=models.Index(fields=["token", "customer"], name="customer_phone_token"),
        ),
        migrations.AddConstraint(
            model_name="customerphone",
            constraint=models.UniqueConstraint(fields=("customer", "token"), name="customer_phone_once"),
        ),
        migrations.AddIndex(
            model_name="customerplace",
            index=models.Index(fields=["place", "id"], name="customer_place"),
        ),
        migrations.AddIndex(
            model_name="customerplace",
            index=models.Index(fields=["kind", "place"], name="customer_place_kind"),
        ),
        migrations.AddIndex(
            model_name="customerplace",
            index=django.contrib.postgres.indexes.GinIndex(fields=["groups"], name="customer_place_groups"),
        ),
        migrations.AddIndex(
            model_name="customerplace",
            index=django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="customer_place_grams"),
        ),
        migrations.AddIndex(
            model_name="customerplace",
            index=django.contrib.postgres.indexes.GinIndex(fields=["phones"], name="customer_place_phones"),
        ),
        migrations.AddConstraint(
            model_name="customerplace",
            constraint=models.UniqueConstraint(fields=("customer", "unit"), name="customer_place_once"),
        ),
        migrations.AddIndex(
            model_name="customerreading",
            index=models.Index(fields=["-at"], name="customer_reading_at"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customerreading",
            trigger=pgtrigger.compiler.Trigger(
                name="customer_reading_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1ed9764ccd26eb3a1a0478b0ee9b11ffab425db0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_customer_reading_no_change_2285d",
                    table="store_customerreading",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customerreading",
            trigger=pgtrigger.compiler.Trigger(
                name="customer_reading_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="3ae50db2ed747342152cdd369f9cc6c03249a3cf",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_customer_reading_no_truncate_f5521",
                    table="store_customerreading",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(fields=["account", "-at"], name="import_run_at"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importrun",
            trigger=pgtrigger.compiler.Trigger(
                name="import_run_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="087157c26b741d388d409a007a540639864edff9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_import_run_no_change_666a0",
                    table="store_importrun",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importrun",
            trigger=pgtrigger.compiler.Trigger(
                name="import_run_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="90066d8923243ac3624c7172fb6e98a7dbbccda4",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_import_run_no_truncate_78c2c",
                    table="store_importrun",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="room",
            index=models.Index(fields=["place", "id"], name="room_place"),
        ),
        migrations.AddIndex(
            model_name="room",
            index=models.Index(fields=["occupancy", "place"], name="room_occupancy"),
        ),
        migrations.AddIndex(
            model_name="room",
            index=django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="room_grams"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(fields=("project", "building", "entrance", "number"), name="room_once"),
        ),
        migrations.AddConstraint(
            model_name="customerroom",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)), fields=("customer", "room"), name="customer_room_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="roomchange",
            trigger=pgtrigger.compiler.Trigger(
                name="room_change_no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b4ca152b127d7a4592da8bc79d4c2af881a7c286",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_room_change_no_change_2265c",
                    table="store_roomchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="roomchange",
            trigger=pgtrigger.compiler.Trigger(
                name="room_change_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
                    hash="c7477c250f9131392c0af48b9554a80be7a9b2c2",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_room_change_no_truncate_ba854",
                    table="store_roomchange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="roomwarranty",
            constraint=models.UniqueConstraint(fields=("room", "work"), name="warranty_once"),
        ),
        *(migrations.RunSQL(_WALL.format(table=table), _NO_WALL.format(table=table)) for table in _KEPT),
    ]
