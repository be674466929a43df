"""Somebody keeps one of his phrases no longer."""

from __future__ import annotations

from django.db import transaction

from kesu.access.actor import Actor
from kesu.store.models import Phrase


@transaction.atomic
def drop_phrase(*, actor: Actor, phrase: int) -> None:
    """One that is not his, or gone, is left alone."""
    Phrase.objects.filter(account_id=actor.account_id, pk=phrase).delete()
