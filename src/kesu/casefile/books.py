"""Adopted policies and calendars, compiled once a process and found by digest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models.functions import Length

from kesu.core.errors import NotFound, Unacceptable
from kesu.policy.calendar import Calendar
from kesu.policy.events import SUBJECT
from kesu.policy.loader import read_canonical
from kesu.policy.model.pack import Kind, Pack
from kesu.store.fixed import Fixed, FixedRows
from kesu.store.models import Adoption, CalendarVersion, PolicyVersion, Unit


@lru_cache(maxsize=1024)
def pack_of(policy_hash: str) -> Pack:
    """Every staff page goes through all policies that rule in its reader's house: were there room for fewer, each page
    would compile them anew (0.2 s each, against 0.2 MB that one takes up). Raises `PolicyVersion.DoesNotExist` for a
    digest that was never adopted."""
    return read_canonical(PolicyVersion.objects.only("canonical").get(pk=policy_hash).canonical)


@lru_cache(maxsize=64)
def calendar_of(version: str) -> Calendar:
    return Calendar.from_document(CalendarVersion.objects.get(pk=version).document)


def kind_of(policy_hash: str, kind: str) -> Kind:
    return pack_of(policy_hash).kinds[kind]


def last_adopted(kinds: Collection[str]) -> dict[str, Kind]:
    """The rules of kinds of case as they were adopted last. One query, none where nothing is asked."""
    rows = Adoption.objects.filter(kind__in=kinds).order_by("kind", "-effective_from", "-pk").distinct("kind")
    return {row.kind: kind_of(row.policy_version_id, row.kind) for row in rows} if kinds else {}


def told_apart(before: str, after: str) -> tuple[str, str]:
    """The printed versions of two texts; with the beginnings of their digests where only a figure was set otherwise."""
    older, newer = pack_of(before).version, pack_of(after).version
    return (older, newer) if older != newer else (f"{older}（{before[:8]}）", f"{newer}（{after[:8]}）")


def served_by(adoption: Adoption) -> str:
    """The name of the kind of case, and the subject to which the adoption is limited."""
    return " · ".join(filter(None, [kind_of(adoption.policy_version_id, adoption.kind).name, adoption.subject]))


def above(path: str) -> list[str]:
    """The paths of a unit and of all units above it: ``/a/b/`` gives ``["/a/", "/a/b/"]``."""
    parts = [part for part in path.split("/") if part]
    return ["/" + "/".join(parts[: i + 1]) + "/" for i in range(len(parts))]


UNITS: Final = FixedRows(lambda unit: Unit.objects.filter(pk=unit))
"""`UNITS.one(id)`: a unit by its identifier."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What is in force for one kind and subject at one place: the policy and the calendar that a case opened there
    would keep. `subject` empty: all matters that have no row of their own."""

    kind: str
    subject: str
    policy_version_id: str
    calendar_version_id: str


def adoption_for(
    unit: Unit, kind: str, at: datetime, subject: str | None = None, *, now: datetime | None = None
) -> Serving | None:
    """The row that rules a case of this kind and subject, opened there at `at`: the one for the subject before the
    general one, of these the nearest to the unit, on one unit the later. None where the kind is not served at all.

    `subject` None: nobody said one, which is enough where there is only one to say. `now`: when it was said, where the
    case is older: a subject that had no row of its own then was ruled by the general one. Raises `Unacceptable` for
    one that is not served there, and where one of several must be said."""
    serving = subjects_for(unit, kind, at)
    if subject is None:
        if len(serving) > 1:
            raise unserved("subject_missing")
        return next(iter(serving.values()), None)
    found = serving.get(subject)
    if found is not None or not serving:
        return found
    if now is None or now == at or subject not in subjects_for(unit, kind, now):
        raise unserved("subject_unknown")
    general = serving.get("")
    return replace(general, subject=subject) if general else None


def open_unit(unit_id: UUID) -> Unit:
    """Raises `NotFound` for a unit that is not there, or closed."""
    unit = UNITS.one(unit_id)
    if unit is None or unit.closed_on is not None:
        raise NotFound
    return unit


def rules_for(unit: Unit, kind: str, at: datetime, subject: str | None) -> tuple[Serving, Kind]:
    """As `adoption_for`, with the rules. Raises `NotFound` where the kind is not served."""
    serving = adoption_for(unit, kind, at, subject)
    if serving is None:
        raise NotFound
    return serving, kind_of(serving.policy_version_id, kind)


def subjects_for(unit: Unit, kind: str, at: datetime) -> dict[str, Serving]:
    """What serves this unit for one kind, by subject in their order, the general one last. One query."""
    found = {one.subject: one for one in adoptions_for(unit, at) if one.kind == kind}
    return {subject: found[subject] for subject in sorted(found, key=general_last)}


def general_last(subject: str) -> tuple[bool, str]:
    """Sorts subjects by name, the general one behind them."""
    return not subject, subject


def unserved(why: str) -> Unacceptable:
    """`why`: subject_missing or subject_unknown."""
    return Unacceptable(why, data={"fields": {SUBJECT: why}, "refusals": ()})


def before_policy() -> Unacceptable:
    """For what is said to have happened before any policy ruled its kind there."""
    return Unacceptable("unreadable", data={"fields": {"happened_at": "before_policy"}, "refusals": ()})


def adoptions_for(unit: Unit, at: datetime) -> list[Serving]:
    """What serves this unit, one a kind and subject. One query."""
    best = {(kind, subject): (kind, subject, *rest) for kind, subject, *rest in _IN_FORCE(above(unit.path), at)}
    return [Serving(*found) for found in best.values()]


_IN_FORCE: Final = Fixed(
    lambda paths, at: (
        Adoption.objects.filter(unit__path__any=paths, effective_from__lte=at)
        .order_by(Length("unit__path"), "effective_from", "id")
        .values_list("kind", "subject", "policy_version_id", "calendar_version_id")
    )
)
"""The nearest last, and of one unit the latest."""
