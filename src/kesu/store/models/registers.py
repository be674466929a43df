"""Papers with numbers of their own that cases issued, as registers list them."""

from __future__ import annotations

from django.db import models


class RegisterEntry(models.Model):
    """One paper. `place`: the how-many-th of its case in this register, from 1; `mark`: what is stamped on it; the
    first may have come into the house with the case (`issued_at` None). Recalled or replaced, it is void since
    `void_at` (UTC). Rebuildable from the log."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("store.Case", on_delete=models.CASCADE, related_name="register_entries")
    register = models.CharField(max_length=40)
    place = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=80)
    mark = models.CharField(max_length=40, blank=True, default="")
    known_at = models.DateTimeField(help_text="when the case learned of it")
    issued_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)
    replaced_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "register", "place"], name="register_entry_once")]
        indexes = [models.Index(fields=["register", "-known_at"], name="register_newest")]

    def __str__(self) -> str:
        return f"{self.register} {self.number}"
