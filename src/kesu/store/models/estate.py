"""Rooms, and what the house knows of each: when it was delivered, who may claim what until when, how it is used.

A room is named by its project, building, entrance (单元: not to be mixed up with a unit of the organisation) and
number. Phase, building and entrance are parts of this address and no rows of their own: nothing hangs on them.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from kesu.core.ids import uuid7
from kesu.store.models.grams import grams_of
from kesu.store.triggers import append_only


class Occupancy(models.TextChoices):
    OWN = "own", "自住"
    LET = "let", "出租"
    EMPTY = "empty", "空置"


class Room(models.Model):
    """`place` is the path of the project and then the address with its figures padded: scope by prefix, and the order
    of lists (2 before 10). `text`: what a search reads, folded. `occupancy` empty: not known."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(max_length=40, blank=True)
    building = models.CharField(max_length=40)
    entrance = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=20)
    place = models.TextField(db_collation="C")
    text = models.TextField()
    grams = grams_of("text")
    delivered_on = models.DateField(null=True)
    moved_in_on = models.DateField(null=True)
    occupancy = models.CharField(max_length=8, choices=Occupancy.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "building", "entrance", "number"], name="room_once"),
        ]
        indexes = [
            models.Index(fields=["place", "id"], name="room_place"),
            models.Index(fields=["occupancy", "place"], name="room_occupancy"),
            GinIndex(fields=["grams"], name="room_grams"),
        ]

    def __str__(self) -> str:
        return "-".join(part for part in (self.building, self.entrance, self.number) if part)


class RoomWarranty(models.Model):
    """Until which day (inclusive) one kind of work of a room is under warranty."""

    id = models.BigAutoField(primary_key=True)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="warranties")
    work = models.CharField(max_length=40)
    until = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "work"], name="warranty_once")]

    def __str__(self) -> str:
        return f"{self.work} {self.until}"


class RoomChange(models.Model):
    """One change of a room, append-only: who, when, from what to what. It outlives a room that was removed."""

    id = models.BigAutoField(primary_key=True)
    room = models.ForeignKey(Room, on_delete=models.DO_NOTHING, related_name="changes", db_constraint=False)
    at = models.DateTimeField()
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=32)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        triggers = append_only("room_change")

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d}"
