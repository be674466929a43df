"""The public half of a key that somebody's device holds is kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.casefile import house
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
