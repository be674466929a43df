"""The shape that every event stream shares: a head, its events in two parts. Ordinary and sealed cases keep theirs in
tables of their own, so that no query about the one can ever touch the other."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import cached_property


class StreamHead(models.Model):
    """Identity of a case; everything that changes lives in events and projections. `version` counts the events,
    `head` is the hash of the last one, `data_key` the case's own key, wrapped by the master key `key_id`."""

    kind = models.CharField(max_length=32)
    policy_version = models.ForeignKey("store.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    calendar_version = models.ForeignKey("store.CalendarVersion", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=24)
    received_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="")
    key_id = models.CharField(max_length=24)
    data_key = models.BinaryField()
    follow_digest = models.CharField(max_length=64, unique=True)

    class Meta:
        abstract = True

    @cached_property
    def known_texts(self) -> dict[str, dict[int, dict[str, Any]]]:
        """Texts by data class and event, as far as they were read or written through this very object."""
        return {}


class EventRow(models.Model):
    """One event: rule facts and the digest of its body. `hash` covers everything here and the hash before it."""

    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=48)
    schema = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    role = models.CharField(max_length=48, blank=True)
    step = models.CharField(max_length=48, blank=True)
    facts = models.JSONField(default=dict)
    forms = models.JSONField(default=list)
    body_digest = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True


class BodyRow(models.Model):
    """One data class of an event's texts, encrypted with the case's data key."""

    data_class = models.CharField(max_length=16)
    sealed = models.BinaryField()

    class Meta:
        abstract = True
