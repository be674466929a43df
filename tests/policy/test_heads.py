"""Different people behind a matter: at which counts somebody must be told, and when they were reached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kesu.policy.calendar import Duration, Unit, sample_calendar
from kesu.policy.errors import PackInvalid
from kesu.policy.heads import Reached, edges_of, turn
from kesu.policy.model.conditions import Window
from tests.own_packs import changed

MONTH = Window(rolling=Duration(30, Unit.DAY))
NOTHING = Reached()
FIRST = datetime(2026, 7, 1, 2, tzinfo=UTC)


def day(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def told(heads: list[tuple[str, int]], on: int, known: Reached = NOTHING, edges: tuple[int, ...] = (3,)) -> list[str]:
    """The crossings as ``count@day``."""
    people = [(who, day(number)) for who, number in heads]
    found = turn(people, MONTH, edges, known, day(on), sample_calendar()).crossed
    return [f"{one.count}@{(one.at - FIRST).days}" for one in found if one.at]


THREE = [("甲", 0), ("乙", 10), ("丙", 20)]


def test_an_edge_is_reached_at_the_person_who_makes_it_full() -> None:
    assert told(THREE, on=19) == []
    assert told(THREE, on=20) == ["3@20"]


def test_the_same_person_counts_once_and_stays_as_long_as_he_comes_again() -> None:
    assert told([("甲", 0), ("甲", 5), ("乙", 10)], on=20) == []
    assert told([("甲", 0), ("甲", 15), ("乙", 16), ("丙", 17)], on=40) == ["3@17"]


def test_a_window_closes_by_itself_and_says_beforehand_when() -> None:
    assert told(THREE, on=31) == ["3@20", "2@30"]
    people = [(who, day(number)) for who, number in THREE]
    assert turn(people, MONTH, (3,), Reached(3, day(20)), day(25), sample_calendar()).next_at == day(30)


def test_what_is_known_is_not_told_again() -> None:
    assert told(THREE, on=25, known=Reached(3, day(20))) == []


def test_who_is_heard_of_late_counts_from_when_he_complained() -> None:
    assert told([*THREE, ("丁", 21)], on=28, known=Reached(2, None), edges=(3, 4)) == ["3@20", "4@21"]


def test_who_is_taken_out_is_gone_now() -> None:
    assert told(THREE[:2], on=25, known=Reached(3, day(20))) == ["2@25"]


def test_the_edges_are_read_off_the_rules() -> None:
    assert edges_of(changed("p08", "complaint.yaml").kinds["complaint"], "same_issue_people") == (3, 8)
    assert edges_of(changed("p10", "complaint.yaml").kinds["complaint"], "same_issue_people") == (3, 10)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("{same_issue_people: {at_least: 3}}", "{complainants: {at_least: 3}}", ""),
        ("type: number, clause: 3.4.2b", "type: text, clause: 3.4.2b", "同一事项的人数是数"),
        ("matter: people", "matter: rooms", "rooms"),
        ("clause: 3.4.2b, unclear", "clause: 3.4.2b, derive: {count: case.received}, unclear", "只能有一种算法"),
    ],
)
def test_a_count_that_cannot_be_told_is_a_mistake(before: str, after: str, says: str) -> None:
    if not says:
        changed("p10", "complaint.yaml", (before, after))  # the collective complaint still asks for it
        return
    with pytest.raises(PackInvalid) as wrong:
        changed("p10", "complaint.yaml", (before, after))
    assert says in str(wrong.value)


def test_a_step_that_moves_the_case_cannot_be_taken_by_several_at_once() -> None:
    with pytest.raises(PackInvalid) as wrong:
        changed(
            "p10",
            "complaint.yaml",
            ("inform: {change: {name: 知会专管员}", "inform: {change: {name: 知会专管员, commutes: 是}"),
        )
    assert "不能几个人同时办" in str(wrong.value)
