"""The same list of people, sent by two at once: everybody joins once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connections

from kesu.commands.cases.take_step_for_many import take_step_for_many
from kesu.core.importing import ListedLine
from kesu.store.models import CaseCard, CaseEvent
from tests.world import MONDAY, World, said

AT = MONDAY + timedelta(hours=1)


def test_two_who_send_it_at_once_add_everybody_once(committed_world: World) -> None:
    world = committed_world
    case_id, actor = world.register("wutong", at=MONDAY), world.actor("zhouyining")
    lines = [
        ListedLine(row, AT, said(person__name=f"邻居{row}", person__phone=f"1380000{row:04d}"), f"{row}")
        for row in range(2, 12)
    ]

    def add(_nth: int) -> int:
        try:
            return take_step_for_many(actor=actor, at=AT, case_id=case_id, step="join", lines=lines)[0]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(add, range(2))) == [0, 10]

    assert CaseEvent.objects.filter(case=case_id, kind="complainant.joined").count() == 10
    assert CaseCard.objects.get(case=case_id).people_count == 11


def test_signs_that_nobody_sees_make_no_second_person(world: World) -> None:
    case_id, actor = world.register("wutong", at=MONDAY), world.actor("zhouyining")
    names = ("王五", "王五\u200b", "\u2067王五", "\u202e赵六\u0007")
    lines = [ListedLine(row, AT, said(person__name=name), name) for row, name in enumerate(names, start=2)]

    assert take_step_for_many(actor=actor, at=AT, case_id=case_id, step="join", lines=lines) == (2, (3, 4))
    assert CaseCard.objects.get(case=case_id).people_count == 3
