"""Roles of the house and the slots of packs that they fill; absences and who stands in; units that close; names that are
sought by their sounds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from kesu.core.pinyin import pinyin_of

_SLOTS = "INSERT INTO store_postslot (post_id, slot) SELECT id, role FROM store_post"


def _sounds(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("Unit", "Account"):
        model = apps.get_model("store", name)
        for row in model.objects.only("pk", "name"):
            model.objects.filter(pk=row.pk).update(pinyin=pinyin_of(row.name))


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0014_fours_of_figures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PostSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.CharField(max_length=48)),
            ],
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("code", models.CharField(max_length=48, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="SlotRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.CharField(max_length=48)),
                ("role", models.CharField(max_length=48)),
            ],
        ),
        migrations.CreateModel(
            name="StandIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="postholding",
            name="holding_once",
        ),
        migrations.AddField(
            model_name="account",
            name="pinyin",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
        migrations.AddField(
            model_name="postholding",
            name="instead_of",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="stood_in", to="store.postholding"
            ),
        ),
        migrations.AddField(
            model_name="postholding",
            name="stands_for",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="closed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="unit",
            name="pinyin",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
        migrations.AlterField(
            model_name="unit",
            name="kind",
            field=models.CharField(
                choices=[
                    ("group", "集团"),
                    ("region", "区域"),
                    ("company", "公司"),
                    ("project", "项目"),
                    ("department", "部门"),
                    ("service_post", "服务站"),
                    ("property", "物业公司"),
                    ("contractor", "施工维修单位"),
                    ("laboratory", "检测机构"),
                    ("authority", "主管部门"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="postholding",
            constraint=models.UniqueConstraint(
                fields=("post", "account", "from_on", "instead_of"), name="holding_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True), fields=("code",), name="unit_code_once"
            ),
        ),
        migrations.AddField(
            model_name="absence",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="absences", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="absence",
            name="deputy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="postslot",
            name="post",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="fills", to="store.post"),
        ),
        migrations.AddIndex(
            model_name="slotrole",
            index=models.Index(fields=["role"], name="slot_role_role"),
        ),
        migrations.AddConstraint(
            model_name="slotrole",
            constraint=models.UniqueConstraint(fields=("slot", "role"), name="slot_role_once"),
        ),
        migrations.AddField(
            model_name="standin",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="stand_ins", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="standin",
            name="deputy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"),
                name="absence_has_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("account", models.F("deputy")), _negated=True), name="absence_has_another"
            ),
        ),
        migrations.AddIndex(
            model_name="postslot",
            index=models.Index(fields=["slot"], name="post_slot_slot"),
        ),
        migrations.AddConstraint(
            model_name="postslot",
            constraint=models.UniqueConstraint(fields=("post", "slot"), name="post_slot_once"),
        ),
        migrations.RunSQL(_SLOTS, migrations.RunSQL.noop),
        migrations.RunPython(_sounds, migrations.RunPython.noop),
    ]
