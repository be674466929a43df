"""Texts that are sought by their grams: the column that the database makes of a text, and the look-up on it."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from kesu.core.searching import grams_query
from kesu.store.fixed import Slot


@SearchVectorField.register_lookup
class HoldsGrams(models.Lookup):
    """``grams__holds=word``: all grams of a folded word are there; of a slot, its `grams_query`. Uses the GIN index."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        left, values = self.process_lhs(compiler, connection)
        sought = self.rhs if isinstance(self.rhs, Slot) else grams_query(str(self.rhs))
        return f"{left} @@ %s::tsquery", (*values, sought)


@SearchVectorField.register_lookup
class BeginsWord(models.Lookup):
    """``sounds__begins=word``: some word of the column begins with this one, of small letters and figures only. Uses
    the GIN index."""

    lookup_name = "begins"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        left, values = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*values, f"{self.rhs}:*")


def grams_of(text: str | Combinable) -> Any:
    """The grams of a column of folded text (migration 0014)."""
    expression = models.Func(text, function="kesu_grams", output_field=SearchVectorField())
    return models.GeneratedField(expression=expression, output_field=SearchVectorField(), db_persist=True)
