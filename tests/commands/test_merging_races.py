"""Merging under pressure: two who merge two cases into each other, and a step on a case that is being merged;
two that name each other."""

from __future__ import annotations

from uuid import UUID

from kesu.core.errors import NotNow, Overtaken, Unacceptable
from kesu.store.models import CaseCard, CaseEvent, MatterMember
from tests.commands.test_linked_races import at_once
from tests.commands.test_merging import HOUR, opened
from tests.world import MONDAY, World, pack

LATER = MONDAY + 3 * HOUR


def merging(world: World, case_id: UUID, into: UUID) -> None:
    world.take(case_id, "merge", "zhouyining", LATER, merged_into=into.hex, merge_reason="同一处屋面")


def test_two_that_are_merged_into_each_other_at_once_and_a_step_beside(committed_world: World) -> None:
    opened(committed_world, pack("merging"))
    for nth in range(3):  # who comes first differs; what comes of it does not
        pair = [committed_world.register("wutong", at=LATER, title=f"漏水 {nth}{one}") for one in "ab"]
        _at_once(committed_world, *pair)


def test_two_that_name_each_other_as_parts_at_once(committed_world: World) -> None:
    world = committed_world
    opened(world, pack("merging"))
    one, other = (world.register("wutong", at=LATER, title=f"分头办 {name}") for name in "ab")
    for case_id in (one, other):
        world.take(case_id, "inform", "wutong", LATER)
    errors = at_once(
        [
            lambda: world.take(one, "name_part", "zhouyining", LATER, part_case=other.hex),
            lambda: world.take(other, "name_part", "zhouyining", LATER, part_case=one.hex),
        ]
    )
    (error,) = errors
    assert isinstance(error, Unacceptable)
    assert error.reason == "waits_for_itself"
    assert CaseEvent.objects.filter(case__in=(one, other), kind="part.named").count() == 1


def _at_once(world: World, first: UUID, second: UUID) -> None:
    errors = at_once(
        [
            lambda: merging(world, first, second),
            lambda: merging(world, second, first),
            lambda: world.take(first, "inform", "wutong", LATER),
        ]
    )
    assert all(isinstance(error, Unacceptable | NotNow | Overtaken) for error in errors), errors
    of_both = CaseEvent.objects.filter(case__in=(first, second))
    gone = CaseCard.objects.get(pk__in=(first, second), stage="merged").pk
    assert of_both.get(kind="case.merged").case_id == gone
    assert of_both.get(kind="case.absorbed").case_id == (second if gone == first else first)
    assert MatterMember.objects.filter(case__in=(first, second)).values("matter").distinct().count() == 1
    merged = of_both.get(kind="case.merged")
    assert not of_both.filter(case=gone, step="inform", seq__gt=merged.seq).exists()
