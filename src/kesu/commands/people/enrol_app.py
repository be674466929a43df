"""Somebody sets up an authenticator app, and is given codes for the day when the telephone is lost."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.casefile import entry, house
from kesu.core.one_time_codes import step_of_code
from kesu.store.keys import ring
from kesu.store.models import Account, AuthenticatorApp


@transaction.atomic
def enrol_app(*, account_id: UUID, at: datetime, secret: bytes, code: str) -> tuple[str, ...]:
    """For somebody whom the caller knows to be himself. `code`: of the app that has read `secret`; it is spent. Returns
    the recovery codes, which are kept as digests only. Raises `Unacceptable` for a wrong code."""
    account = Account.objects.select_for_update().get(pk=account_id, is_active=True)
    step = step_of_code(secret, code, at, after=0)
    if step is None:
        raise house.unreadable({"code": "code_wrong"})
    key_id, sealed = ring().keep("authenticator", account.pk.bytes, secret)
    AuthenticatorApp.objects.filter(account=account).delete()
    AuthenticatorApp.objects.create(account=account, key_id=key_id, secret=sealed, since=at, last_step=step)
    house.record("factor.added", at=at, by=account.pk, subject=account.pk, name=account.name, after={"factor": "app"})
    return entry.fresh_recovery_codes(account)
