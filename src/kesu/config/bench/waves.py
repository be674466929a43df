"""Cases that nobody touches once they are opened: their duties fall due when the benchmark wants it, and what the
engine says must come of them is known beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from kesu.config.bench.machine import processors

if TYPE_CHECKING:
    from kesu.config.bench.acting import Cast, Given
    from kesu.config.bench.company import Company
    from kesu.config.bench.telling import Told

PREFIX: Final = "BF"
_AT_ONCE: Final = 8
"""Reports that one transaction copies in."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A report and its copies, left lying from `began` on: in the database as they stand at `stands`; what comes of
    them is told up to `until`. `first`: the figure of the first one's number. `login` takes it down."""

    place: str
    login: str
    began: datetime
    stands: datetime
    until: datetime
    copies: int
    first: int
    kind: str = "complaint"
    channel: str = "电话"
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of one case: by the key of each reminder, escalation and step of the program the instant at which
    it falls due, also before it `stands` in the database; each message by the end of its key. `urgent`: it is in the
    urgent lane."""

    case: UUID
    stands: datetime
    due: Mapping[str, datetime]
    messages: frozenset[str]
    urgent: bool


def load(at: datetime, reports: Sequence[Lying]) -> Iterator[list[Expected]]:
    """Opens them, a piece at a time, in several processes."""
    pieces = [(at, reports[start : start + _AT_ONCE]) for start in range(0, len(reports), _AT_ONCE)]
    with ProcessPoolExecutor(max(1, min(processors(), len(pieces))), get_context("spawn"), _begin) as pool:
        yield from pool.map(_load, pieces)


def _begin() -> None:
    import django

    django.setup()


_known: list[tuple[Company, Cast]] = []
"""What a process needs for every piece, once it has read it."""


def _load(work: tuple[datetime, Sequence[Lying]]) -> list[Expected]:
    from kesu.config.bench.acting import Cast
    from kesu.config.bench.copying import copy
    from kesu.config.bench.crew import company

    at, reports = work
    if not _known:
        made = company(at)
        _known.append((made, Cast(made)))
    rows, expected = opened(reports, _known[0][1])
    copy(rows)
    return expected


def opened(reports: Sequence[Lying], cast: Cast) -> tuple[list[Any], list[Expected]]:
    """The rows of all cases as they are opened, and what is to come of each."""
    from kesu.config.bench.stamping import stamp

    rows, expected = [], []
    for report in reports:
        first, given = _told(report, cast, report.stands)
        due, messages = _coming(report, cast)
        for copy_ in range(report.copies):
            figure = report.first + copy_
            one = stamp(first, given(figure), f"{PREFIX}-{figure:07d}")
            assert one.projected is not None
            rows.append(one)
            expected.append(Expected(one.case.pk, report.stands, due, messages, one.projected.card.urgent))
    return rows, expected


def _told(report: Lying, cast: Cast, until: datetime) -> tuple[Told, Any]:
    """The report as it stands when nobody has touched it by `until`; and what the form of the nth copy said."""
    from kesu.config.bench.acting import opening
    from kesu.config.bench.courses import Course
    from kesu.config.bench.stamping import words
    from kesu.config.bench.telling import Memory

    course = Course(report.kind, report.place, report.began, report.channel, report.copies)

    def given(nth: int) -> Given:
        return {**opening(course, words(nth)), **{code: (value,) for code, value in report.given.items()}}

    memory = Memory(cast)
    memory.open(course, given(report.first), report.began, report.login)
    memory.wait(until)
    assert memory.told is not None
    return memory.told, given


def _coming(report: Lying, cast: Cast) -> tuple[dict[str, datetime], frozenset[str]]:
    """Worked out by the engine alone, as if the program woke the case at each instant."""
    from kesu.config.bench.stamping import stamp
    from kesu.config.bench.telling import Written

    told, given = _told(report, cast, report.until)
    events = (act.event for act in told.acts if isinstance(act, Written))
    due = {str(event.facts["effect"]): event.recorded_at for event in events if "effect" in event.facts}
    rows = stamp(told, given(report.first), f"{PREFIX}-0")
    ends = (message.key.removeprefix(f"{rows.case.pk}/") for message in rows.messages)
    return due, frozenset(ends)
