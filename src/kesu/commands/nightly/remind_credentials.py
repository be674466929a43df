"""Whoever has a paper that runs out hears of it in time, and with him those who keep the people where he is at work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from kesu.access.permissions import Permission
from kesu.casefile.books import above
from kesu.store.inserting import insert
from kesu.store.models import AccountCredential, OutboxMessage, PostHolding, RoleGrant

DAYS: Final = (30, 7, 0)
"""Before the last day on which it is good; on the last day once more."""


def remind_credentials(night: date, at: datetime) -> Mapping[str, Any]:
    """Looks only at papers that run out on one of three days; a newer one of the same kind keeps it still. Returns how
    many messages are due now."""
    ends = {night + timedelta(days=days): days for days in DAYS}
    rows = AccountCredential.objects.filter(valid_until__in=list(ends), account__is_active=True).defer(
        "number", "proof"
    )
    told = 0
    for row in rows:
        newer = AccountCredential.objects.filter(
            account_id=row.account_id, kind=row.kind, valid_until__gt=row.valid_until
        )
        if newer.exists():
            continue
        messages = list(_messages(row, ends[row.valid_until], night, at))
        insert(messages, or_keep=True)
        told += len(messages)
    return {"told": told}


def _messages(row: AccountCredential, days: int, night: date, at: datetime) -> Iterator[OutboxMessage]:
    payload = {"person": row.account_id.hex, "title": row.kind, "until": row.valid_until.isoformat()}
    for account in {row.account_id, *_keepers(row.account_id, night)}:
        key = f"credential/{row.pk.hex}/{days}/{account.hex}"
        yield OutboxMessage(
            key=key, account_id=account, template="credential", payload=payload, created_at=at, try_at=at
        )


def _keepers(account: UUID, on: date) -> set[UUID]:
    """Those who may change people where he holds a post."""
    days = Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))
    paths = PostHolding.objects.filter(days, account_id=account).values_list("post__unit__path", flat=True)
    near = {one for path in paths for one in above(path)}
    roles = RoleGrant.objects.filter(permission=Permission.PEOPLE_EDIT).values("role")
    held = PostHolding.objects.filter(
        days, account__is_active=True, post__role__in=roles, post__unit__scope_path__in=near
    )
    return set(held.values_list("account_id", flat=True))
