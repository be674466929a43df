"""Lists of a group, who may be one person, and names by their sounds are read from rows of their own; files of rooms
and customers wait for the worker.

Rows that are there get theirs at once. The columns and digests are those of `casefile.customer_places` and
`casefile.customer_keys` as of this migration.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import kesu.core.ids
from kesu.core.pinyin import words_of

_GROUPS = """
INSERT INTO store_customerofgroup (row_id, name, kind, place)
SELECT id, unnest(groups), kind, place FROM store_customerplace
"""
_PHONES = """
INSERT INTO store_customerkey (key, customer_id, unit_id, is_shared)
SELECT DISTINCT 'p' || token, customer_id, unit_id, false
FROM store_customerplace, unnest(phones) AS token WHERE NOT is_erased
"""
_ROOMS = """
INSERT INTO store_customerkey (key, customer_id, unit_id, is_shared)
SELECT DISTINCT
    'r' || left(encode(sha256(convert_to(room.id::text || ' ' || told.name, 'UTF8')), 'hex'), 32),
    root.id, room.project_id, false
FROM store_customerroom AS link
JOIN store_room AS room ON room.id = link.room_id
JOIN store_customer AS one ON one.id = link.customer_id
JOIN store_customer AS root ON root.id = coalesce(one.merged_into_id, one.id)
CROSS JOIN LATERAL (VALUES (one.name), (root.name)) AS told (name)
WHERE link.ended_on IS NULL AND root.erased_at IS NULL
"""
_SHARED = """
UPDATE store_customerkey SET is_shared = true WHERE key IN (
    SELECT key FROM store_customerkey GROUP BY key HAVING count(DISTINCT customer_id) > 1
)
"""
_NAMES = """
SELECT coalesce(merged_into_id, id), array_agg(name) FROM store_customer WHERE erased_at IS NULL GROUP BY 1
"""
_SOUNDS = """
UPDATE store_customerplace AS place SET sounds = given.sounds::tsvector
FROM unnest(%s::uuid[], %s::text[]) AS given (customer, sounds) WHERE place.customer_id = given.customer
"""
_CHUNK = 5000


def _sounds(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute(_NAMES)
        found = cursor.fetchall()
        for start in range(0, len(found), _CHUNK):
            part = found[start : start + _CHUNK]
            words = [" ".join({word for name in names for word in words_of(name)}) for _customer, names in part]
            cursor.execute(_SOUNDS, [[customer for customer, _names in part], words])


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0021_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerApart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CustomerKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(db_collation="C", max_length=33)),
                ("is_shared", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="CustomerOfGroup",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=16)),
                ("place", models.TextField(db_collation="C")),
            ],
        ),
        migrations.CreateModel(
            name="ImportWork",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
                ("name", models.CharField(max_length=160)),
                ("digest", models.CharField(max_length=64)),
                ("key_id", models.CharField(max_length=16)),
                ("sealed", models.BinaryField()),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("try_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="customerplace",
            name="sounds",
            field=django.contrib.postgres.search.SearchVectorField(default=""),
        ),
        migrations.AddIndex(
            model_name="customerplace",
            index=django.contrib.postgres.indexes.GinIndex(fields=["sounds"], name="customer_place_sounds"),
        ),
        migrations.AddField(
            model_name="customerapart",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="customerapart",
            name="first",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.customer"
            ),
        ),
        migrations.AddField(
            model_name="customerapart",
            name="second",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.customer"),
        ),
        migrations.AddField(
            model_name="customerkey",
            name="customer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.customer"),
        ),
        migrations.AddField(
            model_name="customerkey",
            name="unit",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"
            ),
        ),
        migrations.AddField(
            model_name="customerofgroup",
            name="row",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="store.customerplace"
            ),
        ),
        migrations.AddField(
            model_name="importwork",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="customerapart",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="customer_apart_once"),
        ),
        migrations.AddIndex(
            model_name="customerkey",
            index=models.Index(
                condition=models.Q(("is_shared", True)), fields=["key", "customer", "unit"], name="customer_key_shared"
            ),
        ),
        migrations.AddConstraint(
            model_name="customerkey",
            constraint=models.UniqueConstraint(fields=("key", "customer", "unit"), name="customer_key_once"),
        ),
        migrations.AddIndex(
            model_name="customerofgroup",
            index=models.Index(fields=["name", "place", "row"], name="customer_of_group"),
        ),
        migrations.AddIndex(
            model_name="customerofgroup",
            index=models.Index(fields=["name", "kind", "place", "row"], name="customer_of_group_kind"),
        ),
        migrations.AddIndex(
            model_name="importwork",
            index=models.Index(fields=["try_at", "at"], name="import_work_due"),
        ),
        migrations.RunSQL([_GROUPS, _PHONES, _ROOMS, _SHARED], migrations.RunSQL.noop),
        migrations.RunPython(_sounds, migrations.RunPython.noop),
    ]
