"""A paper of somebody of the house is recorded: what it is, its number, until when it is good, and a picture of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.credentials import kinds_asked
from kesu.access.house import person_for
from kesu.casefile import credentials, files, house
from kesu.core.uploads import Upload
from kesu.store.models import AccountCredential

_LONGEST: Final = 60
_SHOWN: Final = 4
_PROOFS: Final = ("image/", "application/pdf")
MAX_PROOF: Final = 4 * 1024 * 1024


@transaction.atomic
def add_credential(
    *,
    actor: Actor,
    at: datetime,
    on: date,
    account_id: UUID,
    kind: str,
    number: str,
    valid_until: date,
    proof: Upload | None = None,
) -> UUID:
    """`on`: today. One may record his own; those of others take the right to change people. The same paper recorded
    twice is one. Raises `NotFound`, `Forbidden`, or `Unacceptable` for a kind that no policy in force asks for, a
    number that is none, a day that is over, and a proof that is no picture or PDF."""
    account = person_for(actor, account_id)
    house.wait_turn()
    said = " ".join(number.split())
    wrong: dict[str, str] = {}
    if kind not in kinds_asked(at):
        wrong["kind"] = "not_offered"
    if not said or len(said) > _LONGEST or not said.isprintable():
        wrong["number"] = "text_too_long" if said else "text_missing"
    if valid_until < on:
        wrong["valid_until"] = "day_over"
    media = (files.media_type(proof) or "") if proof is not None else ""
    if proof is not None and (len(proof.content) > MAX_PROOF or not media.startswith(_PROOFS)):
        wrong["proof"] = "no_picture"
    if wrong:
        raise house.unreadable(wrong)
    for row in AccountCredential.objects.filter(account=account, kind=kind, valid_until=valid_until):
        if credentials.opened(row) == said:
            return row.pk
    key_id, sealed = credentials.sealed(account.pk, said)
    row = AccountCredential.objects.create(
        account=account,
        kind=kind,
        key_id=key_id,
        number=sealed,
        ending=said[-_SHOWN:] if len(said) > _SHOWN else "",
        valid_until=valid_until,
        proof=credentials.sealed_proof(account.pk, proof.content) if proof is not None else b"",
        proof_type=media,
        added_by_id=actor.account_id,
        added_at=at,
    )
    after = {"kind": kind, "until": valid_until.isoformat()}
    house.record("credential.added", at=at, by=actor.account_id, subject=account.pk, name=account.name, after=after)
    return row.pk
