"""Outside parties: somebody who is no one of the house sees his part of one case through a link of his own."""

from __future__ import annotations

from django.db import models

from kesu.core.ids import uuid7


class CaseGuest(models.Model):
    """`slot`: the role of the policy in which he acts, empty for one who only reads and writes. `digest` of the secret
    in his link, which follows from the key ring. `sees_person`: the customer agreed that he gets name, number and room.
    `for_customer`: he is, or speaks for, the customer, or carries words to him; nobody has said so of the oldest ones,
    which count as if he did. `named_seq`: the event of the case that named him as one who hears what the complainant is
    told; such a link the policy gave, and nobody invited him unless somebody of the house took that step.
    `address`: JSON with the channel and where he is reached by it, under the case's key; empty where nobody said."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("store.Case", on_delete=models.PROTECT, related_name="guests")
    name = models.CharField(max_length=80)
    slot = models.CharField(max_length=48, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    sees_person = models.BooleanField(default=False)
    for_customer = models.BooleanField(default=True, db_default=True)
    named_seq = models.PositiveIntegerField(null=True)
    invited_by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    address = models.BinaryField(default=bytes, db_default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "named_seq"], name="guest_named_once")]

    def __str__(self) -> str:
        return self.name
