"""Sessions and second factors, as several commands need them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError

from kesu.casefile import house
from kesu.core.codes import half_width
from kesu.core.ids import readable_code
from kesu.core.one_time_codes import step_of_code
from kesu.store.keys import ring
from kesu.store.models import Account, AuthenticatorApp, CalendarFeed, Identity, RecoveryCode, SignIn

RECOVERY_CODES: Final = 10
MOST_FAILURES: Final = 10
REST: Final = timedelta(minutes=15)
"""So long no code is looked at after `MOST_FAILURES` wrong ones, wherever they came from."""


def end(sign_ins: Iterable[SignIn]) -> int:
    """Ends these sessions: the next request of each is nobody's."""
    found = list(sign_ins)
    Session.objects.filter(session_key__in=[one.session_key for one in found]).delete()
    SignIn.objects.filter(pk__in=[one.pk for one in found]).delete()
    return len(found)


def end_all(account: Account) -> int:
    return end(SignIn.objects.filter(account=account))


def set_password(account: Account, password: str, *, field: str = "password") -> None:
    """Raises `Unacceptable` for a weak one. Whoever else is signed in with the old one is signed out by it."""
    try:
        validate_password(password, account)
    except ValidationError as weak:
        raise house.unreadable({field: "password_weak"}) from weak
    if account.check_password(password):
        raise house.unreadable({field: "password_same"})
    account.set_password(password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])


def remove_second_factors(account: Account) -> None:
    """With the link of his calendar: whoever has the telephone now reads it there."""
    remove_feed(account)
    AuthenticatorApp.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    account.passkeys.all().delete()


def remove_feed(account: Account) -> None:
    """The link of his calendar opens nothing any more, also where the account is opened again."""
    CalendarFeed.objects.filter(account=account).delete()


def fresh_recovery_codes(account: Account) -> tuple[str, ...]:
    """Takes the place of all earlier ones."""
    RecoveryCode.objects.filter(account=account).delete()
    codes = tuple(readable_code(groups=2, size=5) for _ in range(RECOVERY_CODES))
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(account.pk, code)) for code in codes)
    return codes


def is_good_code(account: Account, code: str, at: datetime) -> bool:
    """A code of the app, or a recovery code; either is spent by this. Inside a transaction that takes the row, so that
    of two that come at once one is refused."""
    app = AuthenticatorApp.objects.select_for_update().filter(account=account).first()
    if app is None:
        return False
    is_resting = app.failures >= MOST_FAILURES and app.failed_at is not None and at - app.failed_at < REST
    if is_resting:
        return False
    secret = ring().open("authenticator", account.pk.bytes, app.key_id, bytes(app.secret))
    step = step_of_code(secret, code, at, after=app.last_step)
    if step is not None:
        app.last_step = step
    if step is not None or RecoveryCode.objects.filter(account=account, digest=_digest(account.pk, code)).delete()[0]:
        app.failures = 0
    else:
        app.failures, app.failed_at = app.failures + 1, at
    app.save(update_fields=["last_step", "failures", "failed_at"])
    return app.failures == 0


def _digest(account: UUID, code: str) -> str:
    plain = "".join(sign for sign in half_width(code).upper() if sign.isalnum())
    return ring().derive("recovery", f"{account.hex}\x00{plain}").hex()


def link(account: Account, provider: str, subject: str, *, at: datetime, by: UUID | None) -> None:
    """`by` None: the provider named the account itself."""
    Identity.objects.create(account=account, provider=provider, subject=subject, since=at)
    told = {"provider": provider, "subject": subject}
    house.record("identity.linked", at=at, by=by, subject=account.pk, name=account.name, after=told)
