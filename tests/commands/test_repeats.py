"""Somebody comes again with what had been settled: joined to the earlier case, the new one is a second complaint."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kesu.commands.matters.join_matter import join_matter
from kesu.store.models import CaseCard, CaseEvent
from tests.web.numbers.story import resolved
from tests.world import MONDAY, World

LATER = MONDAY + timedelta(days=2)


def again(world: World, **given: str) -> UUID:
    return world.register("zhouyining", at=LATER, title="又来了", **given)


def together(world: World, first: UUID, second: UUID) -> None:
    join_matter(actor=world.actor("zhouyining"), at=LATER, case_id=first, other_id=second)


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


def test_it_is_none_of_another_person_or_while_the_first_is_open(world: World) -> None:
    earlier, open_one = resolved(world, MONDAY, "门禁坏了"), world.register("wutong", title="还没办完")
    stranger, same = again(world, person__phone="13800007777"), again(world)

    together(world, stranger, earlier)
    together(world, same, open_one)

    assert (found(stranger), found(same)) == ([], [])


def test_it_is_said_once_and_not_where_somebody_said_it(world: World) -> None:
    earlier, other = resolved(world, MONDAY, "门禁坏了"), world.register("wutong", title="一起的")
    second = again(world)
    together(world, second, earlier)
    together(world, second, other)
    assert found(second) == [earlier.hex]


def test_nothing_settled_is_what_was_withdrawn(world: World) -> None:
    earlier = world.register("wutong", title="门禁坏了")
    world.take(earlier, "withdraw", "zhouyining", MONDAY + timedelta(hours=1), withdraw_reason="不投诉了")
    second = again(world)

    together(world, second, earlier)

    assert not found(second)
