"""Somebody comes again with what had been settled: joined to the earlier case, the new one is a second complaint."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kesu.casefile.matters.rebuilding import differs
from kesu.commands.cases.take_back import take_back
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.matters.join_matter import join_matter
from kesu.commands.nightly.rebuild_matter import rebuild_matter
from kesu.store.models import CaseCard, CaseEvent, Matter, OutboxMessage
from tests.web.numbers.story import resolved
from tests.world import MONDAY, World

LATER = MONDAY + timedelta(days=2)


def again(world: World, **given: str) -> UUID:
    return world.register("zhouyining", at=LATER, title="又来了", **given)


def together(world: World, first: UUID, second: UUID) -> None:
    join_matter(actor=world.actor("zhouyining"), at=LATER, case_id=first, other_id=second)


def card(case_id: UUID) -> CaseCard:
    return CaseCard.objects.get(pk=case_id)


def found(case_id: UUID) -> list[str]:
    told = CaseEvent.objects.filter(case_id=case_id, kind="repeat.found")
    return [event.facts["repeat_of"] for event in told]


def test_it_is_a_second_complaint_of_the_same_person_after_the_end(world: World) -> None:
    earlier = resolved(world, MONDAY, "门禁坏了")
    second = again(world)

    together(world, second, earlier)

    assert found(second) == [earlier.hex]
    card = CaseCard.objects.get(pk=second)
    assert (card.level_name, card.level_clauses) == ("重要", ["3.4.3a"])
    assert not found(earlier)


def test_what_had_been_settled_is_taken_up_again_by_the_program_unless_the_manager_takes_that_back(
    world: World,
) -> None:
    earlier = resolved(world, MONDAY, "门禁坏了")
    second = again(world)
    assert card(earlier).is_final

    together(world, second, earlier)

    now = card(earlier)
    assert (now.stage, now.level_name, now.level_clauses, now.closed_at) == ("triaged", "重要", ["3.4.3a"], None)
    taken = CaseEvent.objects.get(case=earlier, step="take_up_again")
    assert (taken.actor, taken.role, taken.facts) == ("", "system", {"repeated_by": second.hex})
    assert OutboxMessage.objects.filter(case=earlier, payload__code="came_again").exists()
    assert not differs(Matter.objects.get())
    assert card(second).stage == "received"  # it goes on by itself

    take_back(actor=world.actor("linsheng"), at=LATER, case_id=earlier, seq=taken.seq, reason="不是同一件事")
    assert (card(earlier).stage, card(earlier).level_name) == ("closed", "一般")


def test_a_third_case_of_the_matter_is_told_by_the_worker_and_nobody_else_is(world: World) -> None:
    earlier, other = resolved(world, MONDAY, "门禁坏了"), world.register("wutong", title="一起的")
    second = again(world)
    together(world, other, earlier)

    together(world, second, other)
    assert card(earlier).stage == "closed"
    beside, more = (world.register("wutong", at=LATER, person__phone=f"1380000777{nth}") for nth in range(2))
    together(world, beside, more)
    together(world, beside, second)  # before anybody was told, both matters become one
    while wake_one(at=LATER):
        pass

    assert card(earlier).stage == "triaged"
    assert not CaseEvent.objects.filter(case=other, kind="case.repeated").exists()
    assert not [one for one in Matter.objects.all() if differs(one)]
    rebuild_matter(matter_id=Matter.objects.get(merged_into=None).pk, at=LATER)
    while wake_one(at=LATER):
        pass
    assert CaseEvent.objects.filter(case=earlier, kind="case.repeated").count() == 1


def test_what_is_in_the_archive_stays_there(world: World) -> None:
    earlier = resolved(world, MONDAY, "门禁坏了")
    world.take(earlier, "archive", "zhouyining", MONDAY + timedelta(days=1))
    second = again(world)

    together(world, second, earlier)

    assert card(earlier).stage == "archived"
    assert CaseEvent.objects.filter(case=earlier, kind="case.repeated", facts={"repeated_by": second.hex}).exists()
    assert found(second) == [earlier.hex]
