"""`kesu bench policy`: what policies cost by themselves. No database: the library, the engine, and logged cases.

Logs come from the scenarios of the packs, moved in time from case to case, so that nothing is answered from memory. The
rates are taken over the policies under which cases are opened: an overlay opens none, its scenarios play on the common
steps alone, which are light, and every new overlay would make the engine look faster.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from kesu.casefile.compiled import load_kept
from kesu.casefile.library import Library, read_library
from kesu.config.bench.figures import Report, Single
from kesu.core.collecting import spare_what_is_loaded
from kesu.policy.calendar import Calendar, even_receipt, parse_duration, sample_calendar
from kesu.policy.calendar.official import build
from kesu.policy.coverage import coverage
from kesu.policy.events import Event
from kesu.policy.model.facts import STATED, FactType
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.rules import Step
from kesu.policy.scenarios.acting import Course
from kesu.policy.scenarios.reading import read_scenarios
from kesu.policy.scenarios.runner import Ways, play
from kesu.policy.scenarios.script import Act, Impossible, Stated
from kesu.policy.standing import StepRefused, retold, standing

EVENTS: Final = 12
_STANDING_EVENTS: Final = 20
_ROUNDS: Final = 5
_MOST_WAKES: Final = 50
_NEW_YEAR: Final = datetime(2025, 1, 1, tzinfo=UTC)
_LENGTHS: Final = (
    "45分钟", "24小时", "10工作小时", "3个半天", "10天", "2周", "3个工作日", "20个工作日", "1个月", "1年", "当天",
    "当个工作日", "下次上班",
)  # fmt: skip
_DAYS: Final = 120
"""Logs are moved by up to so many days: all of them stay inside the years of the calendar."""


@dataclass(frozen=True, slots=True)
class Logged:
    pack: str
    kind: Kind
    log: tuple[Event, ...]
    defaults: Mapping[str, Stated]


def run(cases: int) -> Report:
    """Every figure with its limit; rates are those of one core."""
    library, calendar = read_library(), sample_calendar()
    report = Report()
    report.singles += _library(library)
    report.singles.append(_addition())
    logs = list(_logs(library, calendar))
    long = [grown for one in logs if (grown := _grown(one, _STANDING_EVENTS, calendar))]
    report.singles += _standings(long, calendar)
    ruling = [one for one in logs if _opens_cases(library.load(one.pack))]
    short = [grown for one in ruling if (grown := _grown(one, EVENTS, calendar))]
    spare_what_is_loaded()  # as whoever replays many cases does
    for name, work, wanted, many in (
        ("走到最后一刻", _replay, 3000, cases),
        ("逐事件、逐次唤醒回测", _backtest, 500, max(1, cases // 6)),
    ):
        rate, grown_mb = _rate(short, calendar, work, many)
        report.singles.append(Single(f"{name}，{many} 件各 {EVENTS} 条事件", rate, "件/秒", wanted, is_floor=True))
        report.singles.append(Single(f"{name}：内存增长", grown_mb, "MB", 16))
    return report


def _opens_cases(pack: Pack) -> bool:
    """Whether a company opens cases under it: it is no overlay, and not the common steps alone, which cite nothing."""
    return not pack.charter.is_overlay and bool(pack.clauses)


def _library(library: Library) -> Iterator[Single]:
    yield Single("读入并检查整个制度库", _seconds(lambda: _check(library)), "秒", 2.0)
    with tempfile.TemporaryDirectory() as folder:
        for code in library.codes:
            load_kept(library.texts, code, Path(folder))
        kept = _seconds(lambda: [load_kept(library.texts, code, Path(folder)) for code in library.codes])
    yield Single("读入存好的制度库", kept, "秒", 1.0)


def _addition() -> Single:
    """One end on a calendar of twenty years, of every kind of length from every day of a year: without the lines of its
    receipt, as the engine asks for it."""
    calendar, lengths = build("官方", range(2007, 2027)), tuple(map(parse_duration, _LENGTHS))
    starts = [_NEW_YEAR + timedelta(days=nth, minutes=nth * 421 % 1440) for nth in range(365)]

    def add() -> None:
        for start in starts:
            for length in lengths:
                even_receipt(calendar, start, length)

    add()  # the calendar has laid out the years that it is asked about
    best = min(_seconds(add) for _ in range(_ROUNDS))
    return Single("在日历上加一次时限", best / (len(starts) * len(lengths)) * 1_000_000, "µs", 5.0)


def _check(library: Library) -> None:
    for code in library.codes:
        coverage(library.load(code), {})


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _logs(library: Library, calendar: Calendar) -> Iterator[Logged]:
    """Of each kind of each pack the longest course that its scenarios take and that is not over, which could not
    grow; or else the longest."""
    for code in library.codes:
        pack = library.load(code)
        scenarios = read_scenarios(library.scenarios(code), ZoneInfo(calendar.zone))
        longest: dict[str, tuple[tuple[bool, int], Course]] = {}
        ways = Ways()
        for scenario in scenarios:
            course = play(pack.kinds, scenario, calendar, ways)
            if course.log:
                rank = (not course.now(course.log[-1].at).is_final, len(course.log))
                longest[course.kind.code] = max(
                    (rank, course), longest.get(course.kind.code, (rank, course)), key=lambda one: one[0]
                )
        for kind, (_rank, course) in longest.items():
            yield Logged(code, pack.kinds[kind], tuple(course.log), course.defaults)


def _grown(logged: Logged, size: int, calendar: Calendar) -> Logged | None:
    """Cut to so many events, or made longer by steps that leave the stage; None where the kind has too few of them."""
    log = logged.log[:size]
    course = Course(logged.kind, calendar, logged.defaults, log=list(log), kinds={})
    course.people = len(log)
    steps = [step for step in logged.kind.steps.values() if step.to is None and not step.starts_case and not step.signs]
    while len(course.log) < size:
        at = course.log[-1].at + timedelta(minutes=7)
        if not any(_taken(course, step, at) for step in steps):
            return None
    return replace(logged, log=tuple(course.log))


def _taken(course: Course, step: Step, at: datetime) -> bool:
    unknown = [
        fact for fact in step.asks if fact not in course.defaults and course.kind.facts[fact].type is FactType.TEXT
    ]
    try:
        course.take(Act(0, at, step.code, facts=dict.fromkeys(unknown, STATED)))
    except (StepRefused, Impossible):
        return False
    return True


def _standings(logs: Sequence[Logged], calendar: Calendar) -> Iterator[Single]:
    """Of each pack its dearest kind, in milliseconds of processor time, the best of several rounds."""
    dearest: dict[str, float] = {}
    for one in logs:
        best = min(_seconds(partial(_replay, one, calendar)) for _ in range(_ROUNDS))
        dearest[one.pack] = max(dearest.get(one.pack, 0.0), best * 1000)
    for pack, cost in dearest.items():
        yield Single(f"处境，{_STANDING_EVENTS} 条事件，{pack}", cost, "ms", 1.0)


def _rate(
    logs: Sequence[Logged], calendar: Calendar, work: Callable[[Logged, Calendar], None], cases: int
) -> tuple[float, float]:
    """Cases a second of processor time, and by how many MB the process grew over all but the first of them."""
    stream = _stream(logs)
    for one in islice(stream, len(logs) * 2):
        work(one, calendar)
    before = _memory()
    spent = 0.0
    for one in islice(stream, cases):
        began = time.process_time()
        work(one, calendar)
        spent += time.process_time() - began
    return cases / spent, _memory() - before


def _stream(logs: Sequence[Logged]) -> Iterator[Logged]:
    nth = 0
    while True:
        for one in logs:
            moved = timedelta(days=nth % _DAYS, minutes=nth // _DAYS % 480)
            yield replace(one, log=tuple(_moved(event, moved) for event in one.log))
        nth += 1


def _moved(event: Event, by: timedelta) -> Event:
    return replace(event, at=event.at + by, recorded_at=event.recorded_at + by)


def _replay(one: Logged, calendar: Calendar) -> None:
    standing(one.kind, one.log, one.log[-1].at, calendar)


def _backtest(one: Logged, calendar: Calendar) -> None:
    """The standing after each event, and at each instant between two events at which time alone changes something, with
    all that is owed then."""
    for seen in retold(one.kind, one.log, calendar, _MOST_WAKES):
        assert seen.effects is not None


def _memory() -> float:
    """The most that the process ever held, in MB."""
    found = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return found / (1024 * 1024 if sys.platform == "darwin" else 1024)
