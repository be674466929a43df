"""An administrator says who somebody is for a company's own sign-on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for
from kesu.casefile import entry, house
from kesu.store.models import Identity


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
    entry.link(account, provider, subject.strip(), at=at, by=actor.account_id)
