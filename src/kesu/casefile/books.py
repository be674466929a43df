"""Adopted policies and calendars, compiled once a process and found by digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from kesu.policy.calendar import Calendar
from kesu.policy.loader import read_canonical
from kesu.policy.model.pack import Kind, Pack
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


def adoption_for(unit: Unit, kind: str, at: datetime) -> Adoption | None:
    """The row nearest to the unit that is in force at this moment; the later one where two stand on one unit."""
    rows = adoptions_for(unit, at, kinds=[kind])
    return rows[0] if rows else None


def adoptions_for(unit: Unit, at: datetime, kinds: Sequence[str] = ()) -> list[Adoption]:
    """All rows that serve this unit, one a kind, nearest first within a kind."""
    found = Adoption.objects.filter(unit__path__in=above(unit.path), effective_from__lte=at)
    if kinds:
        found = found.filter(kind__in=kinds)
    best: dict[str, Adoption] = {}
    for row in found.select_related("unit").order_by("effective_from", "id"):
        held = best.get(row.kind)
        if held is None or len(row.unit.path) >= len(held.unit.path):
            best[row.kind] = row
    return list(best.values())
