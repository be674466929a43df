"""Passkeys of a person: the public halves of keys that his devices hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.casefile import house
from kesu.core.errors import NotFound
from kesu.store.models import Account, Passkey


@transaction.atomic
def add_passkey(*, account_id: UUID, at: datetime, credential: bytes, public: bytes, counter: int, name: str) -> None:
    """For somebody whom the caller knows to be himself, of a credential that was verified. Raises `Unacceptable` for a
    name that cannot be used and a credential that is somebody's already."""
    house.check_texts(Passkey, name=name)
    account = Account.objects.get(pk=account_id, is_active=True)
    if Passkey.objects.filter(credential=credential).exists():
        raise house.unreadable({"name": "passkey_known"})
    Passkey.objects.create(
        account=account, credential=credential, public=public, counter=counter, name=name.strip(), since=at
    )
    told = {"factor": "passkey", "name": name.strip()}
    house.record("factor.added", at=at, by=account.pk, subject=account.pk, name=account.name, after=told)


@transaction.atomic
def remove_passkey(*, actor: Actor, at: datetime, passkey_id: UUID) -> None:
    """One's own; raises `NotFound` for another one's."""
    passkey = Passkey.objects.filter(pk=passkey_id, account_id=actor.account_id).first()
    if passkey is None:
        raise NotFound
    passkey.delete()
    told = {"factor": "passkey", "name": passkey.name}
    house.record("factor.removed", at=at, by=actor.account_id, subject=actor.account_id, name=actor.name, before=told)


@transaction.atomic
def use_passkey(*, passkey_id: UUID, at: datetime, counter: int) -> bool:
    """After its signature was verified. False where its counter goes backwards (the key was copied) or its account is
    shut; many devices count nothing and say 0."""
    passkey = Passkey.objects.select_for_update().filter(pk=passkey_id, account__is_active=True).first()
    if passkey is None or ((passkey.counter or counter) and counter <= passkey.counter):
        return False
    passkey.counter, passkey.used_at = counter, at
    passkey.save(update_fields=["counter", "used_at"])
    return True
