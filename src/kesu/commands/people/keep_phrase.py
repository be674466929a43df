"""常用语: the phrases that somebody keeps for his opinions. His own; nobody else sees them."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from kesu.access.actor import Actor
from kesu.core.errors import Unacceptable
from kesu.store.models import Account, Phrase

LONGEST: Final = 120
MOST: Final = 20


@transaction.atomic
def keep_phrase(*, actor: Actor, text: str) -> None:
    """Raises `Unacceptable` for an empty or too long one, and when he keeps as many as he may. One that he has stays as
    it is."""
    said = " ".join(text.split())
    if not said or len(said) > LONGEST:
        raise Unacceptable("unreadable", data={"fields": {"text": f"≤ {LONGEST}" if said else "empty"}, "refusals": ()})
    # Two forms that are sent at once do not add one too many.
    Account.objects.select_for_update().only("pk").get(pk=actor.account_id)
    own = Phrase.objects.filter(account_id=actor.account_id)
    if own.filter(text=said).exists():
        return
    if own.count() >= MOST:
        raise Unacceptable("unreadable", data={"fields": {"text": "too_many_phrases"}, "refusals": ()})
    Phrase.objects.create(account_id=actor.account_id, text=said)
