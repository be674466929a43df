"""Sealed cases: their own tables, their own projection, no number series, no row in any list of ordinary cases.

Row-level security is the second wall: a transaction sees a sealed row only when it has named itself
(`kesu.reader`) as somebody on the case's allow list, as the system, or as the bearer of the receipt code.
"""

from __future__ import annotations

import uuid

from django.db import models

from kesu.store.models.streams import BodyRow, EventRow, StreamHead
from kesu.store.triggers import append_only


class SealedCase(StreamHead):
    """Projection and head in one row; the id is random, so that not even the time of birth can be read from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=32, unique=True)
    stage = models.CharField(max_length=48, default="")
    stage_name = models.CharField(max_length=48, default="")
    is_final = models.BooleanField(default=False)
    next_due_at = models.DateTimeField(null=True)
    next_duty = models.CharField(max_length=80, blank=True)
    wake_at = models.DateTimeField(null=True)
    counted_with = models.ForeignKey(
        "store.CalendarVersion", null=True, on_delete=models.PROTECT, related_name="+", help_text="null: the first one"
    )

    def __str__(self) -> str:
        return "sealed"


class SealedEvent(EventRow):
    case = models.ForeignKey(SealedCase, on_delete=models.PROTECT, related_name="events")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="sealed_event_seq_once")]
        triggers = append_only("sealed_event")

    def __str__(self) -> str:
        return "sealed"


class SealedBody(BodyRow):
    event = models.ForeignKey(SealedEvent, on_delete=models.PROTECT, related_name="bodies")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "data_class"], name="sealed_body_once")]
        triggers = append_only("sealed_body")

    def __str__(self) -> str:
        return "sealed"


class SealedFile(models.Model):
    """A file of a sealed case, whole in its row: a folder's listing, or the count of files in a backup, would tell that
    there is a case. `details` (what it is called, what it answers, of what kind and size) and `content` are encrypted
    with the case's data key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SealedCase, on_delete=models.PROTECT, related_name="files")
    event_seq = models.PositiveIntegerField()
    details = models.BinaryField()
    content = models.BinaryField()

    class Meta:
        triggers = append_only("sealed_file")

    def __str__(self) -> str:
        return "sealed"


class SealedReading(models.Model):
    """Somebody on the list took a file out."""

    case = models.ForeignKey(SealedCase, on_delete=models.PROTECT, related_name="readings")
    file = models.ForeignKey(SealedFile, on_delete=models.PROTECT, related_name="readings")
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = append_only("sealed_reading")

    def __str__(self) -> str:
        return "sealed"


class SealedAllow(models.Model):
    """Somebody who may see a sealed case. There is no list of those who may not."""

    case = models.ForeignKey(SealedCase, on_delete=models.CASCADE, related_name="allowed")
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=48)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "account"], name="sealed_allow_once")]

    def __str__(self) -> str:
        return "sealed"
