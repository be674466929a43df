"""The second factor of a person: codes of an app, and codes for the day when the telephone is lost."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for
from kesu.casefile import entry, house
from kesu.core.errors import Forbidden
from kesu.core.one_time_codes import step_of_code
from kesu.store.keys import ring
from kesu.store.models import Account, AuthenticatorApp, RecoveryCode


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


@transaction.atomic
def renew_recovery_codes(*, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Ten new ones; the earlier ones are good no more. Raises `Forbidden` for somebody without an app."""
    account = Account.objects.select_for_update().get(pk=actor.account_id)
    if not AuthenticatorApp.objects.filter(account=account).exists():
        raise Forbidden("no_second_factor")
    told = {"factor": "recovery"}
    house.record("factor.added", at=at, by=account.pk, subject=account.pk, name=account.name, after=told)
    return entry.fresh_recovery_codes(account)


@transaction.atomic
def use_code(*, account_id: UUID, at: datetime, code: str) -> bool:
    """Whether this is a code of the app or a recovery code of an open account. It is good no second time."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    return account is not None and entry.is_good_code(account, code, at)


@transaction.atomic
def remove_app(*, actor: Actor, at: datetime) -> None:
    """One's own app and the recovery codes."""
    account = Account.objects.get(pk=actor.account_id)
    removed, _ = AuthenticatorApp.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    if removed:
        told = {"factor": "app"}
        house.record("factor.removed", at=at, by=account.pk, subject=account.pk, name=account.name, before=told)


@transaction.atomic
def reset_factors(*, actor: Actor, at: datetime, account_id: UUID) -> None:
    """Somebody lost his telephone: app, recovery codes and passkeys are removed, his sessions end. Raises `Forbidden`
    (also for oneself) and `NotFound`."""
    account = account_for(actor, account_id)
    if account.pk == actor.account_id:
        raise Forbidden("not_oneself")
    entry.remove_second_factors(account)
    ended = entry.end_all(account)
    told = {"sessions": ended}
    house.record("factor.reset", at=at, by=actor.account_id, subject=account.pk, name=account.name, after=told)
