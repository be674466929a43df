"""A case that somebody names in another one can be asked where: rows for what the logs say already."""

import json

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_HEX = set("0123456789abcdef")


def _named_until_now(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What was taken back since is left out; the night's comparison tells of what differs otherwise."""
    version_rows = apps.get_model("store", "PolicyVersion").objects
    for version, canonical in version_rows.values_list("pk", "canonical").iterator():
        for kind, rules in json.loads(canonical)["kinds"].items():
            facts = rules.get("facts", {}).items()
            for code in (code for code, fact in facts if isinstance(fact, dict) and fact.get("type") == "case"):
                _fill(apps, version, kind, code)


def _fill(apps: StateApps, version: str, kind: str, code: str) -> None:
    events, cases = apps.get_model("store", "CaseEvent").objects, apps.get_model("store", "Case").objects
    mentions = apps.get_model("store", "CaseMention")
    of_kind = events.filter(case__policy_version_id=version, case__kind=kind)
    back = {
        (case, facts.get("seq")) for case, facts in of_kind.filter(kind="event.voided").values_list("case", "facts")
    }
    stated = of_kind.filter(facts__has_key=code).values_list("case", "seq", "facts").iterator()
    found = {
        (case, facts[code])
        for case, seq, facts in stated
        if (case, seq) not in back and len(str(facts[code])) == 32 and set(facts[code]) <= _HEX
    }
    there = {pk.hex for pk in cases.filter(pk__in=[named for _case, named in found]).values_list("pk", flat=True)}
    rows = [
        mentions(case_id=case, named_id=named, fact=code) for case, named in sorted(found, key=str) if named in there
    ]
    mentions.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0032_publications"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseMention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.CharField(max_length=48)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="store.case"
                    ),
                ),
                (
                    "named",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentioned_in", to="store.case"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="casemention",
            constraint=models.UniqueConstraint(fields=("case", "named", "fact"), name="case_mention_once"),
        ),
        migrations.RunPython(_named_until_now, migrations.RunPython.noop),
    ]
