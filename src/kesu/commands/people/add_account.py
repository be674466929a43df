"""Somebody of the house gets an account."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import house
from kesu.core.codes import half_width
from kesu.core.ids import readable_code
from kesu.store.models import Account


@transaction.atomic
def add_account(*, actor: Actor, at: datetime, login: str, name: str) -> str:
    """Returns the password for the first time, which stands nowhere else. Raises `Forbidden`, or `Unacceptable` for a
    login that is taken and texts that are missing or too long."""
    actor.require(Permission.PEOPLE_EDIT)
    house.wait_turn()
    login = half_width(login).lower()
    house.check_texts(Account, login=login, name=name)
    if not house.LOGIN.fullmatch(login):
        raise house.unreadable({"login": "code_unreadable"})
    account = Account(login=login, name=name.strip(), must_change_password=True)
    if Account.objects.filter(login=account.login).exists():
        raise house.unreadable({"login": "login_taken"})
    password = readable_code(groups=3)
    account.set_password(password)
    account.save()
    after = {"login": account.login}
    house.record("account.created", at=at, by=actor.account_id, subject=account.pk, name=account.name, after=after)
    return password
