"""Who took personal data out of the house as a file."""

from __future__ import annotations

from django.db import models

from kesu.core.ids import uuid7
from kesu.store.triggers import append_only


class ExportRecord(models.Model):
    """One file with names and rooms in clear. `rows` is how many lines it has, `clear` in how many of them personal
    data stand in clear; `filters` is what the list was filtered by, without the words of a search (they may be a name).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=32)
    filters = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()
    clear = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="export_at")]
        triggers = append_only("export_record")

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
