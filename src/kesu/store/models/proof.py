"""Proof of the log: the signed nights, the heads they name, and how the nightly tasks went."""

from __future__ import annotations

from django.db import models

from kesu.store.triggers import append_only


class SignedNight(models.Model):
    """`document` is the signed text, byte for byte; `night` the day (of the organisation's zone) in which it was made.
    Numbers have no gaps; nights have one where the program stood still."""

    number = models.PositiveIntegerField(primary_key=True)
    night = models.DateField(unique=True)
    at = models.DateTimeField()
    document = models.TextField()
    key_id = models.CharField(max_length=24)
    signature = models.CharField(max_length=128)

    class Meta:
        triggers = append_only("signed_night")

    def __str__(self) -> str:
        return f"{self.number} {self.night}"


class HeadRow(models.Model):
    """The head of one log as a night found it. `case_id` is no reference: the row outlives a case that disappears.
    `stream` is the blinded name under which the night's list tells of it; `identity` the digest of what the case's own
    row says beside its log (kind, policy, calendar, place, number)."""

    case_id = models.UUIDField()
    stream = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    head = models.CharField(max_length=64)
    identity = models.CharField(max_length=64)

    class Meta:
        abstract = True


class ChainHead(HeadRow):
    night = models.ForeignKey(SignedNight, on_delete=models.PROTECT, related_name="heads")
    number = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "night"], name="chain_head_once")]
        indexes = [models.Index(fields=["stream", "-night"], name="chain_head_latest")]
        triggers = append_only("chain_head")

    def __str__(self) -> str:
        return f"{self.night_id} {self.number}"


class SealedChainHead(HeadRow):
    """Row-level security shows these to the system only."""

    night = models.ForeignKey(SignedNight, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "night"], name="sealed_chain_head_once")]
        indexes = [models.Index(fields=["stream", "-night"], name="sealed_chain_head_latest")]
        triggers = append_only("sealed_chain_head")

    def __str__(self) -> str:
        return "sealed"


class NightlyResult(models.Model):
    """How one task of one night went. States: due, done, failed (tried again at `try_at`). `error` names the kind of
    fault, `details` holds counts and identifiers: never anything of a person or of a sealed case."""

    task = models.CharField(max_length=32)
    night = models.DateField()
    state = models.CharField(max_length=8, default="due")
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "night"], name="nightly_result_once")]

    def __str__(self) -> str:
        return f"{self.task} {self.night} {self.state}"
