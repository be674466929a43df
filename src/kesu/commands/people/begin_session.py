"""Somebody has come in: what he will be shown of this session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction

from kesu.store.models import SignIn


@dataclass(frozen=True, slots=True)
class Place:
    """From where somebody comes: browser and system by name, and the address with its end masked."""

    browser: str
    system: str
    address: str


@transaction.atomic
def begin_session(*, account_id: UUID, at: datetime, session_key: str, place: Place, way: str) -> UUID:
    """`way`: password, passkey or the key of a provider. Forgets what ran out in the meantime. Returns its id."""
    his = SignIn.objects.filter(account_id=account_id)
    live = Session.objects.filter(session_key__in=his.values("session_key"), expire_date__gt=at)
    his.exclude(session_key__in=live.values("session_key")).delete()
    made = SignIn.objects.create(
        account_id=account_id,
        session_key=session_key,
        began_at=at,
        seen_at=at.replace(minute=0, second=0, microsecond=0),
        browser=place.browser,
        system=place.system,
        address=place.address,
        way=way,
    )
    return made.pk
