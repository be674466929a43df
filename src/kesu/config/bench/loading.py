"""Fills the company's database: courses told in memory, each copied to many cases, and the figures of their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kesu.config.bench.acting import Cast, Given, opening, run
from kesu.config.bench.company import Company
from kesu.config.bench.copying import copy, copy_rows
from kesu.config.bench.courses import ONLINE, Course, courses
from kesu.config.bench.stamping import Rows, stamp, words
from kesu.config.bench.telling import Memory, Told
from kesu.store.models import NumberSeries, Unit

COPIES: Final = 20
"""Cases that run one course. So many courses are told as keep the engine busy for minutes, not for hours."""
_AT_ONCE: Final = 8
"""Courses that one transaction copies in."""
_PREFIXES: Final = {"complaint": "TS", "suggestion": "JY"}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A course with the place of its first case among all, and its first figure of the year."""

    course: Course
    nth: int
    figure: int


def plan(company: Company, at: datetime, cases: int, copies: int = COPIES) -> list[Numbered]:
    """The courses in the order of time, numbered as they would have been."""
    figures: dict[tuple[str, int], int] = {}
    planned, nth = [], 0
    for course in courses(company, at, cases=cases, copies=copies):
        series = (course.kind, company.calendar.local(course.began).year)
        figure = figures.get(series, 0) + 1
        planned.append(Numbered(course, nth, figure))
        figures[series] = figure + course.copies - 1
        nth += course.copies
    return planned


def pieces(planned: Sequence[Numbered]) -> list[Sequence[Numbered]]:
    """The work in pieces that processes take in turn."""
    return [planned[start : start + _AT_ONCE] for start in range(0, len(planned), _AT_ONCE)]


def load(piece: Sequence[Numbered], company: Company, cast: Cast, at: datetime) -> int:
    """Loads the cases of a few courses; returns how many they were."""
    rows = [rows for numbered in piece for rows in rows_of_course(numbered, company, cast, at)]
    copy(rows)
    return len(rows)


def rows_of_course(numbered: Numbered, company: Company, cast: Cast, at: datetime) -> Iterator[Rows]:
    """The rows of every case that runs this course."""
    course = numbered.course
    told = tell(course, numbered.nth, cast, at)
    year = company.calendar.local(course.began).year
    for copy_ in range(course.copies):
        number = f"{_PREFIXES[course.kind]}-{year % 100:02d}-{numbered.figure + copy_:04d}"
        yield stamp(told, form_of(told, course, numbered.nth + copy_), number)


def tell(course: Course, nth: int, cast: Cast, at: datetime) -> Told:
    """Runs the course in memory, as the nth case would."""
    memory = Memory(cast)
    run(course, words(nth), cast, memory, at)
    assert memory.told is not None
    return memory.told


def form_of(told: Told, course: Course, nth: int) -> Given:
    """What the opening form of the nth case said, with what the program states for a customer."""
    given = opening(course, words(nth))
    if course.channel == ONLINE:
        given |= {code: (value,) for code, value in told.kind.portal_facts.items()}
    return given


def close_series(planned: Sequence[Numbered], company: Company) -> None:
    """The next case that somebody registers is numbered after those that were loaded."""
    root = Unit.objects.get(parent=None)
    last: dict[tuple[str, int], int] = {}
    for one in planned:
        series = (_PREFIXES[one.course.kind], company.calendar.local(one.course.began).year)
        last[series] = one.figure + one.course.copies - 1
    copy_rows(
        [NumberSeries(prefix=prefix, root=root, year=year, last=figure) for (prefix, year), figure in last.items()]
    )
