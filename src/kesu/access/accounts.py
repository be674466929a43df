"""Who is signed in: the framework's own accounts, looked up with a statement that is made once."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.db import connection

from kesu.store.fixed import Fixed
from kesu.store.models import Account

_COLUMNS: Final = tuple(field.attname for field in Account._meta.concrete_fields)
_OPEN: Final = Fixed(lambda account: Account.objects.filter(pk=account, is_active=True).values_list(*_COLUMNS))


class Accounts(ModelBackend):
    def get_user(self, user_id: Any) -> Account | None:
        """None for an account that has been shut."""
        for row in _OPEN(user_id):
            return Account.from_db(connection.alias, _COLUMNS, row)
        return None
