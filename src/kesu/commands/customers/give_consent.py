"""A customer agrees that his data are given to third parties for a purpose."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customer_for
from kesu.access.permissions import Permission
from kesu.casefile import customers
from kesu.core.errors import NotFound, Unacceptable
from kesu.core.importing import read_day
from kesu.store.models import Consent

_LONGEST: Final = {"purpose": 120, "how": 40}


@transaction.atomic
def give_consent(
    *, actor: Actor, at: datetime, on: date, customer_id: UUID, purpose: str, how: str, given_on: str
) -> None:
    """`on`: today, where the house is; `how`: in which form he said so; `given_on`: a day, today at the latest. Raises
    `NotFound`, `Forbidden`, `Unacceptable`."""
    row = customer_for(actor, customer_id, Permission.CUSTOMER_EDIT, lock=True).row
    if row.erased_at is not None:
        raise NotFound
    texts = {"purpose": purpose.strip(), "how": how.strip()}
    wrong = {name: f"≤ {_LONGEST[name]}" for name, text in texts.items() if len(text) > _LONGEST[name]}
    wrong |= {name: "text_missing" for name, text in texts.items() if not text or "\x00" in text}
    day = read_day(given_on)
    if day is None:
        wrong["given_on"] = "not_a_day"
    elif day > on:
        wrong["given_on"] = "day_ahead"
    if day is None or wrong:
        raise Unacceptable("unreadable", data={"fields": wrong, "refusals": ()})
    Consent.objects.create(customer=row, given_on=day, **texts)
    after = {**texts, "given_on": day.isoformat()}
    customers.record(row, at=at, by=actor.account_id, act="consent.given", after=after)
