"""`kesu bench clock`: very many deadlines at once, in the running program under a clock that is moved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as wall
from enum import Enum
from pathlib import Path
from typing import Final

import psycopg

from kesu.config.bench.figures import Report, Single
from kesu.config.bench.killing import IN_A_WAVE, killing
from kesu.config.bench.machine import processors
from kesu.config.bench.moving import Hand
from kesu.config.bench.place import Place, close_connections, come_to_rest, machine, place
from kesu.config.bench.recounted import recount
from kesu.config.bench.watching import Act, Watch, watching
from kesu.config.bench.waves import Expected, Lying, load
from kesu.config.bench.whole import Wanted, fill
from kesu.config.bench.year import replay
from kesu.config.postgres import databases
from kesu.config.progress import Progress
from kesu.config.trouble import Trouble
from kesu.core import clock

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
SPREAD: Final = 60.0
"""Seconds over which the first wave falls due."""
_COPIES: Final = 10
_PLACE, _LOGIN = "qingtang", "wutong"
_EMERGENCY_PLACE, _EMERGENCY_LOGIN = "songyue_site", "baizhiyu"
_ANSWER: Final = timedelta(minutes=3)
"""What an emergency leaves before it is told further up."""
_EMERGENCIES: Final = 20
_LATE_SPREAD, _LATE_TOGETHER, _LATE_URGENT = 2.0, 120.0, 2.0
_PATIENCE: Final = 900.0
_CALM: Final = 120.0
"""Seconds that the work of a night is waited for at most: the clock jumps by days."""
_QUIET: Final = 4 * MINUTE
"""Before a wave: what was due until then is done, and sent, while it is still to come."""
_BEFORE, _STANDS, _TOLD = 5 * SECOND, 10 * MINUTE, 15 * MINUTE


@dataclass(frozen=True, slots=True)
class Storm:
    """`cases`: how many lie in the database beside it; `wave`: how many fall due at once, and again spread; `redate`:
    how many go over to another calendar; `year`: of how many a year is walked through."""

    folder: Path
    cases: int
    wave: int
    redate: int
    year: int


class Limit(Enum):
    """What is asked of a wave."""

    EACH = "each in time"
    ALL = "all of them soon"
    ONCE = "each once, workers being killed"


@dataclass(frozen=True, slots=True)
class Wave:
    """`at`: when the first falls due."""

    name: str
    limit: Limit
    at: datetime
    reports: Sequence[Lying]


def run(wanted: Storm, progress: Progress) -> Report:
    """Everything. A folder that was loaded before is measured as it is; its clock has gone on."""
    report, hand = Report(), Hand(wanted.folder)
    with place(wanted.folder, progress) as own:
        if own.loaded is None:
            fill(Wanted(wanted.folder, wanted.cases, 0, 0.0), own, progress)
            _found_neighbours(own.at)
            own.keep(wanted.cases)
        report.machine = machine(own.loaded or 0)
        waves = _waves(own.at, wanted.wave)
        expected = [_opened(own, wave, progress) for wave in waves]
        with progress.step("整理数据库"):
            own.tidy()
        close_connections()
        with own.serving(report, progress):
            for wave, cases in zip(waves, expected, strict=True):
                report.singles += _storm(own, hand, wave, cases, progress)
            report.singles.append(_floor(own))
            for wave, cases in zip(waves, expected, strict=True):
                report.singles.append(_once(cases, wave.at + _TOLD, progress))
            if wanted.redate:
                report.singles += recount(own, wanted.redate, progress)
            if wanted.year:
                report.singles += replay(own, hand, wanted.year, progress)
        close_connections()
    return report


def _found_neighbours(at: datetime) -> None:
    """A company whose policy knows emergencies."""
    from django.db import transaction

    from kesu.config.bench import company

    with transaction.atomic():
        company.found_neighbours(at)
    close_connections()


def _waves(at: datetime, count: int) -> list[Wave]:
    """On workdays that are still to come by the clock of the folder."""
    from kesu.config.bench.company import calendar_at
    from kesu.config.bench.once import next_figure

    calendar = calendar_at(at)
    day = calendar.next_work_start(calendar.end_of_day(calendar.local(clock.now()).date()))
    ten, evening = (calendar.instant(calendar.local(day).date(), wall(hour)) for hour in (10, 18))
    nexts = calendar.next_work_start(evening + MINUTE) + HOUR
    first = next_figure()
    spread = _spread(ten, count, first)
    together = [*_together(evening, count, first + count), *_emergencies(evening, first + 2 * count)]
    killed = _spread(nexts, count // 5, first + 2 * count + _EMERGENCIES)
    return [
        Wave(f"{count} 件分散在 {SPREAD:g} 秒里到期", Limit.EACH, ten, spread),
        Wave(f"{count} 件在下班的一刻同时到期", Limit.ALL, evening, together),
        Wave(f"{count // 5} 件分散到期，后台任务随时被 kill -9", Limit.ONCE, nexts, killed),
    ]


def _spread(at: datetime, count: int, first: int) -> list[Lying]:
    """So many within `SPREAD` seconds from `at` on, a few at each instant."""
    reports = max(1, count // _COPIES)
    each = timedelta(seconds=SPREAD / reports)
    return [_lying(at + nth * each, at, _COPIES, first + nth * _COPIES) for nth in range(reports)]


def _together(at: datetime, count: int, first: int) -> list[Lying]:
    return [_lying(at, at, _COPIES, first + nth * _COPIES) for nth in range(max(1, count // _COPIES))]


def _lying(due: datetime, wave: datetime, copies: int, first: int) -> Lying:
    """A call of which the one whose duty that is has not been told when its hour is over."""
    return Lying(_PLACE, _LOGIN, due - HOUR, wave - _STANDS, wave + _TOLD, copies, first)


def _emergencies(at: datetime, first: int) -> list[Lying]:
    """One every other second while the wave is worked off."""
    reports = []
    for nth in range(_EMERGENCIES):
        began = at + (1 + 2 * nth) * SECOND - _ANSWER
        told = {"is_emergency": "是"}
        reports.append(Lying(_EMERGENCY_PLACE, _EMERGENCY_LOGIN, began, began, at + _TOLD, 1, first + nth, given=told))
    return reports


def _opened(own: Place, wave: Wave, progress: Progress) -> list[Expected]:
    expected: list[Expected] = []
    with progress.step(f"写入：{wave.name}") as step:
        for some in load(own.at, wave.reports):
            expected += some
            step.note(f"{len(expected):,}")
    return expected


def _storm(own: Place, hand: Hand, wave: Wave, cases: Sequence[Expected], progress: Progress) -> Iterator[Single]:
    due = {(one.case, key): at for one in cases for key, at in one.due.items() if at > one.stands}
    hand.move_to(wave.at - _QUIET)
    with progress.step("等后台任务做完以前的事"):
        _wait_until_done(_PATIENCE)
        come_to_rest(own.server(), _CALM)
    is_killed = wave.limit is Limit.ONCE
    address = own.cluster.url(databases.APP, databases.MAIN)
    if clock.now() > wave.at - _BEFORE:
        raise Trouble(f"{wave.name}：等以前的事做完时已经到期", advice="机器太忙，空下来再量")
    server, before = own.server(), own.server().cpu()
    hand.move_to(wave.at - _BEFORE)
    home = own.installation.home
    with (
        progress.step(wave.name) as step,
        watching(address) as watch,
        killing(home, IN_A_WAVE if is_killed else None) as kills,
    ):
        _wait_for(watch, set(due), step.note)
    used = server.cpu().since(before)
    yield from _figures(wave, cases, due, watch)
    if is_killed:
        yield Single("后台任务被杀", len(kills), "次", 3, is_floor=True)
    else:
        count = len(due)
        yield Single("每件的 CPU：后台任务", used.worker / count * 1000, "ms")
        yield Single("每件的 CPU：数据库", used.database / count * 1000, "ms")


def _floor(own: Place) -> Single:
    """What the bare machine can do in the same run: transactions of one row."""
    from kesu.config.bench.floor import one_row

    address = own.cluster.url(databases.APP, databases.MAIN)
    row = one_row(lambda: psycopg.connect(address), own.server(), 3.0, processors(), clock.now())
    return Single(f"裸机：一行一个事务，{processors()} 个连接，每秒", row.rate_eight or 0.0, "次")


def _wait_until_done(seconds: float) -> None:
    """Until nothing is due."""
    from kesu.commands.clock.wake_one import next_wake_at

    until = time.monotonic() + seconds
    while time.monotonic() < until and (next_wake_at() or clock.now()) < clock.now():
        time.sleep(0.5)


def _wait_for(watch: Watch, acts: set[Act], note: Callable[[str], None]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and not watch.has_all(acts):
        note(f"{len(watch.seen):,}")
        time.sleep(0.2)


def _figures(wave: Wave, cases: Sequence[Expected], due: Mapping[Act, datetime], watch: Watch) -> Iterator[Single]:
    urgent = {one.case for one in cases if one.urgent}
    late = {act: (watch.seen[act] - at).total_seconds() for act, at in due.items() if act in watch.seen}
    usual = sorted(seconds for (case, _), seconds in late.items() if case not in urgent)
    in_lane = sorted(seconds for (case, _), seconds in late.items() if case in urgent)
    yield Single(f"{wave.name}：没有做的", len(due) - len(late), "件", 0)
    if not usual:
        return
    yield Single("晚了多久，中位", usual[len(usual) // 2], "s")
    p99 = usual[min(len(usual) - 1, len(usual) * 99 // 100)]
    yield Single("晚了多久，p99", p99, "s", _LATE_SPREAD if wave.limit is Limit.EACH else None)
    yield Single("晚了多久，最晚", usual[-1], "s", _LATE_TOGETHER if wave.limit is Limit.ALL else None)
    whole = (max(watch.seen.values()) - wave.at).total_seconds()
    yield Single("每秒", len(usual) / whole, "件/秒")
    if in_lane:
        yield Single(f"其间的应急 {len(in_lane)} 件，最晚", in_lane[-1], "s", _LATE_URGENT)


def _once(expected: Sequence[Expected], until: datetime, progress: Progress) -> Single:
    from kesu.config.bench.once import breaches

    with progress.step("核对每一次催办和每一条消息"):
        found = list(breaches(expected, until))
    for line in found[:5]:
        progress.say(f"  {line}")
    return Single("丢失、重复或早做的", len(found), "处", 0)
