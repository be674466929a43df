"""Who stands in for whom on which days, however many are away at once. Pure: days in, days out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

Name = TypeVar("Name")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day, both within; no last one: without an end."""

    first: date
    last: date | None = None

    def shared_with(self, other: Days) -> Days | None:
        first = max(self.first, other.first)
        lasts = [last for last in (self.last, other.last) if last is not None]
        last = min(lasts) if lasts else None
        return Days(first, last) if last is None or first <= last else None

    def without(self, other: Days) -> Iterator[Days]:
        """What is left before and after."""
        if self.shared_with(other) is None:
            yield self
            return
        if self.first < other.first:
            yield Days(self.first, other.first - _DAY)
        if other.last is not None and other.last < (self.last or date.max):
            yield Days(other.last + _DAY, self.last)


@dataclass(frozen=True, slots=True)
class Away(Generic[Name]):
    """Somebody is away on these days, and his deputy."""

    who: Name
    deputy: Name
    days: Days


def by_person(away: Iterable[Away[Name]]) -> dict[Name, list[Away[Name]]]:
    found: dict[Name, list[Away[Name]]] = {}
    for one in away:
        found.setdefault(one.who, []).append(one)
    return found


def stand_ins(who: Name, days: Days, away: Mapping[Name, Sequence[Away[Name]]]) -> list[tuple[Name, Days]]:
    """Who stands in for `who` on which of `days`, his deputies' own absences taken into account; on the days that are
    left he is there. A chain that would come round to somebody in it ends with the one before: there is nobody else."""
    return [(name, part) for name, part in _reached(who, days, away, (who,)) if name != who]


def _reached(
    who: Name, days: Days, away: Mapping[Name, Sequence[Away[Name]]], chain: tuple[Name, ...]
) -> Iterator[tuple[Name, Days]]:
    left = [days]
    for one in away.get(who, ()):
        for shared in [part for rest in left if (part := rest.shared_with(one.days))]:
            if one.deputy in chain:
                yield who, shared
            else:
                yield from _reached(one.deputy, shared, away, (*chain, one.deputy))
        left = [part for rest in left for part in rest.without(one.days)]
    yield from ((who, rest) for rest in left)
