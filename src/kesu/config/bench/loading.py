"""Fills the company's database: courses told in memory, each copied to many cases, by one process a processor."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from kesu.config.bench.acting import Cast, Given, opening, run
from kesu.config.bench.company import Company
from kesu.config.bench.copying import copy
from kesu.config.bench.courses import ONLINE, Course, courses
from kesu.config.bench.stamping import Rows, stamp, words
from kesu.config.bench.telling import Memory, Told

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


def load(planned: Sequence[Numbered], company: Company, at: datetime) -> Iterator[int]:
    """Loads them with a process for each processor; yields how many cases each piece of work brought."""
    from django.db import connections

    pieces = [planned[start : start + _AT_ONCE] for start in range(0, len(planned), _AT_ONCE)]
    connections.close_all()
    workers = min(os.cpu_count() or 1, len(pieces)) or 1
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(company, at)) as pool:
        yield from pool.map(_load, pieces)
    _close_series(planned, company)


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


_here: list[tuple[Company, Cast, datetime]] = []


def _begin(company: Company, at: datetime) -> None:
    """In a process of the pool: the framework is not shared with the one that started it."""
    import django

    django.setup()
    _here[:] = [(company, Cast(company), at)]


def _load(piece: Sequence[Numbered]) -> int:
    company, cast, at = _here[0]
    rows = (rows for numbered in piece for rows in rows_of_course(numbered, company, cast, at))
    count = 0
    while batch := list(islice(rows, _AT_ONCE * COPIES)):
        copy(batch)
        count += len(batch)
    return count


def _close_series(planned: Sequence[Numbered], company: Company) -> None:
    """The next case that somebody registers is numbered after those that were loaded."""
    from kesu.store.models import NumberSeries, Unit

    root = Unit.objects.get(parent=None)
    last: dict[tuple[str, int], int] = {}
    for one in planned:
        series = (_PREFIXES[one.course.kind], company.calendar.local(one.course.began).year)
        last[series] = one.figure + one.course.copies - 1
    NumberSeries.objects.bulk_create(
        [NumberSeries(prefix=prefix, root=root, year=year, last=figure) for (prefix, year), figure in last.items()]
    )
