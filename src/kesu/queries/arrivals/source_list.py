"""外部系统: which programs outside hand in what, and what a new one could be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from kesu.access.actor import Actor
from kesu.access.openings import kinds_registered
from kesu.access.permissions import Permission
from kesu.store.models import InboundSource, Unit


@dataclass(frozen=True, slots=True)
class SourceLine:
    """`kind`: the name of what its reports become, empty for calls; `last_at`: of the newest delivery that was taken or
    refused; `bad_count`: deliveries in its name that it did not sign."""

    id: UUID
    name: str
    delivers: str
    unit: str
    kind: str
    is_open: bool
    last_at: datetime | None
    bad_count: int


@dataclass(frozen=True, slots=True)
class SourceList:
    """`units` and `kinds`: what a new one could be made for, identifier or code and name."""

    rows: tuple[SourceLine, ...]
    units: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]


def source_list(*, actor: Actor, at: datetime) -> SourceList:
    """By name; those of places in reach. Three queries. Raises `Forbidden`."""
    actor.require(Permission.SOURCES_EDIT)
    paths = actor.reach(Permission.SOURCES_EDIT)
    within, of_units = Q(pk__in=[]), Q(pk__in=[])
    for path in paths:
        within |= Q(unit__path__startswith=path)
        of_units |= Q(path__startswith=path)
    names = dict(kinds_registered(at))
    rows = InboundSource.objects.filter(within).select_related("unit").annotate(last=Max("deliveries__at"))
    lines = (
        SourceLine(
            one.pk, one.name, one.delivers, one.unit.name, names.get(one.kind, one.kind), one.is_open, one.last,
            one.bad_count,
        )
        for one in rows.order_by("name")
    )  # fmt: skip
    units = Unit.objects.filter(of_units, closed_on=None).order_by("path").values_list("pk", "name", "code")
    offered = tuple((pk.hex, f"{name}（{code}）") for pk, name, code in units)
    return SourceList(tuple(lines), offered, tuple(names.items()))
