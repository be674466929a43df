"""The papers of one person: what is recorded, and what policies in force ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.credentials import kinds_asked
from kesu.access.house import person_for
from kesu.store.models import AccountCredential

SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CredentialLine:
    """`ending`: the last figures; the whole number is shown to nobody."""

    id: UUID
    kind: str
    ending: str
    valid_until: date
    is_over: bool
    is_soon: bool
    has_proof: bool


@dataclass(frozen=True, slots=True)
class CredentialBook:
    lines: tuple[CredentialLine, ...]
    kinds: tuple[str, ...]


def credential_book(*, actor: Actor, at: datetime, on: date, account_id: UUID) -> CredentialBook:
    """`on`: today. Raises `Forbidden` and `NotFound`. Three queries."""
    account = person_for(actor, account_id)
    rows = AccountCredential.objects.filter(account=account).order_by("-valid_until", "kind").defer("number", "proof")
    lines = (
        CredentialLine(
            row.pk,
            row.kind,
            row.ending,
            row.valid_until,
            row.valid_until < on,
            on <= row.valid_until <= on + SOON,
            bool(row.proof_type),
        )
        for row in rows
    )
    return CredentialBook(tuple(lines), kinds_asked(at))
