"""事件推送: which programs outside are told of what, and what a new one could be told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q

from kesu.access.actor import Actor
from kesu.access.hooks import shown
from kesu.access.openings import kinds_registered
from kesu.access.permissions import Permission
from kesu.core.hook_addresses import host_of
from kesu.store.models import Hook, Unit


@dataclass(frozen=True, slots=True)
class HookLine:
    """`sent_at`: of the newest that arrived; `failed` and `waiting`: how many did not, and how many are due."""

    id: UUID
    name: str
    host: str
    unit: str
    is_open: bool
    shut_for: str
    sent_at: datetime | None
    failed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class HookList:
    """`units` and `kinds`: what a new one could be made for, identifier or code and name."""

    rows: tuple[HookLine, ...]
    units: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]


def hook_list(*, actor: Actor, at: datetime) -> HookList:
    """By name; those of places in reach. Three queries. Raises `Forbidden`."""
    actor.require(Permission.SOURCES_EDIT)
    within, of_units = Q(pk__in=[]), Q(pk__in=[])
    for path in actor.reach(Permission.SOURCES_EDIT):
        within |= Q(unit__path__startswith=path)
        of_units |= Q(path__startswith=path)
    known = shown("deliveries__")
    rows = (
        Hook.objects.filter(within)
        .select_related("unit")
        .annotate(
            sent=Max("deliveries__done_at", filter=Q(deliveries__state="sent") & known),
            failed=Count("deliveries", filter=Q(deliveries__state="failed") & known),
            waiting=Count("deliveries", filter=Q(deliveries__state="due") & known),
        )
    )
    lines = (
        HookLine(
            one.pk, one.name, host_of(one.address), one.unit.name, one.is_open, one.shut_for, one.sent, one.failed,
            one.waiting,
        )
        for one in rows.order_by("name")
    )  # fmt: skip
    units = Unit.objects.filter(of_units, closed_on=None).order_by("path").values_list("pk", "name", "code")
    offered = tuple((pk.hex, f"{name}（{code}）") for pk, name, code in units)
    return HookList(tuple(lines), offered, kinds_registered(at))
