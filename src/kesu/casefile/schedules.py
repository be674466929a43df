"""Which standing duties have come round at which places: what the adopted policies ask for and is not opened yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from kesu.casefile import tokens
from kesu.casefile.books import Serving, adoption_for, calendar_of, kind_of
from kesu.casefile.estate import delivered
from kesu.policy.model.schedule import Since, Term
from kesu.policy.occurrences import Occurrence, occurrences
from kesu.store.models import Adoption, Unit

LOOK_BACK: Final = timedelta(days=62)
"""A program that stood still for longer opens nothing of the time before."""

_DAYS: Final = {Since.DELIVERED: delivered}


@dataclass(frozen=True, slots=True)
class Round:
    """One occurrence at one place. `token` stands for it: whoever claims it opens the case."""

    serving: Serving
    unit: Unit
    occurrence: Occurrence

    @property
    def token(self) -> str:
        return f"occurrence/{self.serving.kind}/{self.serving.subject}/{self.unit.pk.hex}/{self.occurrence.period}"


def rounds_to_open(at: datetime) -> list[Round]:
    """Of every place where a policy asks for them, those that have come round since the policy took effect and that
    nobody has opened, the earliest first."""
    rounds = [found for row in _scheduled(at) for found in _rounds(row, at)]
    taken = tokens.taken([one.token for one in rounds])
    # Asked of what is left only: most have been opened long ago. What a nearer or a later adoption rules is that one's.
    left = {one.token: one for one in rounds if one.token not in taken and _is_ruled_so(one, at)}
    return sorted(left.values(), key=lambda one: (one.occurrence.opens_at, one.token))


def _scheduled(at: datetime) -> Iterator[Adoption]:
    for row in Adoption.objects.filter(effective_from__lte=at).select_related("unit").order_by("effective_from", "pk"):
        if kind_of(row.policy_version_id, row.kind).schedule is not None:
            yield row


def _rounds(row: Adoption, at: datetime) -> Iterator[Round]:
    schedule = kind_of(row.policy_version_id, row.kind).schedule
    assert schedule is not None
    mine = Serving(row.kind, row.subject, row.policy_version_id, row.calendar_version_id)
    since = max(row.effective_from, at - LOOK_BACK)
    calendar = calendar_of(row.calendar_version_id)
    if schedule.term is None:
        due = tuple(occurrences(schedule, since, at, calendar))
        for unit in _places(row.unit, schedule.place) if due else ():
            yield from (Round(mine, unit, one) for one in due)
        return
    for unit, days in _running(row.unit, schedule.place, schedule.term):
        # A day may be stated long after it was: of that time only what can still be done in time is opened.
        rounds = occurrences(schedule, since, at, calendar, days)
        yield from (Round(mine, unit, one) for one in rounds if one.due_at > at)


def _running(unit: Unit, kind: str | None, term: Term) -> Iterator[tuple[Unit, list[date]]]:
    """The places at which the schedule has begun, each with its days."""
    places = {one.pk: one for one in _places(unit, kind)}
    found: dict[UUID, list[date]] = {}
    for place, on in _DAYS[term.since](places):
        found.setdefault(place, []).append(on)
    yield from ((places[place], days) for place, days in found.items())


def _is_ruled_so(one: Round, at: datetime) -> bool:
    return adoption_for(one.unit, one.serving.kind, at, one.serving.subject) == one.serving


def _places(unit: Unit, kind: str | None) -> list[Unit]:
    if kind is None:
        return [unit] if unit.closed_on is None else []
    return list(Unit.objects.filter(path__startswith=unit.path, kind=kind, closed_on=None).order_by("path"))
