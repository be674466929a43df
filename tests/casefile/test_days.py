"""How the days of every sheet and form are read."""

from __future__ import annotations

from datetime import date

import pytest

from kesu.casefile.estate import read_room
from kesu.core.importing import read_day


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05",
        "2026-1-5",
        "2026/1/5",
        "2026.01.05",
        "2026年1月5日",
        "2026 年 1 月 5 日",
        "２０２６／１／５",
        "２０２６年１月５日",
        "46027",
        "４６０２７",
    ],
)
def test_a_day_is_read_however_people_write_it(text: str) -> None:
    assert read_day(text) == date(2026, 1, 5)


@pytest.mark.parametrize(
    "text", ["", "2026-13-01", "2026-1/5", "2026年1-5", "20260105", "5/1/2026", "1949-12-31", "18000", "99999", "明天"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


def test_a_room_takes_the_same_days_as_an_organisation() -> None:
    stated = read_room(
        {"building": "1", "number": "101", "delivered_on": "2025年6月30日", "warranties": "防水：2031/6/30"}
    )
    assert stated.delivered_on == date(2025, 6, 30)
    assert stated.warranties == {"防水": date(2031, 6, 30)}
