"""The books: adopted policies and calendars, each stored once under its digest and never changed."""

from __future__ import annotations

from typing import Final

from django.db import models

from kesu.core.ids import uuid7
from kesu.store.triggers import append_only

SUBJECT_LENGTH: Final = 20
"""Signs of the name of a subject: what a button holds."""


class PolicyVersion(models.Model):
    """`canonical` is the resolved text; `hash` its sha256 and the name by which cases and receipts know it. `parent`:
    of a text in which overlays lie on a policy, the policy as it was adopted."""

    hash = models.CharField(primary_key=True, max_length=64)
    pack = models.CharField(max_length=48)
    version = models.CharField(max_length=24)
    title = models.CharField(max_length=120)
    document_number = models.CharField(max_length=48, blank=True)
    status = models.CharField(max_length=16)
    canonical = models.TextField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    signatures = models.JSONField(default=list)
    adopted_at = models.DateTimeField()
    adopted_by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT)

    class Meta:
        triggers = append_only("policy_version")

    def __str__(self) -> str:
        return f"{self.pack} {self.version}"


class PolicyText(models.Model):
    """The words of an adopted policy in another language: Chinese word → its word there. Beside the policy and not part
    of it: a translation may be mended after adoption, the binding text may not."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=10)
    words = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy_version", "language"], name="policy_text_once_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.policy_version_id} {self.language}"


class CalendarVersion(models.Model):
    version = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=80)
    document = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        triggers = append_only("calendar_version")

    def __str__(self) -> str:
        return self.name


class Adoption(models.Model):
    """Which policy and calendar serve which part of the organisation for which kind of case, from when on, and who
    signed for it there: the same text may be signed by others elsewhere. `subject` is what the company calls the
    matters that it serves (工程质量); empty: all that no other adoption there is limited to. `proposal`: where each of
    them signed himself; None where the installation adopted it under their names."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT)
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=SUBJECT_LENGTH, default="", blank=True)
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT)
    calendar_version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT)
    effective_from = models.DateTimeField()
    signatures = models.JSONField(default=list)
    proposal = models.ForeignKey("store.PolicyProposal", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["kind", "effective_from"], name="adoption_kind")]

    def __str__(self) -> str:
        return " · ".join(filter(None, [self.kind, self.subject, str(self.unit)]))


class OverlayAdoption(models.Model):
    """Rules on one subject that serve beside every policy which this unit, and those below it, adopt. `policy_version`
    is the overlay's own text; `is_end`: from `effective_from` on it serves no more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    effective_from = models.DateTimeField()
    signatures = models.JSONField(default=list)
    is_end = models.BooleanField(default=False)

    class Meta:
        triggers = append_only("overlay_adoption")

    def __str__(self) -> str:
        return f"{self.policy_version} · {self.unit}"
