"""What cases show to the public, to the customers of a place, or to the staff: follows from their logs and can be made
anew from them. The log keeps every version; a row shows the newest, and nothing of what is no longer shown."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q

TITLE_LENGTH: Final = 120


class Publication(models.Model):
    """What a case shows under one rule of its policy. The key follows from the case and the rule, so that its address
    stays when the row is made anew. `publisher`: the organisation that had adopted the policy when it was shown;
    `facts`: by their codes, texts as they were written. `posted_at`: since when it is shown without a break,
    `shown_at`: since when as it reads now; `versions`: 1 until it is corrected. `is_up`: whether it was shown when the
    row was written; no longer from `until` on, whatever the row says."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey("store.Case", on_delete=models.CASCADE, related_name="publications")
    kind = models.CharField(max_length=32)
    rule = models.CharField(max_length=48)
    policy_version = models.ForeignKey("store.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    publisher = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=16)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    facts = models.JSONField(default=dict)
    posted_at = models.DateTimeField()
    shown_at = models.DateTimeField()
    versions = models.PositiveIntegerField(default=1)
    until = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    is_up = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "rule"], name="publication_once")]
        indexes = [
            models.Index(fields=["-shown_at", "-id"], name="publication_newest", condition=Q(is_up=True)),
            models.Index(fields=["audience", "-shown_at", "-id"], name="publication_for", condition=Q(is_up=True)),
            models.Index(fields=["publisher", "-shown_at", "-id"], name="publication_of", condition=Q(is_up=True)),
            models.Index(fields=["unit", "-shown_at", "-id"], name="publication_at", condition=Q(is_up=True)),
        ]

    def __str__(self) -> str:
        return self.title or self.rule
