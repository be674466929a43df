"""Cases about the same thing: different people count, the same person once, and levels rise at that moment."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kesu.commands.matters.join_matter import join_matter
from kesu.core.errors import NotFound, Unacceptable
from kesu.store.models import CaseCard, CaseEvent, MatterMember
from tests.world import MONDAY, World, standing_of


def three_neighbours(world: World) -> list[UUID]:
    phones = ("13800002016", "13800003187", "13800004410")
    return [
        world.register("wutong", at=MONDAY + timedelta(days=day), person__phone=phone, title=f"渗水 {day}")
        for day, phone in enumerate(phones)
    ]


def test_it_raises_every_member_at_the_third_person(world: World) -> None:
    first, second, third = three_neighbours(world)
    at = MONDAY + timedelta(days=2, hours=1)
    actor = world.actor("zhouyining")

    join_matter(actor=actor, at=at, case_id=first, other_id=second)
    assert set(CaseCard.objects.values_list("level", flat=True)) == {"general"}

    join_matter(actor=actor, at=at, case_id=third, other_id=first)
    assert set(CaseCard.objects.values_list("level", flat=True)) == {"hot"}
    assert all(card.level_clauses == ["3.4.2b"] for card in CaseCard.objects.all())


def test_it_changes_nothing_when_joined_twice(world: World) -> None:
    first, second, _ = three_neighbours(world)
    actor, at = world.actor("zhouyining"), MONDAY + timedelta(days=3)
    join_matter(actor=actor, at=at, case_id=first, other_id=second)
    events = CaseEvent.objects.count()

    join_matter(actor=actor, at=at, case_id=second, other_id=first)

    assert CaseEvent.objects.count() == events
    assert MatterMember.objects.count() == 2


def test_it_counts_one_person_with_two_cases_once(world: World) -> None:
    cases = [world.register("wutong", at=MONDAY + timedelta(days=day), title=f"渗水 {day}") for day in range(3)]
    actor, at = world.actor("zhouyining"), MONDAY + timedelta(days=3)
    join_matter(actor=actor, at=at, case_id=cases[0], other_id=cases[1])
    join_matter(actor=actor, at=at, case_id=cases[0], other_id=cases[2])

    assert standing_of(cases[0], at).facts["same_issue_people"] == 1


def test_it_refuses_a_case_with_itself_and_a_case_out_of_sight(world: World) -> None:
    ours, theirs = world.register("wutong"), world.register("zhaolang", unit="wangting")
    actor = world.actor("zhouyining")

    with pytest.raises(Unacceptable):
        join_matter(actor=actor, at=MONDAY, case_id=ours, other_id=ours)
    with pytest.raises(NotFound):
        join_matter(actor=actor, at=MONDAY, case_id=ours, other_id=theirs)
