"""Deadlines of one person for his own calendar program."""

from __future__ import annotations

from django.db import models


class CalendarFeed(models.Model):
    """The secret link by which a calendar program reads what somebody owes; only its digest is kept. `told`: what the
    last answer named (case and key of each obligation), so that what is over is called off."""

    account = models.OneToOneField("store.Account", primary_key=True, on_delete=models.CASCADE, related_name="feed")
    digest = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
    told = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.account_id} {self.since}"
