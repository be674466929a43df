"""A year of cases that nobody touches, walked through in the running program: the clock is moved from one instant at
which something falls due to the next."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

import psycopg

from kesu.config.bench.figures import Single
from kesu.config.bench.killing import IN_A_YEAR, killing
from kesu.config.bench.moving import Hand
from kesu.config.bench.place import Place
from kesu.config.bench.waves import Expected, Lying, load
from kesu.config.postgres import databases
from kesu.config.progress import Progress
from kesu.core import clock

if TYPE_CHECKING:
    from kesu.config.bench.company import Company

_YEAR: Final = timedelta(days=365)
_COPIES: Final = 20
_APART: Final = timedelta(minutes=10)
"""What a case has at least between two of its instants within one step of the clock: else the program could not but
take them together."""
_MOST: Final = 2_000
"""Cases that fall due in one step."""
_PATIENCE: Final = 600.0


def replay(own: Place, hand: Hand, cases: int, progress: Progress) -> Iterator[Single]:
    """With the program running. The clock stands a year later afterwards."""
    from kesu.config.bench.once import breaches

    began = clock.now() + timedelta(days=1)
    reports = _reports(own.at, began, cases)
    expected: list[Expected] = []
    with progress.step(f"写入一年的 {cases:,} 件") as step:
        for some in load(own.at, reports):
            expected += some
            step.note(f"{len(expected):,}")
    steps = list(steps_of(expected))
    home = own.installation.home
    with progress.step(f"走过一年：{len(steps):,} 步") as step, killing(home, IN_A_YEAR) as kills:
        started, late = time.monotonic(), 0
        for nth, at in enumerate(steps):
            late += not _walk(own, hand, at)
            step.note(f"{nth:,}，{at:%Y-%m-%d}")
        seconds = time.monotonic() - started
    with progress.step("核对一年里的每一次"):
        found = list(breaches(expected, began + _YEAR))
    for line in found[:5]:
        progress.say(f"  {line}")
    acts = sum(len(one.due) for one in expected)
    yield Single("一年的重放：件数", len(expected), "件")
    yield Single("一年里到期的催办、升级和程序自己的步骤", acts, "次", 1, is_floor=True)
    yield Single("每秒走过", acts / seconds, "次/秒")
    yield Single("其间后台任务被杀", len(kills), "次")
    yield Single("没有在十分钟里做完的步", late, "步", 0)
    yield Single("丢失、重复或早做的", len(found), "处", 0)


def _reports(at: datetime, began: datetime, cases: int) -> list[Lying]:
    """At any working minute of a year and at any project; now and then an emergency, at any hour."""
    from kesu.config.bench.crew import company
    from kesu.config.bench.once import next_figure

    made, chance = company(at), Random(7)  # noqa: S311  variety, not secrecy
    first, reports = next_figure(), []
    for nth in range(max(1, cases // _COPIES)):
        moment = began + timedelta(minutes=chance.randint(0, 364 * 24 * 60))
        figure = first + nth * _COPIES
        reports.append(_report(made, chance, moment, began + _YEAR, figure))
    return reports


def _report(made: Company, chance: Random, moment: datetime, until: datetime, first: int) -> Lying:
    if chance.random() < 0.1:
        told = {"is_emergency": "是"}
        return Lying("songyue_site", "baizhiyu", moment, moment, until, _COPIES, first, given=told)
    place = chance.choice([code for code, parts in made.actors.items() if "first" in parts])
    moment = made.calendar.next_work_start(moment)
    return Lying(place, made.actors[place]["first"], moment, moment, until, _COPIES, first)


def steps_of(expected: Sequence[Expected]) -> Iterator[datetime]:
    """The instants to which the clock is moved: as far as it can be while every case has one instant in each step."""
    due = sorted((at, nth) for nth, one in enumerate(expected) for at in {*one.due.values()} if at > one.stands)
    following: dict[int, list[datetime]] = {}
    for at, nth in reversed(due):
        following.setdefault(nth, []).append(at)
    count, limit, last = 0, None, None
    for at, nth in due:
        if last is not None and at > last and (count >= _MOST or (limit is not None and at > limit)):
            yield last
            count, limit = 0, None
        following[nth].pop()
        if following[nth]:
            then = following[nth][-1] - _APART
            limit = then if limit is None else min(limit, then)
        count, last = count + 1, at
    if last is not None:
        yield last


def _walk(own: Place, hand: Hand, at: datetime) -> bool:
    """Moves the clock there and waits until all is done; False where it was not in time."""
    from kesu.commands.clock.wake_one import next_wake_at

    hand.move_to(at)
    with psycopg.connect(own.cluster.url(databases.APP, databases.MAIN), autocommit=True) as bell:
        bell.execute("SELECT pg_notify('kesu_work', '')")
    until = time.monotonic() + _PATIENCE
    while (due := next_wake_at()) is not None and due <= at:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
