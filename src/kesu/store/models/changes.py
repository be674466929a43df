"""What was changed in the house itself: who, when, what, from what to what."""

from __future__ import annotations

from django.db import models

from kesu.store.triggers import append_only


class HouseChange(models.Model):
    """One change of a setting, a unit, a post, a person, a right or a policy in force. `act` is ``noun.verbed``;
    `subject` the row it happened to; `hash` covers everything here and the hash of the change before it."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    account = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=48)
    subject = models.CharField(max_length=64)
    name = models.CharField(max_length=160)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="house_change_at")]
        triggers = append_only("house_change")

    def __str__(self) -> str:
        return f"{self.seq} {self.act} {self.name}"
