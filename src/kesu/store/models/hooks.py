"""Programs outside the house that are told what happens, and what they were sent."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kesu.core.ids import uuid7


class Hook(models.Model):
    """Somebody's program that is told. `unit`: of cases there and below; `kinds`: of these only, of all open ones where
    there is none; `events`: the groups of events (`HookDelivery.event`). `address` may hold a secret of the other
    side's. `secret`: by which we sign, sealed with the key ring, as the one before it is, with which we sign
    too until `earlier_until`. `rests_until`: it did not answer and is left alone; `shut_for`: why the program itself
    shut it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=500)
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    kinds = ArrayField(models.CharField(max_length=32), default=list)
    events = ArrayField(models.CharField(max_length=12), default=list)
    is_open = models.BooleanField(default=True)
    shut_for = models.CharField(max_length=24, blank=True, default="")
    key_id = models.CharField(max_length=16)
    secret = models.BinaryField()
    secret_since = models.DateTimeField()
    earlier_key_id = models.CharField(max_length=16, blank=True, default="")
    earlier_secret = models.BinaryField(default=b"")
    earlier_until = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class HookDelivery(models.Model):
    """One event of one case for one hook, written by a trigger in the transaction of the event itself. What is sent
    is put together when it leaves. `event`: opened, step, approval, level, reminded, escalated, notice. `state`: due,
    sent, failed, kept (the case has become confidential or was taken elsewhere). `status`: what was answered last;
    `reason`: why nothing was."""

    id = models.BigAutoField(primary_key=True)
    hook = models.ForeignKey(Hook, on_delete=models.PROTECT, related_name="deliveries")
    case = models.ForeignKey("store.Case", on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    event = models.CharField(max_length=12)
    step = models.CharField(max_length=48, blank=True, db_default="")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, db_default="due")
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(db_default=0)
    status = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=80, blank=True, db_default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "case", "seq"], name="hook_delivery_once")]
        indexes = [
            models.Index(fields=["try_at"], name="hook_delivery_due", condition=Q(state="due")),
            models.Index(fields=["hook", "-id"], name="hook_delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.hook_id} {self.case_id} {self.seq}"
