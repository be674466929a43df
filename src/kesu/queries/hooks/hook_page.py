"""One program outside: of what it is told, and what became of what it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.hooks import hook_for, secrets_of, shown
from kesu.access.openings import kinds_registered
from kesu.store.models import HookDelivery

_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class HookDeliveryLine:
    """`number`: of the case; empty for a confidential one, of which nothing leaves, and nothing is told here."""

    id: int
    at: datetime
    event: str
    number: str
    state: str
    status: int | None
    reason: str
    attempts: int
    try_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class HookPage:
    """`address`: whole, for whoever may change it; `rests_until`: it did not answer and is left alone."""

    id: UUID
    name: str
    address: str
    unit: str
    kinds: frozenset[str]
    offered: tuple[tuple[str, str], ...]
    events: frozenset[str]
    is_open: bool
    shut_for: str
    secret_since: datetime
    earlier_until: datetime | None
    rests_until: datetime | None
    failed: int
    waiting: int
    rows: tuple[HookDeliveryLine, ...]


def hook_page(*, actor: Actor, at: datetime, hook_id: UUID, state: str = "") -> HookPage:
    """The fifty newest deliveries, of one `state` where one is named. Raises `Forbidden`, `NotFound`."""
    hook = hook_for(actor, hook_id)
    rows = HookDelivery.objects.filter(shown(), hook=hook).select_related("case__card").order_by("-id")
    counts = {one: rows.filter(state=one).count() for one in ("failed", "due")}
    return HookPage(
        id=hook.pk,
        name=hook.name,
        address=hook.address,
        unit=hook.unit.name,
        kinds=frozenset(hook.kinds),
        offered=kinds_registered(at),
        events=frozenset(hook.events),
        is_open=hook.is_open,
        shut_for=hook.shut_for,
        secret_since=hook.secret_since,
        earlier_until=hook.earlier_until if hook.earlier_until and hook.earlier_until > at else None,
        rests_until=hook.rests_until if hook.rests_until and hook.rests_until > at else None,
        failed=counts["failed"],
        waiting=counts["due"],
        rows=tuple(
            HookDeliveryLine(
                one.pk,
                one.at,
                one.event,
                one.case.number,
                one.state,
                one.status,
                one.reason,
                one.attempts,
                one.try_at,
                one.done_at,
            )
            for one in (rows.filter(state=state) if state else rows)[:_SHOWN]
        ),
    )


def trial_of(*, actor: Actor, at: datetime, hook_id: UUID) -> tuple[str, tuple[bytes, ...]]:
    """Where a trial goes and by what it is signed. Raises `Forbidden`, `NotFound`."""
    hook = hook_for(actor, hook_id)
    return hook.address, secrets_of(hook, at)
