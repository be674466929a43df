"""Every unit has a code, and codes and logins are written in half width: files of the organisation tell units by their
code, and whoever types a login need not know how wide it was typed first."""

import unicodedata

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from kesu.core.codes import code_for


def _folded(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """One whose half-width form somebody has already stays what it is."""
    for name, column in (("Unit", "code"), ("Account", "login")):
        model = apps.get_model("store", name)
        written = dict(model.objects.exclude(**{column: ""}).values_list("pk", column))
        taken = set(written.values())
        for row, text in written.items():
            plain = unicodedata.normalize("NFKC", text).strip()
            plain = plain.lower() if column == "login" else plain
            longest = model._meta.get_field(column).max_length
            if plain != text and plain and plain not in taken and len(plain) <= longest:
                model.objects.filter(pk=row).update(**{column: plain})
                taken.add(plain)


def _codes(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    unit = apps.get_model("store", "Unit")
    taken = set(unit.objects.values_list("code", flat=True))
    for row in unit.objects.filter(code="").order_by("path").only("pk", "name"):
        code = code_for(row.name, taken)
        unit.objects.filter(pk=row.pk).update(code=code)
        taken.add(code)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0022_customers_by_groups_and_keys"),
    ]

    operations = [
        migrations.RunPython(_folded, migrations.RunPython.noop),
        migrations.RunPython(_codes, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="unit",
            name="unit_code_once",
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=["code"], name="unit_code_once"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(condition=models.Q(("code", ""), _negated=True), name="unit_has_code"),
        ),
    ]
