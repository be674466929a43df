"""A kind of case that the program opens by itself, once a period: reports, audits, trainings, meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from kesu.policy.calendar import Duration


class Every(StrEnum):
    """Local calendar periods: weeks from Monday, quarters and half years of the calendar year."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Due:
    """When it must be done. `after`: so many days or workdays after the period has ended, and it is opened then.
    Otherwise within the period, and it is opened when the period begins: on `weekday` (1 is Monday), or on `day` of
    `month` (the last month of the period where none is given), a day that the month lacks being its last. Nothing:
    the last day. `at`: local clock time; None: the end of that day."""

    after: Duration | None = None
    weekday: int | None = None
    month: int | None = None
    day: int | None = None
    at: time | None = None


class Since(StrEnum):
    """Days of its own that a place has in the books of the house."""

    DELIVERED = "delivered"  # the first rooms of a phase of a project were handed over


@dataclass(frozen=True, slots=True)
class Term:
    """How long a schedule runs at a place: from such a day, for so long. A place may have several such days, and it
    runs while one of their terms does. `then`: how often after that, for ever; None: no more."""

    since: Since
    lasts: Duration
    then: Every | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """`place`: one for each open unit of this kind within what the adoption covers; None: one at the adopting unit.
    `term`: None for what comes round for ever."""

    every: Every
    due: Due
    place: str | None = None
    clauses: tuple[str, ...] = ()
    term: Term | None = None
