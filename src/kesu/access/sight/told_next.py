"""Who is told next of what is owed, as pages say it: names, and the slots by which the policy means them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kesu.access.sight.reading import CaseRead
from kesu.casefile.next_in_line import Rung, lines_of


@dataclass(frozen=True, slots=True)
class ToldNext:
    """At `at` those `names` are told. `slots`: the slots that the policy tells; `instead`: the next in line, where
    nobody holds any of them today; with no name at all, nobody is told. `is_reminder`: whoever owes it is told before
    it falls due."""

    at: datetime
    slots: tuple[str, ...]
    names: tuple[str, ...]
    instead: str
    is_reminder: bool = False


def told_next(rungs: Iterable[Rung]) -> tuple[ToldNext, ...]:
    return tuple(ToldNext(rung.at, rung.slots, rung.names, rung.instead, rung.is_reminder) for rung in rungs)


def told_next_of(read: CaseRead) -> Mapping[str, tuple[ToldNext, ...]]:
    """By key, of what is open in a case: who is reminded, and who hears of it where it is not done. At most one query,
    whatever is owed."""
    keys = {one.key for one in read.current.obligations if one.is_open}
    found = lines_of(read.case, read.kind, read.log, read.current, keys, read.people)
    return {key: told_next(some) for key, some in found.items()}
