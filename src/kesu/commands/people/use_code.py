"""A code of an authenticator app or a recovery code is shown, and spent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.casefile import entry
from kesu.store.models import Account


@transaction.atomic
def use_code(*, account_id: UUID, at: datetime, code: str) -> bool:
    """Whether this is a code of the app or a recovery code of an open account. It is good no second time."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    return account is not None and entry.is_good_code(account, code, at)
