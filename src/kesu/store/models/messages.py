"""The outbox: what must leave the house, written in the same transaction as the reason for it; and where people and
places want to be reached."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kesu.core.ids import uuid7


class Recipient(models.TextChoices):
    ACCOUNT = "account", "同事"
    CUSTOMER = "customer", "客户"
    REPRESENTATIVE = "representative", "代表"
    GUEST = "guest", "外部协作"
    ROBOT = "robot", "工作群"


class ChatPlace(models.Model):
    """A group of a work chat that a unit has set, reached by the robot in it. `sealed`: JSON with the robot's address
    and secret, kept with the key ring. What is urgent on cases under the unit is told there; nothing confidential, and
    what somebody wrote only where the unit said so (`tells_words`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16)
    name = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    sealed = models.BinaryField()
    tells_words = models.BooleanField(default=False, db_default=False)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit"], name="chat_place", condition=models.Q(removed_at__isnull=True))]

    def __str__(self) -> str:
        return self.name


class NoticeChoice(models.Model):
    """How somebody wants to be told, by his own word; without a row: by mail, at any hour. `channels`: in the order in
    which they are tried; none: on his pages alone. `addresses`: by channel, beside his mail address. From `quiet_from`
    to `quiet_until` in his `zone` nothing leaves but what is urgent; at `digest_at` what may wait leaves together."""

    account = models.OneToOneField(
        "store.Account", primary_key=True, on_delete=models.CASCADE, related_name="notice_choice"
    )
    channels = ArrayField(models.CharField(max_length=16), default=list)
    addresses = models.JSONField(default=dict)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    zone = models.CharField(max_length=40, blank=True, default="")
    digest_at = models.TimeField(null=True)

    def __str__(self) -> str:
        return str(self.account_id)


UNDELIVERED = models.Q(state="failed") | models.Q(state="held", error__in=["no_address", "by_hand"])
"""What somebody has to look after: given up by the program, without an address, or to be handed over on paper."""


class OutboxMessage(models.Model):
    """`key` is stable, so that one reason yields one message for one person whoever computes it how often.
    `payload` holds codes and typed values; the sentence is made when it is sent. States: due, sent, held (nowhere to
    send it), failed (given up by the program), replaced (another one went in its place: `instead_of` of that), dropped
    (given up by somebody: `settled_by`, `settled_why`). Lanes: urgent, normal, digest (waits for the daily one).

    `channel`: empty until it is known which one carries it. `note`: the words to somebody outside, kept with the case.
    `address`: where somebody said that it goes instead; `sealed`: where it went and what it said, as JSON; both under
    the key of its case, so that they are destroyed with it, and empty without a case. `masked`: the address as screens
    show it; `called`: what the other side calls the message. `ask_at`: when the other side is asked next whether it
    reached the device; `arrived_at`: since when it is known that it did."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=240, unique=True)
    lane = models.CharField(max_length=8, default="normal")  # urgent | normal | digest
    channel = models.CharField(max_length=16, blank=True, default="", db_default="")
    recipient = models.CharField(max_length=16, default=Recipient.ACCOUNT, db_default=Recipient.ACCOUNT)
    account = models.ForeignKey("store.Account", null=True, on_delete=models.CASCADE, related_name="messages")
    guest = models.ForeignKey("store.CaseGuest", null=True, on_delete=models.CASCADE, related_name="+")
    place = models.ForeignKey(ChatPlace, null=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("store.Case", null=True, on_delete=models.CASCADE, related_name="messages")
    note = models.ForeignKey("store.Note", null=True, on_delete=models.CASCADE, related_name="+")
    template = models.CharField(max_length=32)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="due")
    created_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField(null=True)
    address = models.BinaryField(default=bytes, db_default=b"")
    masked = models.CharField(max_length=80, blank=True, default="", db_default="")
    sealed = models.BinaryField(default=bytes, db_default=b"")
    called = models.CharField(max_length=200, blank=True, default="", db_default="")
    ask_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    instead_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    settled_by = models.ForeignKey("store.Account", null=True, on_delete=models.SET_NULL, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_why = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outbox_recipient",
                condition=models.Q(recipient=Recipient.ACCOUNT, account__isnull=False)
                | models.Q(recipient=Recipient.CUSTOMER, case__isnull=False, account__isnull=True)
                | models.Q(
                    recipient__in=[Recipient.REPRESENTATIVE, Recipient.GUEST], guest__isnull=False, account__isnull=True
                )
                | models.Q(recipient=Recipient.ROBOT, place__isnull=False, account__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["lane", "try_at", "id"], name="outbox_due", condition=models.Q(state="due")),
            models.Index(fields=["ask_at", "id"], name="outbox_ask", condition=models.Q(ask_at__isnull=False)),
            models.Index(fields=["account", "-id"], name="outbox_notice"),
            models.Index(fields=["account", "-id"], name="outbox_unread", condition=models.Q(seen_at__isnull=True)),
            models.Index(fields=["case", "-id"], name="outbox_undelivered", condition=UNDELIVERED),
            models.Index(fields=["account", "-id"], name="outbox_copy", condition=models.Q(template="copy")),
            models.Index(
                fields=["account"],
                name="outbox_copy_unread",
                condition=models.Q(template="copy", seen_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.key
