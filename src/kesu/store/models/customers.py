"""Customers: owners and those who may become owners, tenants, whoever else the house deals with (ADR 0028).

Each has a data key of his own. Phones, purchases, everything told about him and the values in his history are sealed
with it: whoever destroys this key destroys them all, also where the table is append-only.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from kesu.core.ids import uuid7
from kesu.store.models.estate import Room
from kesu.store.models.grams import grams_of
from kesu.store.triggers import append_only


class CustomerKind(models.TextChoices):
    OWNER = "owner", "业主"
    OWNER_TO_BE = "owner_to_be", "准业主"
    TENANT = "tenant", "租户"
    PROSPECT = "prospect", "意向客户"
    OTHER = "other", "其他接触者"


class Customer(models.Model):
    """`unit`: the project that keeps him. `details`: sealed JSON (sex, year of birth, occupation, address, needs).
    `preferences`: channels, quiet hours, language. `merged_into`: joined to another row, where he is shown since.
    `erased_at`: his personal data were destroyed; `data_key` is empty then."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=CustomerKind.choices)
    name = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    data_key = models.BinaryField()
    details = models.BinaryField(default=bytes)
    preferences = models.JSONField(default=dict)
    groups = ArrayField(models.CharField(max_length=40), default=list)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class CustomerPhone(models.Model):
    """One telephone: sealed, its blind token (the same as of cases), its last four figures. They keep their order."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="phones")
    position = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=32)
    last = models.CharField(max_length=4)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "token"], name="customer_phone_once")]
        indexes = [models.Index(fields=["token", "customer"], name="customer_phone_token")]

    def __str__(self) -> str:
        return self.token


class CustomerRoom(models.Model):
    """What somebody has to do with a room; `ended_on`: the first day on which he has not."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="rooms")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="customers")
    kind = models.CharField(max_length=16, choices=CustomerKind.choices)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "room"], name="customer_room_once", condition=models.Q(ended_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.room_id}"


class CustomerPlace(models.Model):
    """A customer as lists and searches of one project see him: a row for every project where he is kept or has a room.
    Rebuildable (`casefile.customer_places.project`). `place`: path of the project, then the folded name; scope and
    order. `text`, `sounds`, `phones`: what a search reads, of class personal; no row of his own for somebody joined to
    another."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="places")
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    place = models.TextField(db_collation="C")
    kind = models.CharField(max_length=16)
    groups = ArrayField(models.CharField(max_length=40))
    name = models.CharField(max_length=64)
    rooms = models.CharField(max_length=120)
    last = models.CharField(max_length=4)
    is_erased = models.BooleanField(default=False)
    text = models.TextField()
    sounds: Any = SearchVectorField(default="")
    phones = ArrayField(models.CharField(max_length=32))
    grams = grams_of("text")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "unit"], name="customer_place_once")]
        indexes = [
            models.Index(fields=["place", "id"], name="customer_place"),
            models.Index(fields=["kind", "place"], name="customer_place_kind"),
            GinIndex(fields=["groups"], name="customer_place_groups"),
            GinIndex(fields=["grams"], name="customer_place_grams"),
            GinIndex(fields=["sounds"], name="customer_place_sounds"),
            GinIndex(fields=["phones"], name="customer_place_phones"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.unit_id}"


class CustomerOfGroup(models.Model):
    """One group of one `CustomerPlace`, with its kind and place: what a list of a group is read from. Rebuildable with
    it."""

    id = models.BigAutoField(primary_key=True)
    row = models.ForeignKey(CustomerPlace, on_delete=models.DO_NOTHING, related_name="+")
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=16)
    place = models.TextField(db_collation="C")

    class Meta:
        indexes = [
            models.Index(fields=["name", "place", "row"], name="customer_of_group"),
            models.Index(fields=["name", "kind", "place", "row"], name="customer_of_group_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class CustomerKey(models.Model):
    """By what somebody may turn out to be the same person as another: the token of a telephone (`p` before it), or a
    digest of room and name (`r`), in every project where it counts. `is_shared`: another customer has it too, and
    nobody has said that they are two. Rebuildable (`casefile.customer_keys`)."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=33, db_collation="C")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    is_shared = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "customer", "unit"], name="customer_key_once")]
        indexes = [
            models.Index(
                fields=["key", "customer", "unit"], name="customer_key_shared", condition=models.Q(is_shared=True)
            ),
        ]

    def __str__(self) -> str:
        return self.key


class CustomerApart(models.Model):
    """Somebody said that these two are not the same person. `first` is the smaller of the two identifiers."""

    id = models.BigAutoField(primary_key=True)
    first = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="customer_apart_once")]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


class CustomerGroup(models.Model):
    """A group for targeted service that a project uses: what lists offer to filter by."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="customer_group_once")]

    def __str__(self) -> str:
        return self.name


class Purchase(models.Model):
    """`sealed`: JSON with place, amount in yuan and the number of the contract, as far as they are known."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="purchases")
    bought_on = models.DateField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.customer_id} {self.bought_on}"


class Consent(models.Model):
    """Somebody agreed that his data are given to third parties for a purpose, and perhaps no longer does."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=120)
    how = models.CharField(max_length=40)
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    withdrawn_how = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.purpose


class CustomerMerge(models.Model):
    """Two rows of one person were joined. Nothing was moved: undone, both are again what they were."""

    id = models.BigAutoField(primary_key=True)
    kept = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    joined = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges")
    at = models.DateTimeField()
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["joined"], name="customer_joined_once", condition=models.Q(undone_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.joined_id} {self.kept_id}"


class CustomerChange(models.Model):
    """One change of a customer, append-only. `fields`: what was changed; `sealed`: JSON from what to what, readable as
    long as his key is there."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=32)
    fields = ArrayField(models.CharField(max_length=32), default=list)
    sealed = models.BinaryField(default=bytes)

    class Meta:
        triggers = append_only("customer_change")

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d}"


class CustomerReading(models.Model):
    """Somebody had a customer's personal data shown in clear, or took them out as a file. Append-only."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="readings")
    at = models.DateTimeField()
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="customer_reading_at")]
        triggers = append_only("customer_reading")

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"


class ImportWork(models.Model):
    """A file of rooms and customers that waits to be brought in, or is being: gone when its `ImportRun` (of the same
    id) is there. `sealed`: its lines as JSON, packed. `done` of `total` lines are through.
    `attempts`: how often it was begun; `try_at`: not before."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    sealed = models.BinaryField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["try_at", "at"], name="import_work_due")]

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One file of rooms and customers that was sent, and what came of it. `errors`: sheet, line, column and reason of
    each, never a value; with any of them nothing was written. `digest`: SHA-256 of the file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    errors = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["account", "-at"], name="import_run_at")]
        triggers = append_only("import_run")

    def __str__(self) -> str:
        return self.name
