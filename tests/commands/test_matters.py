"""Cases about the same thing: different people count, the same person once, and levels rise at that moment."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connections
from django.db.models import QuerySet

from kesu.commands.clock.wake_one import wake_one
from kesu.commands.customers.add_customer import add_customer
from kesu.commands.customers.join_customers import join_customers
from kesu.commands.matters.join_matter import join_matter
from kesu.commands.matters.part_case import part_case
from kesu.commands.nightly.rebuild_matter import rebuild_matter
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.queries.cases.case_page import case_page
from kesu.queries.matters.matter_page import matter_page
from kesu.queries.proof.rows_of_matters import matters_compared
from kesu.queries.proof.verify_log import verify_log
from kesu.store.models import CaseCard, CaseEvent, Matter, MatterEvent, MatterMember, MatterPerson, Obligation
from tests.world import MONDAY, World, standing_of


def three_neighbours(world: World) -> list[UUID]:
    phones = ("13800002016", "13800003187", "13800004410")
    return [
        world.register("wutong", at=MONDAY + timedelta(days=day), person__phone=phone, title=f"渗水 {day}")
        for day, phone in enumerate(phones)
    ]


def worker(at: datetime) -> None:
    """What is carried to the members that nobody had in hand."""
    while wake_one(at=at):
        pass


def heads(world: World, case_id: UUID, at: datetime) -> int:
    """How many different people stand behind its matter, as the page says."""
    matter = MatterMember.objects.get(case=case_id).matter_id
    return matter_page(actor=world.actor("zhouyining"), at=at, matter_id=matter).heads


def test_it_raises_every_member_at_the_third_person(world: World) -> None:
    first, second, third = three_neighbours(world)
    at = MONDAY + timedelta(days=2, hours=1)
    actor = world.actor("zhouyining")

    join_matter(actor=actor, at=at, case_id=first, other_id=second)
    assert set(CaseCard.objects.values_list("level", flat=True)) == {"general"}

    join_matter(actor=actor, at=at, case_id=third, other_id=first)
    assert set(CaseCard.objects.filter(pk__in=(first, third)).values_list("level", flat=True)) == {"hot"}
    worker(at)
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

    assert heads(world, cases[0], at) == 1


def test_it_counts_nobody_twice_whose_number_was_corrected(world: World) -> None:
    first, second, _ = three_neighbours(world)
    at = MONDAY + timedelta(days=3)
    join_matter(actor=world.actor("zhouyining"), at=at, case_id=first, other_id=second)
    right = {"contact__name": "苏女士", "contact__phone": "13800002017"}
    world.take(first, "correct_contact", "wutong", at + timedelta(minutes=1), **right)

    assert heads(world, second, at) == 2


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

    worker(at + timedelta(hours=1))
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
    worker(at)

    for case_id in (first, second, third):
        owed = Obligation.objects.get(case_id=case_id, duty="report_up")
        assert owed.starts_at == at
        assert owed.due_at is not None
        assert owed.due_at > at
        escalated = CaseEvent.objects.filter(case_id=case_id, kind="duty.escalated", facts__duty="report_up")
        assert not escalated.exists()


def test_it_says_when_it_was_reached_and_when_that_was_learned(world: World) -> None:
    first, second, third = three_neighbours(world)
    at, actor = MONDAY + timedelta(days=3), world.actor("zhouyining")
    join_matter(actor=actor, at=at, case_id=first, other_id=second)
    assert not told().exists()
    join_matter(actor=actor, at=at, case_id=third, other_id=first)
    worker(at)

    assert {(e.at, e.recorded_at) for e in told()} == {(MONDAY + timedelta(days=2), at)}
    assert told().count() == 3


def told() -> QuerySet[CaseEvent]:
    return CaseEvent.objects.filter(kind="matter.counted")


def test_it_tells_nobody_between_two_edges(world: World) -> None:
    first, *others = three_neighbours(world)
    at, actor = MONDAY + timedelta(days=3), world.actor("zhouyining")
    for other in others:
        join_matter(actor=actor, at=at, case_id=first, other_id=other)
    worker(at)
    events = CaseEvent.objects.filter(case_id=first).count()

    fourth = world.register("wutong", at=at, person__phone="13800009910", title="渗水 4")
    join_matter(actor=actor, at=at, case_id=others[0], other_id=fourth)
    worker(at)

    assert CaseEvent.objects.filter(case_id=first).count() == events
    assert [e.facts["same_issue_people"] for e in told().filter(case_id=fourth)] == [3]
    raises = case_page(actor=actor, at=at, case_id=first).raises
    assert [one.have for one in raises if one.want is not None and "同一事项" in one.fact] == [4]  # as it is by now


def test_it_tells_once_however_often_the_worker_comes(world: World) -> None:
    first, *others = three_neighbours(world)
    at, actor = MONDAY + timedelta(days=3), world.actor("zhouyining")
    for other in others:
        join_matter(actor=actor, at=at, case_id=first, other_id=other)
    worker(at)
    events = CaseEvent.objects.count()

    MatterMember.objects.update(told_seq=0)  # as if nothing were known of what was told
    Matter.objects.update(wake_at=at)
    worker(at)

    assert CaseEvent.objects.count() == events


def test_the_window_closes_by_itself(world: World) -> None:
    first, *others = three_neighbours(world)
    at, actor = MONDAY + timedelta(days=3), world.actor("zhouyining")
    for other in others:
        join_matter(actor=actor, at=at, case_id=first, other_id=other)
    worker(at)
    closes = MONDAY + timedelta(days=30)
    assert Matter.objects.get().wake_at == closes

    worker(closes)

    latest = told().filter(case_id=first).latest("seq")
    assert (latest.at, latest.facts["same_issue_people"]) == (closes, 2)
    levels = [change.after for change in standing_of(first, closes).level_changes]
    assert "general" not in levels[levels.index("hot") :]  # it falls by hand only


def test_two_matters_become_one(world: World) -> None:
    """Two and two are four: those of the other matter learn of it from the worker."""
    at, actor = MONDAY + timedelta(days=3), world.actor("zhouyining")
    cases = [*three_neighbours(world), world.register("wutong", at=at, person__phone="13800009910", title="渗水 4")]
    join_matter(actor=actor, at=at, case_id=cases[0], other_id=cases[1])
    join_matter(actor=actor, at=at, case_id=cases[2], other_id=cases[3])
    assert not told().exists()

    join_matter(actor=actor, at=at, case_id=cases[3], other_id=cases[0])
    worker(at)

    assert MatterMember.objects.values("matter").distinct().count() == 1
    assert heads(world, cases[2], at) == 4
    assert set(CaseCard.objects.values_list("level", flat=True)) == {"hot"}
    assert sorted(told().values_list("case_id", flat=True)) == sorted(cases)
    assert verify_log(is_sealed=False).faults == 0


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
    worker(at)
    assert {standing_of(pk, at).facts["same_issue_people"] for pk in (first, second, third)} == {3}


def test_it_takes_a_case_out_again_with_a_reason(world: World) -> None:
    first, second, third = three_neighbours(world)
    at, actor = MONDAY + timedelta(days=3), world.actor("zhouyining")
    join_matter(actor=actor, at=at, case_id=first, other_id=second)
    join_matter(actor=actor, at=at, case_id=third, other_id=first)
    worker(at)
    with pytest.raises(Unacceptable):
        part_case(actor=actor, at=at, case_id=third, reason=" ")

    later = at + timedelta(hours=1)
    part_case(actor=actor, at=later, case_id=third, reason="查明是另一根管子")
    worker(later)

    page = case_page(actor=actor, at=later, case_id=third)
    assert (page.matter.id, page.matter.members) == (None, ())
    assert page.matter.level_stays
    assert page.level.name == "热点"
    assert "查明是另一根管子" in [item.text for item in page.timeline]
    assert heads(world, first, later) == 2
    counts = {pk: standing_of(pk, later).facts["same_issue_people"] for pk in (first, second, third)}
    assert counts == {first: 2, second: 2, third: 0}
    assert verify_log(is_sealed=False).faults == 0


def test_nobody_takes_out_a_case_of_no_matter_or_without_the_right(world: World) -> None:
    first, second, _ = three_neighbours(world)
    at = MONDAY + timedelta(days=3)
    with pytest.raises(NotFound):
        part_case(actor=world.actor("zhouyining"), at=at, case_id=first, reason="无")
    join_matter(actor=world.actor("zhouyining"), at=at, case_id=first, other_id=second)
    with pytest.raises(Forbidden):
        part_case(actor=world.actor("wutong"), at=at, case_id=first, reason="无")
    with pytest.raises(NotFound):
        part_case(actor=world.actor("zhaolang"), at=at, case_id=first, reason="无")


def test_one_customer_with_two_telephones_is_one_person(world: World) -> None:
    first, second, third = three_neighbours(world)
    at, actor = MONDAY + timedelta(days=3), world.actor("zhouyining")
    join_matter(actor=actor, at=at, case_id=first, other_id=second)
    join_matter(actor=actor, at=at, case_id=third, other_id=first)
    assert heads(world, first, at) == 3

    given = {"name": "苏女士", "kind": "owner", "project": world.units["qingtang"].hex}
    kept = add_customer(actor=actor, at=at, given=given | {"phones": "13800002016，13800003187"})
    assert heads(world, first, at) == 2

    other = add_customer(actor=actor, at=at, given=given | {"phones": "13800004410"})
    join_customers(actor=actor, at=at, customer_id=kept, other_id=other)
    assert heads(world, first, at) == 1
    worker(at)
    assert told().filter(case_id=first).latest("seq").facts["same_issue_people"] == 1


def test_the_page_tells_of_cases_in_sight_only(world: World) -> None:
    first, second, third = three_neighbours(world)
    at, actor = MONDAY + timedelta(days=3), world.actor("zhouyining")
    join_matter(actor=actor, at=at, case_id=first, other_id=second)
    join_matter(actor=actor, at=at, case_id=third, other_id=first)
    matter = Matter.objects.get().pk

    page = matter_page(actor=actor, at=at, matter_id=matter)

    assert {line.id for line in page.members} == {first, second, third}
    assert [(line.count, line.at, line.known_at) for line in page.edges] == [(3, MONDAY + timedelta(days=2), at)]
    assert [item.what for item in page.items] == ["joined", "joined", "joined", "opened"]
    with pytest.raises(NotFound):
        matter_page(actor=world.actor("zhaolang"), at=at, matter_id=matter)


def test_everything_kept_of_a_matter_follows_from_its_stream(world: World) -> None:
    first, second, third = three_neighbours(world)
    at, actor = MONDAY + timedelta(days=3), world.actor("zhouyining")
    fourth = world.register("wutong", at=at, person__phone="13800009910", title="渗水 4")
    for one, other in ((first, second), (third, fourth), (fourth, first)):
        join_matter(actor=actor, at=at, case_id=one, other_id=other)
    part_case(actor=actor, at=at, case_id=second, reason="另一件事")
    worker(at)
    assert [one.differs for one in matters_compared()] == [False, False]
    events = (MatterEvent.objects.count(), CaseEvent.objects.count())

    MatterPerson.objects.filter(case=third).delete()
    MatterMember.objects.filter(case=fourth).delete()
    Matter.objects.update(reached={}, crossed_seq=0)
    wrong = [one.id for one in matters_compared() if one.differs]
    assert wrong
    for matter in wrong:
        rebuild_matter(matter_id=matter, at=at)
    worker(at)

    assert [one.differs for one in matters_compared()] == [False, False]
    assert heads(world, first, at) == 3
    assert (MatterEvent.objects.count(), CaseEvent.objects.count()) == events


def test_a_case_that_is_put_back_learns_what_stands_behind_it_again(world: World) -> None:
    first, second, third = three_neighbours(world)
    fourth = world.register("wutong", at=MONDAY + timedelta(days=2), person__phone="13800009999", title="渗水 4")
    at, actor = MONDAY + timedelta(days=3), world.actor("zhouyining")
    for other in (second, third, fourth):
        join_matter(actor=actor, at=at, case_id=first, other_id=other)
    worker(at)
    before = standing_of(fourth, at).facts["same_issue_people"]
    part_case(actor=actor, at=at + timedelta(hours=1), case_id=fourth, reason="误归")
    worker(at + timedelta(hours=1))
    assert standing_of(fourth, at + timedelta(hours=1)).facts["same_issue_people"] == 0

    again = at + timedelta(hours=2)
    join_matter(actor=actor, at=again, case_id=first, other_id=fourth)
    worker(again)

    assert standing_of(fourth, again).facts["same_issue_people"] == before
