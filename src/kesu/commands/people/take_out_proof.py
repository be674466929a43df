"""The picture of a recorded paper is handed out; the record of the house keeps who took it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.credentials import credential_for
from kesu.casefile import house
from kesu.casefile.credentials import opened_proof
from kesu.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Proof:
    content: bytes
    media_type: str


@transaction.atomic
def take_out_proof(*, actor: Actor, at: datetime, credential_id: UUID) -> Proof:
    """Of oneself, or of anybody with the right to change people; of others it is written down. Raises `NotFound`."""
    row = credential_for(actor, credential_id)
    if not row.proof_type:
        raise NotFound
    if row.account_id != actor.account_id:
        after = {"kind": row.kind, "until": row.valid_until.isoformat()}
        whose = row.account
        house.record("credential.shown", at=at, by=actor.account_id, subject=whose.pk, name=whose.name, after=after)
    return Proof(opened_proof(row), row.proof_type)
