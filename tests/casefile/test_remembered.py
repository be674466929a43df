"""Standings remembered while they hold: never stale, never taken twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from kesu.casefile.remembered import remembered
from kesu.policy.standing.results import Standing
from kesu.store.models import Case
from tests.world import MONDAY, World, standing_of


class Counted:
    """Takes the standing of a case and counts how often."""

    def __init__(self, case_id: UUID) -> None:
        self.case_id = case_id
        self.times = 0

    def at(self, moment: datetime) -> Standing:
        head = Case.objects.values_list("head", flat=True).get(pk=self.case_id)
        return remembered(head, moment, lambda: self._take(moment))

    def _take(self, moment: datetime) -> Standing:
        self.times += 1
        return standing_of(self.case_id, moment)


def test_it_takes_a_standing_once_while_it_holds(world: World) -> None:
    case = Counted(world.register())

    first = case.at(MONDAY)
    again = case.at(MONDAY + timedelta(minutes=5))

    assert case.times == 1
    assert again is first
    assert again.obligations == standing_of(case.case_id, MONDAY + timedelta(minutes=5)).obligations


def test_it_takes_it_anew_from_the_moment_at_which_time_changes_something(world: World) -> None:
    case = Counted(world.register())
    wake_at = case.at(MONDAY).wake_at
    assert wake_at is not None

    before, after = case.at(wake_at - timedelta(microseconds=1)), case.at(wake_at)

    assert case.times == 2
    assert before.now == MONDAY
    assert after.now == wake_at


def test_it_takes_it_anew_after_an_event(world: World) -> None:
    case = Counted(world.register("wutong"))
    case.at(MONDAY)

    world.take(case.case_id, "inform", "wutong", MONDAY)

    assert case.at(MONDAY).stage == standing_of(case.case_id, MONDAY).stage
    assert case.times == 2


def test_it_takes_an_earlier_moment_by_itself(world: World) -> None:
    case = Counted(world.register())
    case.at(MONDAY + timedelta(minutes=5))

    assert case.at(MONDAY).now == MONDAY
