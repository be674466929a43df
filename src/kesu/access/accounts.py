"""Who is signed in: the framework's own accounts, looked up with a statement that is made once."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.backends import ModelBackend

from kesu.store.fixed import FixedRows
from kesu.store.models import Account

_OPEN: Final = FixedRows(lambda account: Account.objects.filter(pk=account, is_active=True))


class Accounts(ModelBackend):
    def get_user(self, user_id: Any) -> Account | None:
        """None for an account that has been shut."""
        return _OPEN.one(user_id)
