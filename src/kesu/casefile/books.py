"""Adopted policies and calendars, compiled once a process and found by digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.db.models.functions import Length

from kesu.policy.calendar import Calendar
from kesu.policy.loader import read_canonical
from kesu.policy.model.pack import Kind, Pack
from kesu.store.fixed import Fixed, FixedRows
from kesu.store.models import Adoption, CalendarVersion, PolicyVersion, Unit


@lru_cache(maxsize=64)
def pack_of(policy_hash: str) -> Pack:
    """Raises `PolicyVersion.DoesNotExist` for a digest that was never adopted."""
    return read_canonical(PolicyVersion.objects.only("canonical").get(pk=policy_hash).canonical)


@lru_cache(maxsize=64)
def calendar_of(version: str) -> Calendar:
    return Calendar.from_document(CalendarVersion.objects.get(pk=version).document)


def kind_of(policy_hash: str, kind: str) -> Kind:
    return pack_of(policy_hash).kinds[kind]


def above(path: str) -> list[str]:
    """The paths of a unit and of all units above it: ``/a/b/`` gives ``["/a/", "/a/b/"]``."""
    parts = [part for part in path.split("/") if part]
    return ["/" + "/".join(parts[: i + 1]) + "/" for i in range(len(parts))]


UNITS: Final = FixedRows(Unit, lambda unit: Unit.objects.filter(pk=unit))
"""`UNITS.one(id)`: a unit by its identifier."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What is in force for one kind at one place: the policy and the calendar that a case opened there would keep."""

    kind: str
    policy_version_id: str
    calendar_version_id: str


def adoption_for(unit: Unit, kind: str, at: datetime) -> Serving | None:
    """The row nearest to the unit that is in force at this moment; the later one where two stand on one unit."""
    return next((one for one in adoptions_for(unit, at) if one.kind == kind), None)


def adoptions_for(unit: Unit, at: datetime) -> list[Serving]:
    """What serves this unit, one a kind. One query."""
    best = {kind: (kind, *versions) for kind, *versions in _IN_FORCE(above(unit.path), at)}
    return [Serving(*found) for found in best.values()]


_IN_FORCE: Final = Fixed(
    lambda paths, at: (
        Adoption.objects.filter(unit__path__any=paths, effective_from__lte=at)
        .order_by(Length("unit__path"), "effective_from", "id")
        .values_list("kind", "policy_version_id", "calendar_version_id")
    )
)
"""The nearest last, and of one unit the latest."""
