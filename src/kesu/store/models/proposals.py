"""Policies that are proposed: what is to be in force, who is to sign for it, and how it ended."""

from __future__ import annotations

import pgtrigger
from django.db import models

from kesu.core.ids import uuid7
from kesu.store.models.policies import SUBJECT_LENGTH
from kesu.store.triggers import append_only


class PolicyProposal(models.Model):
    """Nothing of it serves a case before the last of its signers has signed. `canonical` is the resolved text with the
    company's figures and `hash` its digest: what is signed, and what is adopted, whatever the library says by then.
    `since` None: from the last signature on. `periods` and `workdays` are the working hours that it is counted with."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=SUBJECT_LENGTH, default="", blank=True)
    pack = models.CharField(max_length=48)
    version = models.CharField(max_length=24)
    title = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)
    canonical = models.TextField()
    periods = models.JSONField()
    workdays = models.JSONField()
    since = models.DateField(null=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = append_only("policy_proposal")

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class ProposalSigner(models.Model):
    """Who signs in one slot of a policy, in the order of `position`. Somebody else may be named until he has signed;
    what is signed stays as it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    proposal = models.ForeignKey(PolicyProposal, on_delete=models.PROTECT, related_name="signers")
    position = models.PositiveSmallIntegerField()
    slot = models.CharField(max_length=120)
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "slot"], name="proposal_signer_once_a_slot"),
            models.UniqueConstraint(fields=["proposal", "account"], name="proposal_signer_in_one_slot"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="proposal_signer_signed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__signed_at__isnull=False),
            ),
            pgtrigger.Protect(name="proposal_signer_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.slot} {self.account_id}"


class ProposalEnd(models.Model):
    """How a proposal ended: in_force, refused or withdrawn; `reason` of who refused."""

    proposal = models.OneToOneField(PolicyProposal, on_delete=models.PROTECT, primary_key=True, related_name="end")
    how = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        triggers = append_only("proposal_end")

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.how}"
