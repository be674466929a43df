"""A passkey has answered: its use is noted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.store.models import Passkey


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
