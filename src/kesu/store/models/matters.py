"""Matters: what several people complain about together. A matter is a stream of its own, and everything else that is
kept of it follows from its events."""

from __future__ import annotations

from typing import Final

from django.db import models

from kesu.core.ids import uuid7
from kesu.store.models.proof import HeadRow, SignedNight
from kesu.store.models.streams import EventRow
from kesu.store.triggers import append_only


class Matter(models.Model):
    """`title`: the name that somebody gave it, empty while nobody has; without one it goes by what of it is seen.
    `version` counts its events, `head` is the hash of the last one. `merged_into`: it was found to be the same as
    that one, and is no more. `reached`: by counter, the head count that was stated last and since when. `crossed_seq`:
    the last event of which members must learn. `wake_at`: when the worker must look at it again (UTC)."""

    data_key: Final = b""  # no event of a matter has a text

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT)
    title = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    reached = models.JSONField(default=dict)
    crossed_seq = models.PositiveIntegerField(default=0)
    wake_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["wake_at"], name="matter_wake", condition=models.Q(wake_at__isnull=False))]

    def __str__(self) -> str:
        return self.title or str(self.pk)


class MatterEvent(EventRow):
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="events")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "seq"], name="matter_event_seq_once")]
        triggers = append_only("matter_event")

    def __str__(self) -> str:
        return f"{self.matter_id} {self.seq} {self.kind}"


class MatterMember(models.Model):
    """`joined_seq`: the event of the matter by which the case came; `told_seq`: up to which one it has learned what its
    rules ask for, 0 of one that came and has heard nothing yet; `try_at`: not to be told before. `is_counted`: the
    people of its log have been taken in. `received_at`: of the case, by which the list of matters is in order."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="members")
    case = models.OneToOneField("store.Case", on_delete=models.PROTECT, related_name="membership")
    received_at = models.DateTimeField()
    joined_at = models.DateTimeField()
    is_counted = models.BooleanField(default=False)
    joined_seq = models.PositiveIntegerField(default=0)
    told_seq = models.PositiveIntegerField(default=0)
    try_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["matter", "told_seq"], name="matter_member_told"),
            models.Index(fields=["received_at", "case"], name="matter_member_newest"),
            models.Index(fields=["matter", "received_at", "case"], name="matter_member_order"),
            models.Index(fields=["matter"], name="matter_member_uncounted", condition=models.Q(is_counted=False)),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.case_id}"


class MatterPerson(models.Model):
    """Somebody whom a case of the matter names, once a case. `token`: as the log of the case has him; `phone`: the
    blind token of his telephone, empty where none is known, by which the register of customers says who is one."""

    id = models.BigAutoField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="people")
    case = models.ForeignKey("store.Case", on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=64)
    phone = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "token"], name="matter_person_once")]
        indexes = [models.Index(fields=["phone"], name="matter_person_phone", condition=~models.Q(phone=""))]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.case_id}"


class MatterHead(HeadRow):
    """The head of a matter's stream as a night found it; `case_id` is the matter."""

    night = models.ForeignKey(SignedNight, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "night"], name="matter_head_once")]
        indexes = [models.Index(fields=["stream", "-night"], name="matter_head_latest")]
        triggers = append_only("matter_head")

    def __str__(self) -> str:
        return f"{self.night_id} {self.case_id}"


class MatterSetAside(models.Model):
    """Somebody looked at two cases that are alike and found that they are not about the same thing: neither is put
    forward for the other again. `case` is the smaller identifier of the two."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("store.Case", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("store.Case", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "other"], name="matter_set_aside_once")]
        triggers = append_only("matter_set_aside")

    def __str__(self) -> str:
        return f"{self.case_id} {self.other_id}"
