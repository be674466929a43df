"""Approvals as those see them who laid them before the signers, and the phrases that signers keep."""

from __future__ import annotations

from django.db import models


class SubmittedApproval(models.Model):
    """One version of what somebody laid before the signers, as the engine last computed it: a projection. `round`: the
    number of the event that laid it before them. `closed_at`: null while somebody has still to sign."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("store.Case", on_delete=models.CASCADE, related_name="submitted_approvals")
    approval = models.CharField(max_length=48)
    round = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    author = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="submitted_approvals")
    opened_at = models.DateTimeField()
    status = models.CharField(max_length=16)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "approval", "round"], name="submitted_approval_once")]
        indexes = [models.Index(fields=["author", "-id"], name="submitted_approval_of")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.approval} {self.round}"


class Phrase(models.Model):
    """Words that somebody often writes when he signs: his own, shown to nobody else."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="phrases")
    text = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "text"], name="phrase_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.pk}"
