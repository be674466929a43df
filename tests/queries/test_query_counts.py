"""The pages ask the database as often for fifty rows as for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kesu.access.measures import DutySlice, Period, Span
from kesu.queries.cases.case_list import ListFilter, case_list
from kesu.queries.numbers.ahead import ahead
from kesu.queries.numbers.duty_list import duty_list
from kesu.queries.numbers.numbers_page import numbers
from kesu.queries.work.frame import frame_facts
from kesu.queries.work.news import news
from kesu.queries.work.workbench import approvals, workbench
from tests.world import MONDAY, World

AT = MONDAY + timedelta(minutes=20)
TODAY = (MONDAY.replace(hour=0, minute=0), MONDAY.replace(hour=16, minute=0))

SEARCH = ListFilter(text="渗水 发霉", size=100)
"""Words in the title and in the text of every case."""


def submit(world: World, count: int, first: int = 0) -> None:
    for i in range(first, first + count):
        at = MONDAY + timedelta(seconds=i)
        world.submit(at=at, title=f"外墙渗水 {i}", person__phone=f"138000{i:05d}", person__name=f"业主{i}")


def asked(world: World, query: Callable[[World], object]) -> int:
    query(world)
    with CaptureQueriesContext(connection) as caught:
        query(world)
    return len(caught)


QUERIES: dict[str, Callable[[World], object]] = {
    "workbench": lambda w: workbench(actor=w.actor("zhouyining"), at=AT),
    "approvals": lambda w: approvals(actor=w.actor("zhouyining"), at=AT),
    "news": lambda w: news(actor=w.actor("zhouyining"), at=AT),
    "frame": lambda w: frame_facts(actor=w.actor("zhouyining"), at=AT),
    "numbers": lambda w: numbers(actor=w.actor("zhouyining"), at=AT, period=Period(Span(*TODAY), Span(*TODAY))),
    "duties": lambda w: duty_list(actor=w.actor("zhouyining"), at=AT, sought=DutySlice(), page=1, size=50),
    "ahead": lambda w: ahead(actor=w.actor("zhouyining"), at=AT).totals["pending"],
    "list": lambda w: case_list(actor=w.actor("zhouyining"), at=AT, today=TODAY, chosen=ListFilter(size=100)),
    "search": lambda w: case_list(actor=w.actor("zhouyining"), at=AT, today=TODAY, chosen=SEARCH),
}


def test_it_asks_as_often_for_fifty_rows_as_for_one(world: World) -> None:
    submit(world, 1)
    for_one = {name: asked(world, query) for name, query in QUERIES.items()}

    submit(world, 49, first=1)

    assert {name: asked(world, query) for name, query in QUERIES.items()} == for_one
    assert len(case_list(actor=world.actor("zhouyining"), at=AT, today=TODAY, chosen=ListFilter(size=100)).rows) == 50
    assert workbench(actor=world.actor("zhouyining"), at=AT).total == 50
