"""Printed numbers: one series per kind, root and year. Gaps are allowed, reuse never."""

from __future__ import annotations

from django.db import models


class NumberSeries(models.Model):
    prefix = models.CharField(max_length=16)
    root = models.ForeignKey("store.Unit", on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "root", "year"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}"
