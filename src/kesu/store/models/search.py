"""What the search of cases reads, apart from the cards so that lists do not carry texts along."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.db.models.sql.compiler import SQLCompiler

from kesu.core.searching import grams_query
from kesu.store.models.cases import CaseCard


@SearchVectorField.register_lookup
class HoldsGrams(models.Lookup):
    """``grams__holds=word``: all grams of a folded word are there. Uses the GIN index."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        left, values = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*values, grams_query(str(self.rhs)))


def _grams(text: str | Combinable) -> Any:
    expression = models.Func(text, function="kesu_grams", output_field=SearchVectorField())
    return models.GeneratedField(expression=expression, output_field=SearchVectorField(), db_persist=True)


class CaseSearch(models.Model):
    """One row a case, sealed ones have none: folded texts, one column a data class, and the grams of each, which
    the database makes (migration 0014). Rebuildable from the log. `unit_path`: who may search a column depends
    on it. `notes` are of class internal; `phones`, blind tokens of whole numbers, of class personal."""

    card = models.OneToOneField(CaseCard, primary_key=True, on_delete=models.CASCADE, related_name="search")
    unit_path = models.TextField()
    internal = models.TextField()
    notes = models.TextField()
    personal = models.TextField()
    restricted = models.TextField()
    phones = ArrayField(models.CharField(max_length=32))
    internal_grams = _grams(Concat("internal", models.Value("\n"), "notes", output_field=models.TextField()))
    personal_grams = _grams("personal")
    restricted_grams = _grams("restricted")

    class Meta:
        indexes = [
            GinIndex(fields=["internal_grams"], name="search_internal"),
            GinIndex(fields=["personal_grams"], name="search_personal"),
            GinIndex(fields=["restricted_grams"], name="search_restricted"),
            GinIndex(fields=["phones"], name="search_phones"),
        ]

    def __str__(self) -> str:
        return str(self.card_id)
