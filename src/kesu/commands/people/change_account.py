"""What an account says of somebody is put right: his name, his e-mail, his login, the line of his telephone."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for
from kesu.casefile import house
from kesu.core.codes import half_width
from kesu.store.models import Account

LINE: Final = re.compile(r"[\w.*#+-]{1,24}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AccountState:
    """`email` and `line` may be empty."""

    name: str
    login: str
    email: str
    line: str = ""


@transaction.atomic
def change_account(*, actor: Actor, at: datetime, account_id: UUID, wanted: AccountState) -> None:
    """Whoever is signed in stays so, and what he did goes on under the name that he had then. Raises `Forbidden`,
    `NotFound`, or `Unacceptable` for a name or login that is missing, too long, unwritable or taken, for what is no
    e-mail address and for a line that is somebody else's."""
    account_for(actor, account_id)
    house.wait_turn()
    account = Account.objects.select_for_update().get(pk=account_id)
    state = AccountState(
        wanted.name.strip(), half_width(wanted.login).lower(), half_width(wanted.email), _plain(wanted.line)
    )
    house.check_texts(Account, name=state.name, login=state.login)
    wrong: dict[str, str] = {}
    if not house.LOGIN.fullmatch(state.login):
        wrong["login"] = "code_unreadable"
    elif Account.objects.exclude(pk=account.pk).filter(login=state.login).exists():
        wrong["login"] = "login_taken"
    if state.email and not house.is_email(state.email):
        wrong["email"] = "email_unreadable"
    if state.line and not LINE.fullmatch(state.line):
        wrong["line"] = "code_unreadable"
    elif state.line and Account.objects.exclude(pk=account.pk).filter(line=state.line).exists():
        wrong["line"] = "line_taken"
    if wrong:
        raise house.unreadable(wrong)
    before, after = asdict(AccountState(account.name, account.login, account.email, account.line)), asdict(state)
    changed = [key for key in after if before[key] != after[key]]
    if not changed:
        return
    account.name, account.login, account.email, account.line = state.name, state.login, state.email, state.line
    account.save(update_fields=["name", "pinyin", "login", "email", "line"])
    stated = {"before": {key: before[key] for key in changed}, "after": {key: after[key] for key in changed}}
    house.record("account.changed", at=at, by=actor.account_id, subject=account.pk, name=account.name, **stated)


def _plain(line: str) -> str:
    return "".join(half_width(line).split())
