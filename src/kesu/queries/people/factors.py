"""What is asked of somebody who is coming in. For the page of signing in alone: it says whom to ask for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kesu.access.actor import actor_of
from kesu.access.permissions import Permission
from kesu.store.models import Account, AuthenticatorApp, Identity, Passkey


@dataclass(frozen=True, slots=True)
class Factors:
    """`is_asked`: his posts ask for a second factor."""

    has_app: bool
    has_passkey: bool
    is_asked: bool
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class Credential:
    """A passkey as its signature is checked by."""

    id: UUID
    account_id: UUID
    credential: bytes
    public: bytes


def factors_of(*, account_id: UUID, on: date) -> Factors | None:
    """None for an account that is shut or never was."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        return None
    return Factors(
        has_app=AuthenticatorApp.objects.filter(account=account).exists(),
        has_passkey=Passkey.objects.filter(account=account).exists(),
        is_asked=actor_of(account, on).may(Permission.SECOND_FACTOR),
        must_change_password=account.must_change_password,
    )


def open_account(*, account_id: UUID) -> Account | None:
    """Whom to sign in, once everything was shown."""
    return Account.objects.filter(pk=account_id, is_active=True).first()


def passkey_of(*, credential: bytes) -> Credential | None:
    """Of an open account."""
    row = Passkey.objects.filter(credential=credential, account__is_active=True).first()
    return Credential(row.pk, row.account_id, bytes(row.credential), bytes(row.public)) if row else None


def passkeys_of(*, account_id: UUID) -> tuple[Credential, ...]:
    rows = Passkey.objects.filter(account_id=account_id).order_by("pk")
    return tuple(Credential(row.pk, row.account_id, bytes(row.credential), bytes(row.public)) for row in rows)


def account_of_identity(*, provider: str, subject: str) -> UUID | None:
    """Whom a provider means, where that is known already."""
    return Identity.objects.filter(provider=provider, subject=subject).values_list("account_id", flat=True).first()
