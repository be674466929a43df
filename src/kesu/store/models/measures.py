"""In which measures of its policy each case counts. All of it follows from the logs of cases and can be made anew."""

from __future__ import annotations

from django.db import models


class MeasuredCase(models.Model):
    """That a case counts in a measure, since when (UTC), and with which value: 1 or 0 of a share, 1 where cases are
    only counted. `pack` and `kind` are those of the case: versions of one policy count together. `alike`: the same for
    cases that are each other's precedents, empty where there is nothing to compare."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("store.Case", on_delete=models.CASCADE, related_name="measured")
    pack = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    measure = models.CharField(max_length=48)
    at = models.DateTimeField()
    value = models.DecimalField(max_digits=40, decimal_places=9)
    alike = models.CharField(max_length=240, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "measure"], name="measured_case_once")]
        indexes = [
            models.Index(fields=["pack", "kind", "measure", "at"], name="measured_case_of_measure"),
            models.Index(
                fields=["pack", "kind", "measure", "alike", "-at"],
                name="measured_case_alike",
                condition=~models.Q(alike=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.measure}"
