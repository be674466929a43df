"""Ledgers of policies: accounts, and what cases enter in them. Both are append-only: what no longer holds is answered
by its opposite. All of it follows from the logs of cases and can be made anew from them."""

from __future__ import annotations

from django.db import models

from kesu.core.ids import uuid7
from kesu.store.triggers import append_only


class LedgerAccount(models.Model):
    """One set of values of what a ledger is kept by, in one root. `per`: the values in the order of the policy; units
    by their identifier. Its row is what those who enter something wait for each other at."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    root = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    pack = models.CharField(max_length=32)
    ledger = models.CharField(max_length=48)
    per = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root", "pack", "ledger", "per"], name="ledger_account_once")]
        triggers = append_only("ledger_account")

    def __str__(self) -> str:
        return f"{self.pack}.{self.ledger} {'、'.join(self.per)}"


class LedgerEntry(models.Model):
    """What event `seq` of a case enters, in yuan: taken out where it is below zero. `number` counts in the account from
    1 without a gap, `balance` is what the account holds after it. `ledger_name`, `what`: the names of the ledger and of
    what was done, as the policy of the case has them. `corrects`: it answers an earlier entry of the same event."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    case = models.ForeignKey("store.Case", on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    amount = models.DecimalField(max_digits=17, decimal_places=2)
    balance = models.DecimalField(max_digits=19, decimal_places=2)
    ledger_name = models.CharField(max_length=80)
    what = models.CharField(max_length=120)
    corrects = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "number"], name="ledger_entry_number_once")]
        indexes = [models.Index(fields=["case", "id"], name="ledger_entry_of_case")]
        triggers = append_only("ledger_entry")

    def __str__(self) -> str:
        return f"{self.account_id} {self.number} {self.amount}"
