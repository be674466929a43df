"""时限尺: where the marks stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from kesu.web.work.ruler import WIDTH, Ruler, ruler
from tests.world import MONDAY, calendar

HOUR = timedelta(hours=1)


def drawn(*dues: datetime, now: datetime = MONDAY) -> Ruler:
    return ruler(dues, now, calendar())


def test_it_lays_four_workdays_without_a_gap_between_them_and_the_edges() -> None:
    slots = drawn().slots

    assert [slot.label for slot in slots] == ["今天 06-08 周一", "06-09 周二", "06-10 周三", "06-11 周四"]
    assert slots[0].x == 0
    assert WIDTH - 6 <= slots[-1].end <= WIDTH
    assert all(after.x - before.end == 6 for before, after in pairwise(slots))


def test_it_draws_days_off_as_one_hatched_gap() -> None:
    thursday = datetime(2026, 6, 11, 1, 30, tzinfo=UTC)

    slots = drawn(now=thursday).slots

    assert [slot.label for slot in slots if slot.is_off] == ["06-13 – 06-14 休"]
    assert len(slots) == 5


def test_it_starts_with_the_gap_on_a_day_off() -> None:
    saturday = datetime(2026, 6, 13, 3, 0, tzinfo=UTC)

    found = drawn(saturday + HOUR, now=saturday)

    assert found.slots[0].is_off
    assert found.now_x is None
    assert [mark.look for mark in found.marks] == ["near"]


def test_it_moves_the_line_of_now_through_the_day() -> None:
    morning, afternoon = drawn().now_x, drawn(now=MONDAY + 5 * HOUR).now_x

    assert morning is not None
    assert afternoon is not None
    assert 0 < morning < afternoon < drawn().slots[0].end


def test_it_tells_overdue_from_today_from_later() -> None:
    found = drawn(MONDAY - 30 * 24 * HOUR, MONDAY + HOUR, MONDAY + 25 * HOUR, MONDAY + 9000 * HOUR)

    looks = {mark.look: mark for mark in found.marks}
    assert set(looks) == {"over", "near", "left"}
    assert looks["over"].x < looks["near"].x < found.slots[0].end < looks["left"].x
    assert found.summary == "已超时 1 项，今天到期 1 项，其后几天 1 项"


def test_it_stacks_what_stands_at_one_place() -> None:
    found = drawn(*(MONDAY + HOUR for _ in range(3)), MONDAY + 4 * HOUR)

    assert [mark.count for mark in found.marks] == [3, 1]


def test_it_puts_what_ends_with_the_day_at_its_end() -> None:
    midnight = datetime(2026, 6, 8, 16, 0, tzinfo=UTC)

    found = drawn(midnight)

    assert found.marks[0].look == "near"
    assert found.marks[0].x == found.slots[0].end - 10
