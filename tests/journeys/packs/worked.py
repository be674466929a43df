"""A year whose days fall as in 2026, for the worked examples of the mission, and what a page says of a limit in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from kesu.config.verifier import kesu_clock
from kesu.policy.calendar import Calendar, DayKind, Source, SpecialDay, Year, sample_calendar

if TYPE_CHECKING:
    from tests.journeys.packs.desks import Desk

CHINA: Final = ZoneInfo("Asia/Shanghai")
LIKE_2026: Final = 2037
"""Its days fall on the same days of the week, and the clock of a program only goes forward."""


def at(text: str) -> datetime:
    """`07-02 16:00` of that year; of the next one `+03-08 10:00`."""
    year = LIKE_2026 + text.startswith("+")
    return datetime.fromisoformat(f"{year}-{text.removeprefix('+')}").replace(tzinfo=CHINA)


def days_like_2026() -> Calendar:
    """The sample calendar of the examples, in that year."""
    days = [SpecialDay(date(LIKE_2026, 10, day), DayKind.HOLIDAY, "国庆节") for day in range(1, 8)]
    days.append(SpecialDay(date(LIKE_2026, 10, 10), DayKind.MAKEUP, "调休上班"))
    years = [Year(LIKE_2026 + n, Source.OFFICIAL, tuple(days) if not n else ()) for n in (-1, 0, 1)]
    return replace(sample_calendar(), years=tuple(years))


def due(desk: Desk, case: str, duty: str) -> str:
    """The newest limit of a duty, as the receipts say that the page of the case hands out; they hold by themselves. The
    end of a day is 24:00 of it, as on the pages."""
    desk.go(case)
    address = desk.page.locator('a[href$="/receipts.json"]').first.get_attribute("href")
    document = json.loads(desk.page.request.get(desk.base + str(address)).body())
    calendars = {version: kesu_clock.Calendar(one) for version, one in document["calendars"].items()}
    for receipt in document["receipts"]:
        kesu_clock.check_receipt(receipt, calendars)
    found = [one["due_at"] for one in document["receipts"] if one["name"] == duty]
    assert found, [one["name"] for one in document["receipts"]]
    said = stamped(datetime.fromisoformat(found[-1]))
    assert shows(desk, duty, said[-5:]), said
    return said


def shows(desk: Desk, duty: str, words: str) -> bool:
    """Whether the page before him says so of a duty."""
    return bool(desk.page.locator("#obligations .ob2").filter(has_text=duty).filter(has_text=words).count())


def stamped(instant: datetime) -> str:
    local: Any = instant.astimezone(CHINA)
    if local.time() == time(0):
        return f"{local - timedelta(days=1):%m-%d} 24:00"
    return f"{local:%m-%d %H:%M}"


def shown_level(desk: Desk, case: str) -> str:
    """As the card of the case says it, before the reasons and what would come next."""
    desk.go(case)
    return " ".join(desk.page.locator("#level-card, #level").first.inner_text().split()[:2])
