"""What a search reads: folded texts, one column a data class, and the pairs of signs of each.

Core PostgreSQL 15 only: no extension knows Chinese words of two signs, and none is there. The function splits a text
into signs and keeps each with the one that follows; the last sign before a space or a line's end stands alone, so that
a search for one sign finds it as the beginning of a pair. It is stored, not indexed as an expression: the planner
estimates stored columns well, and a recheck never makes the pairs again.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Concat

_FUNCTION = r"""
CREATE FUNCTION kesu_grams(plain text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT rtrim(sign || coalesce(next, ''), E' \n')
        FROM (
            SELECT sign, lead(sign) OVER (ORDER BY place) AS next
            FROM unnest(string_to_array(plain, NULL)) WITH ORDINALITY AS signs (sign, place)
        ) AS pairs
        WHERE sign NOT IN (' ', E'\n')
    ))
$$;
"""

_WAKE = "UPDATE store_casecard SET wake_at = least(wake_at, now())"
"""Cases that are already there get their row when the worker next settles them: at once."""


def _grams(text: str | Concat) -> models.GeneratedField:
    vector = django.contrib.postgres.search.SearchVectorField()
    expression = models.Func(text, function="kesu_grams", output_field=vector)
    return models.GeneratedField(db_persist=True, expression=expression, output_field=vector)


def _index(column: str, name: str) -> django.contrib.postgres.indexes.GinIndex:
    return django.contrib.postgres.indexes.GinIndex(fields=[column], name=name)


class Migration(migrations.Migration):
    dependencies = [("store", "0005_heartbeat")]

    operations = [
        migrations.RunSQL(_FUNCTION, "DROP FUNCTION kesu_grams(text);"),
        migrations.CreateModel(
            name="CaseSearch",
            fields=[
                (
                    "card",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="store.casecard",
                    ),
                ),
                ("unit_path", models.TextField()),
                ("internal", models.TextField()),
                ("notes", models.TextField()),
                ("personal", models.TextField()),
                ("restricted", models.TextField()),
                ("phones", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32))),
                (
                    "internal_grams",
                    _grams(Concat("internal", models.Value("\n"), "notes", output_field=models.TextField())),
                ),
                ("personal_grams", _grams("personal")),
                ("restricted_grams", _grams("restricted")),
            ],
            options={
                "indexes": [
                    _index("internal_grams", "search_internal"),
                    _index("personal_grams", "search_personal"),
                    _index("restricted_grams", "search_restricted"),
                    _index("phones", "search_phones"),
                ],
            },
        ),
        migrations.RunSQL(_WAKE, migrations.RunSQL.noop),
    ]
