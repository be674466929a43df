"""What an account says of somebody is put right: his name, his e-mail, his login."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for
from kesu.casefile import house
from kesu.core.codes import half_width
from kesu.store.models import Account


@dataclass(frozen=True, slots=True)
class AccountState:
    """`email` may be empty."""

    name: str
    login: str
    email: str


@transaction.atomic
def change_account(*, actor: Actor, at: datetime, account_id: UUID, wanted: AccountState) -> None:
    """Whoever is signed in stays so, and what he did goes on under the name that he had then. Raises `Forbidden`,
    `NotFound`, or `Unacceptable` for a name or login that is missing, too long, unwritable or taken, and for what is no
    e-mail address."""
    account_for(actor, account_id)
    house.wait_turn()
    account = Account.objects.select_for_update().get(pk=account_id)
    state = AccountState(wanted.name.strip(), half_width(wanted.login).lower(), half_width(wanted.email))
    house.check_texts(Account, name=state.name, login=state.login)
    wrong: dict[str, str] = {}
    if not house.LOGIN.fullmatch(state.login):
        wrong["login"] = "code_unreadable"
    elif Account.objects.exclude(pk=account.pk).filter(login=state.login).exists():
        wrong["login"] = "login_taken"
    if state.email and not house.is_email(state.email):
        wrong["email"] = "email_unreadable"
    if wrong:
        raise house.unreadable(wrong)
    before, after = asdict(AccountState(account.name, account.login, account.email)), asdict(state)
    changed = [key for key in after if before[key] != after[key]]
    if not changed:
        return
    account.name, account.login, account.email = state.name, state.login, state.email
    account.save(update_fields=["name", "pinyin", "login", "email"])
    stated = {"before": {key: before[key] for key in changed}, "after": {key: after[key] for key in changed}}
    house.record("account.changed", at=at, by=actor.account_id, subject=account.pk, name=account.name, **stated)
