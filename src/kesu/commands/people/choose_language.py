"""Somebody chooses the language in which the program speaks to him, on pages and in mail."""

from __future__ import annotations

from django.db import transaction

from kesu.access.actor import Actor
from kesu.store.models import Account


@transaction.atomic
def choose_language(*, actor: Actor, language: str) -> None:
    """`language`: a code that the program offers; whoever takes it from a form has checked that."""
    Account.objects.filter(pk=actor.account_id).update(language=language)
