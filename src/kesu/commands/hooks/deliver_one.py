"""Takes what is due for programs outside one at a time, hands each to a sender, and notes what was answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Q

from kesu.access.hooks import content_of, secrets_of
from kesu.casefile import house
from kesu.store.models import CaseCard, Hook, HookDelivery

WAITS: Final = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
"""After each attempt that failed; after the last of them it is given up."""
_GONE: Final = 410
"""By this a program says that it wants no more."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """`key` is the same at every attempt."""

    address: str = field(repr=False)
    secrets: tuple[bytes, ...] = field(repr=False)
    key: str
    content: Mapping[str, Any] = field(repr=False)


class NotTaken(Exception):
    """`status`: what was answered, None where nothing was; `wait`: how long the other side asked to be left alone."""

    def __init__(
        self, reason: str, *, status: int | None = None, is_final: bool = False, wait: timedelta | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.status, self.is_final, self.wait = reason, status, is_final, wait


Carry = Callable[[Parcel], int]
"""The status that was answered. Raises `NotTaken`."""


@transaction.atomic
def deliver_one(*, at: datetime, carry: Carry, base_url: str) -> bool:
    """False when nothing is due. The row stays locked while it is carried: another worker passes it over, and a worker
    that is killed leaves it due. A program that did not answer rests as a whole, so that it holds up no other."""
    awake = Q(hook__rests_until=None) | Q(hook__rests_until__lte=at)
    row = (
        HookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("hook__unit", "case__card__unit")
        .filter(awake, state="due", try_at__lte=at, hook__is_open=True)
        .order_by("try_at", "id")
        .first()
    )
    if row is None:
        return False
    if not _is_told(row.hook, row.case.card):
        row.state, row.done_at = "kept", at
        row.save(update_fields=["state", "done_at"])
        return True
    row.attempts += 1
    try:
        row.status, row.reason, row.state = carry(_parcel(row, at, base_url)), "", "sent"
    except NotTaken as failed:
        _note(row, row.hook, failed, at)
    if row.state != "due":
        row.done_at = at
    row.save(update_fields=["attempts", "status", "reason", "state", "try_at", "done_at"])
    return True


def _is_told(hook: Hook, card: CaseCard) -> bool:
    """It may have become confidential since, or have been taken to another unit."""
    return not card.confidential and card.unit_path.startswith(hook.unit.path)


def _parcel(row: HookDelivery, at: datetime, base_url: str) -> Parcel:
    """Raises `NotTaken` where it cannot be put together: one whose secret cannot be opened holds up no other."""
    hook = row.hook
    try:
        content, secrets = content_of(row, row.case.card, base_url), secrets_of(hook, at)
    except DatabaseError:
        raise
    except Exception as unreadable:
        raise NotTaken(type(unreadable).__name__) from unreadable
    return Parcel(hook.address, secrets, f"{hook.pk.hex}.{row.pk}", content)


def _note(row: HookDelivery, hook: Hook, failed: NotTaken, at: datetime) -> None:
    row.status, row.reason = failed.status, failed.reason[:80]
    if failed.status == _GONE:
        house.wait_turn()  # before the hook itself, as whoever changes it does
        hook.is_open, hook.shut_for = False, "gone"
        hook.save(update_fields=["is_open", "shut_for"])
        house.record("hook.shut", at=at, by=None, subject=UUID(hook.pk.hex), name=hook.name)
    if failed.is_final or row.attempts > len(WAITS):
        row.state = "failed"
        return
    row.try_at = at + max(WAITS[row.attempts - 1], failed.wait or timedelta(0))
    Hook.objects.filter(pk=hook.pk).update(rests_until=min(row.try_at, at + WAITS[3]))
