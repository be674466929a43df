"""The outbox: what must leave the house, written in the same transaction as the reason for it."""

from __future__ import annotations

from django.db import models


class OutboxMessage(models.Model):
    """`key` is stable, so that one reason yields one message for one person whoever computes it how often.
    `payload` holds codes and typed values; the sentence is made when it is sent. States: due, sent, held (nowhere to
    send it), failed (given up)."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=240, unique=True)
    lane = models.CharField(max_length=8, default="normal")  # urgent | normal
    channel = models.CharField(max_length=16, default="mail")
    account = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="messages")
    case = models.ForeignKey("store.Case", null=True, on_delete=models.CASCADE, related_name="messages")
    template = models.CharField(max_length=32)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="due")
    created_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["lane", "try_at"], name="outbox_due", condition=models.Q(state="due")),
            models.Index(fields=["account", "-created_at"], name="outbox_account"),
            models.Index(fields=["account", "-id"], name="outbox_copy", condition=models.Q(template="copy")),
            models.Index(
                fields=["account"],
                name="outbox_copy_unread",
                condition=models.Q(template="copy", seen_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.key
