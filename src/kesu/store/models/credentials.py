"""Papers of the people of the house that a policy asks for before somebody is named: who may investigate, and until
when."""

from __future__ import annotations

from django.db import models

from kesu.core.ids import uuid7


class AccountCredential(models.Model):
    """`kind` as policies call it; the number is sealed with the key ring, `ending` are its last figures. Good to the
    end of `valid_until`. The proof is a picture or PDF, sealed as well; none where its type is empty. A row that is
    removed leaves nothing of the number anywhere."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=40)
    key_id = models.CharField(max_length=16)
    number = models.BinaryField()
    ending = models.CharField(max_length=4)
    valid_until = models.DateField()
    proof = models.BinaryField(default=b"")
    proof_type = models.CharField(max_length=80, blank=True, default="")
    added_by = models.ForeignKey("store.Account", null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "kind", "valid_until"], name="credential_of"),
            models.Index(fields=["valid_until"], name="credential_until"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind}"
