"""Programs outside the house that hand in what reaches them, and what they have delivered."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kesu.core.ids import uuid7


class Delivers(models.TextChoices):
    """What a source hands in."""

    REPORTS = "reports"
    CALLS = "calls"


class InboundSource(models.Model):
    """A program that may knock. `unit`: where, and within which, its reports lie. `facts`: the codes of what it may
    state; `fixed`: what is stated for it, by fact code; `number_fact`: the one whose text is the number under which the
    report is known outside. `gives_link`: it is told the customer's link. `secret` is sealed with the key ring,
    and so is the one before it, which is good until `earlier_until`. `bad_count` and `bad_at`: deliveries in its name
    that it did not sign."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=40, unique=True)
    delivers = models.CharField(max_length=8, choices=Delivers.choices)
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32, blank=True)
    facts = ArrayField(models.CharField(max_length=48), default=list)
    fixed = models.JSONField(default=dict)
    number_fact = models.CharField(max_length=48, blank=True)
    gives_link = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)
    key_id = models.CharField(max_length=16)
    secret = models.BinaryField()
    secret_since = models.DateTimeField()
    earlier_key_id = models.CharField(max_length=16, blank=True, default="", db_default="")
    earlier_secret = models.BinaryField(default=b"", db_default=b"")
    earlier_until = models.DateTimeField(null=True)
    bad_count = models.PositiveIntegerField(default=0)
    bad_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class InboundDelivery(models.Model):
    """One delivery that its source has signed. `case` and `is_new`: what it opened, or which case knew its number;
    neither for one that was refused, with `reason` and the codes of the facts that were wrong (`lacking`): no text of
    what was sent stands here. `digest`: of the body, so that a key does not come to mean something else."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(InboundSource, on_delete=models.PROTECT, related_name="deliveries")
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    case = models.ForeignKey("store.Case", null=True, on_delete=models.PROTECT, related_name="+")
    is_new = models.BooleanField(default=False)
    reason = models.CharField(max_length=48, blank=True)
    lacking = ArrayField(models.CharField(max_length=64), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], condition=Q(reason=""), name="inbound_key_once"),
        ]
        indexes = [models.Index(fields=["source", "-at"], name="inbound_source_at")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.key}"


class RingingCall(models.Model):
    """A call that rings, or rang, on the line of somebody of the house. `call`: how the telephone system names it;
    `phone`: of the caller, sealed with the key ring; `over_at`: since then nobody is told of it any more. Kept for a
    day at most."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(InboundSource, on_delete=models.PROTECT, related_name="+")
    call = models.CharField(max_length=100)
    account = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="+")
    line = models.CharField(max_length=24)
    key_id = models.CharField(max_length=16)
    phone = models.BinaryField()
    at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "call"], name="ringing_call_once")]
        indexes = [
            models.Index(fields=["account", "-at"], name="ringing_account_at"),
            models.Index(fields=["at"], name="ringing_at"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.at}"
