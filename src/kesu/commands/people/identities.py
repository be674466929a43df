"""Who somebody is for a company's own sign-on. No account is ever made by it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for
from kesu.casefile import house
from kesu.store.models import Account, Identity


@transaction.atomic
def link_by_login(*, at: datetime, provider: str, subject: str, login: str) -> UUID | None:
    """Somebody comes by this provider for the first time, and it names an account that is open and not linked with it
    yet. Whoever calls has verified what the provider says. None where there is no such account."""
    account = Account.objects.select_for_update().filter(login=login.strip().lower(), is_active=True).first()
    if account is None or Identity.objects.filter(provider=provider, account=account).exists():
        return None
    _link(account, provider, subject, at=at, by=None)
    return account.pk


@transaction.atomic
def link_identity(*, actor: Actor, at: datetime, account_id: UUID, provider: str, subject: str) -> None:
    """Takes the place of what was linked before; an empty `subject` unlinks. Raises `Forbidden`, `NotFound`,
    `Unacceptable` for a subject that is too long or somebody else's."""
    account = account_for(actor, account_id)
    before = Identity.objects.filter(provider=provider, account=account).first()
    if before is not None:
        before.delete()
        told = {"provider": provider, "subject": before.subject}
        house.record(
            "identity.unlinked", at=at, by=actor.account_id, subject=account.pk, name=account.name, before=told
        )
    if not subject.strip():
        return
    house.check_texts(Identity, subject=subject)
    if Identity.objects.filter(provider=provider, subject=subject.strip()).exists():
        raise house.unreadable({"subject": "identity_taken"})
    _link(account, provider, subject.strip(), at=at, by=actor.account_id)


def _link(account: Account, provider: str, subject: str, *, at: datetime, by: UUID | None) -> None:
    Identity.objects.create(account=account, provider=provider, subject=subject, since=at)
    told = {"provider": provider, "subject": subject}
    house.record("identity.linked", at=at, by=by, subject=account.pk, name=account.name, after=told)
