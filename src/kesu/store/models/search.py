"""What the search of cases reads, apart from the cards so that lists do not carry texts along."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Concat

from kesu.store.models.cases import CaseCard
from kesu.store.models.grams import grams_of


class CaseSearch(models.Model):
    """One row a case, sealed ones have none: folded texts, one column a data class, and the grams of each, which
    the database makes (migration 0014). Rebuildable from the log. `unit_path` and `confidential` as on the card: who
    may search a column depends on them. `notes` are of class internal; `phones`, blind tokens of whole numbers, of
    class personal."""

    card = models.OneToOneField(CaseCard, primary_key=True, on_delete=models.CASCADE, related_name="search")
    unit_path = models.TextField()
    confidential = models.BooleanField(default=False)
    internal = models.TextField()
    notes = models.TextField()
    personal = models.TextField()
    restricted = models.TextField()
    phones = ArrayField(models.CharField(max_length=32))
    internal_grams = grams_of(Concat("internal", models.Value("\n"), "notes", output_field=models.TextField()))
    personal_grams = grams_of("personal")
    restricted_grams = grams_of("restricted")

    class Meta:
        indexes = [
            GinIndex(fields=["internal_grams"], name="search_internal"),
            GinIndex(fields=["personal_grams"], name="search_personal"),
            GinIndex(fields=["restricted_grams"], name="search_restricted"),
            GinIndex(fields=["phones"], name="search_phones"),
        ]

    def __str__(self) -> str:
        return str(self.card_id)
