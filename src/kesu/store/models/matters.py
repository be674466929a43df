"""Matters: what several people complain about together. Their head count feeds the levels of the members."""

from __future__ import annotations

from django.db import models

from kesu.core.ids import uuid7


class Matter(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT)
    title = models.CharField(max_length=120)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class MatterMember(models.Model):
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="members")
    case = models.OneToOneField("store.Case", on_delete=models.PROTECT, related_name="membership")
    joined_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.matter_id} {self.case_id}"
