"""How calendars and policies go over into each other, and which deadlines moved with them: a record that is only added
to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kesu.core.ids import uuid7
from kesu.store.triggers import append_only


class CalendarChange(models.Model):
    """From `made_at` on cases that count with `before` count with `after`, where they lie in or under `unit` (empty:
    everywhere). `source`: renewed (a published year), edited or imported; `reason`: what whoever made it says of it.
    `made_by` empty: the installation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    before = models.ForeignKey("store.CalendarVersion", on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey("store.CalendarVersion", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("store.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=12, default="renewed")
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["before", "made_at"], name="calendar_change_before")]
        triggers = append_only("calendar_change")

    def __str__(self) -> str:
        return f"{self.before_id[:8]} → {self.after_id[:8]}"


class PolicyChange(models.Model):
    """Running cases that stood by `before` stand by `after`, where they lie in or under `unit` (empty: everywhere).
    `stages`, `levels`: what the newer version calls those that it calls otherwise; `reason`: what whoever made it says
    of it. `made_by` empty: the installation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    before = models.ForeignKey("store.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey("store.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("store.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    stages = models.JSONField(default=dict)
    levels = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["-made_at"], name="policy_change_made")]
        triggers = append_only("policy_change")

    def __str__(self) -> str:
        return f"{self.before_id[:8]} → {self.after_id[:8]}"


class DeadlineMove(models.Model):
    """One deadline of an ordinary case that another calendar or another version of its policy moved, as it was done;
    `seq` is the event of the case by which it was. Sealed cases tell of theirs only in their own log."""

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey(CalendarChange, null=True, on_delete=models.PROTECT, related_name="moves")
    policy_change = models.ForeignKey(PolicyChange, null=True, on_delete=models.PROTECT, related_name="moves")
    case = models.ForeignKey("store.Case", on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    key = models.CharField(max_length=160)
    name = models.CharField(max_length=80)
    clauses = ArrayField(models.CharField(max_length=24), default=list)
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    was_provisional = models.BooleanField()
    is_provisional = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq", "key"], name="deadline_moved_once"),
            models.CheckConstraint(
                condition=models.Q(change__isnull=True, policy_change__isnull=False)
                | models.Q(change__isnull=False, policy_change__isnull=True),
                name="deadline_moved_by_one",
            ),
        ]
        triggers = append_only("deadline_move")

    def __str__(self) -> str:
        return f"{self.name} {self.due_before:%F} → {self.due_after:%F}"
