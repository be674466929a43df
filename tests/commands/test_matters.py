"""Cases about the same thing: different people count, the same person once, and levels rise at that moment."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections

from kesu.commands.matters.join_matter import join_matter
from kesu.core.errors import NotFound, Unacceptable
from kesu.store.models import CaseCard, CaseEvent, MatterMember, Obligation
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


def test_it_counts_nobody_twice_whose_number_was_corrected(world: World) -> None:
    first, second, _ = three_neighbours(world)
    at = MONDAY + timedelta(days=3)
    join_matter(actor=world.actor("zhouyining"), at=at, case_id=first, other_id=second)
    right = {"contact__name": "苏女士", "contact__phone": "13800002017"}
    world.take(first, "correct_contact", "wutong", at + timedelta(minutes=1), **right)

    assert standing_of(second, at + timedelta(minutes=2)).facts["same_issue_people"] == 2


def test_it_refuses_a_case_with_itself_and_a_case_out_of_sight(world: World) -> None:
    ours, theirs = world.register("wutong"), world.register("zhaolang", unit="wangting")
    actor = world.actor("zhouyining")

    with pytest.raises(Unacceptable):
        join_matter(actor=actor, at=MONDAY, case_id=ours, other_id=ours)
    with pytest.raises(NotFound):
        join_matter(actor=actor, at=MONDAY, case_id=ours, other_id=theirs)


def test_it_tells_every_member_of_a_person_who_joins_one_of_them_later(world: World) -> None:
    first, second, _ = three_neighbours(world)
    at = MONDAY + timedelta(days=2, hours=1)
    join_matter(actor=world.actor("zhouyining"), at=at, case_id=first, other_id=second)

    third = {"person__name": "第三位", "person__phone": "13900007788"}
    world.take(first, "join", "zhouyining", at + timedelta(hours=1), **third)

    for case_id in (first, second):
        assert standing_of(case_id, at + timedelta(hours=1)).facts["same_issue_people"] == 3
        assert CaseCard.objects.get(pk=case_id).level == "hot"


def test_it_starts_what_a_matter_raises_when_it_becomes_known(world: World) -> None:
    """The third person complained five days before anybody saw that it is the same thing: nobody is late yet."""
    first, second, third = three_neighbours(world)
    at = MONDAY + timedelta(days=7, hours=1)
    actor = world.actor("zhouyining")
    join_matter(actor=actor, at=at, case_id=first, other_id=second)
    join_matter(actor=actor, at=at, case_id=third, other_id=first)

    for case_id in (first, second, third):
        owed = Obligation.objects.get(case_id=case_id, duty="report_up")
        assert owed.starts_at == at
        assert owed.due_at is not None
        assert owed.due_at > at
        escalated = CaseEvent.objects.filter(case_id=case_id, kind="duty.escalated", facts__duty="report_up")
        assert not escalated.exists()


def test_it_says_when_it_learned_of_a_person(world: World) -> None:
    first, second, _ = three_neighbours(world)
    at = MONDAY + timedelta(days=3)
    join_matter(actor=world.actor("zhouyining"), at=at, case_id=first, other_id=second)

    joined = CaseEvent.objects.filter(case_id=first, kind="matter.joined")
    assert {(e.at, e.recorded_at) for e in joined} == {(MONDAY, at), (MONDAY + timedelta(days=1), at)}


def test_it_makes_one_matter_of_joins_that_share_a_case_at_the_same_instant(committed_world: World) -> None:
    world, at = committed_world, MONDAY + timedelta(days=3)
    first, second, third = three_neighbours(world)
    pairs = [(first, second), (second, third), (third, first), (second, first)]
    start = threading.Barrier(len(pairs))
    errors: list[BaseException] = []

    def join(pair: tuple[UUID, UUID]) -> None:
        try:
            actor = world.actor("zhouyining")
            start.wait(timeout=20)
            join_matter(actor=actor, at=at, case_id=pair[0], other_id=pair[1])
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=join, args=(pair,)) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert not errors
    assert MatterMember.objects.values("matter").distinct().count() == 1
    assert MatterMember.objects.count() == 3
    assert {standing_of(pk, at).facts["same_issue_people"] for pk in (first, second, third)} == {3}
