"""A house that has adopted one policy, in the running program: its people at their desks, and the clock of them all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from importlib.resources import files
from zoneinfo import ZoneInfo

import psycopg
from playwright.sync_api import Browser, Page

from kesu.casefile.library import read_library
from kesu.config.demonstration.courses import defaults_of
from kesu.config.demonstration.houses import House, read_houses, settle
from kesu.config.demonstration.stories import Stage
from kesu.config.organisation_file import read
from kesu.core import clock
from kesu.policy.calendar import Calendar
from kesu.policy.calendar.official import build as build_calendar
from kesu.policy.scenarios.script import Stated
from kesu.store.models import Post, PostHolding, RoleGrant, Unit
from tests.journeys.packs.desks import Desk
from tests.journeys.packs.public import Resident
from tests.journeys.people import DESK, PHONE
from tests.live import PASSWORD, LiveKesu

WEEK = build_calendar("五天工作制", (), periods=("09:00-18:00",), workdays=range(1, 6))
"""Monday to Friday, nine to six, and no holidays: what is due when does not depend on the year of the test."""

WEEK_LENGTH = 5
ZONE = ZoneInfo(WEEK.zone)
_MUCH = 900
_EARLIER = timedelta(days=3)
"""How long before its journey a house has had its policy: nothing that comes round stands open."""


@dataclass
class Houses:
    """Opens the house of a policy on a Monday morning, and closes the windows of its people afterwards."""

    live: LiveKesu
    browser: Browser
    known: dict[str, Stage]
    calendar: Calendar = WEEK
    windows: list[Page] = field(default_factory=list)

    def open(self, pack: str, at: datetime | None = None) -> Settled:
        """On the next Monday, or at an instant."""
        monday, house = at or _monday(), house_of(pack)
        group = house.file.organisation.units[0].code
        if group not in self.known:
            self.known[group] = settle(house, monday - _EARLIER, clock.now(), self.calendar)
        settled = Settled(self, pack, self.known[group])
        settled.until(monday)
        return settled

    def window(self, size: Mapping[str, int]) -> Page:
        context = self.browser.new_context(
            locale="zh-CN",
            timezone_id=WEEK.zone,
            viewport={"width": size["width"], "height": size["height"]},
            is_mobile=size == PHONE,
            has_touch=size == PHONE,
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        self.windows.append(page)
        return page

    def shown(self) -> str:
        """The address of each window and the words in it."""
        pages = [(page.url, " ".join(page.locator("body").inner_text().split())) for page in self.windows]
        return "\n\n".join(f"{url}\n… {words[-_MUCH:]}" for url, words in pages)

    def close(self) -> None:
        for page in self.windows:
            page.context.close()


@dataclass
class Settled:
    """One policy's house. Units and people are named by their codes and logins in the demonstration."""

    houses: Houses
    pack: str
    stage: Stage
    desks: dict[tuple[str, bool], Desk] = field(default_factory=dict)

    def desk(self, login: str, *, phone: bool = False) -> Desk:
        """Where somebody works: the same window each time."""
        if (login, phone) not in self.desks:
            page = self.houses.window(PHONE if phone else DESK)
            self.desks[login, phone] = Desk(
                page, self.houses.live.url, login=login, words=self.words, printed=self.printed
            )
        return self.desks[login, phone]

    def resident(self) -> Resident:
        return Resident(self.houses.window(PHONE), self.houses.live.url)

    @cached_property
    def words(self) -> Mapping[str, Stated]:
        """What the policy's own scenarios state, for what a journey has nothing particular to say about."""
        return defaults_of(self.pack, ZONE)

    @cached_property
    def printed(self) -> Mapping[str, str]:
        return {code: clause.printed for code, clause in read_library().load(self.pack).clauses.items()}

    def member(self, slot: str, login: str) -> str:
        """As forms send somebody who is in a group for a slot."""
        return f"{slot}:{self.stage.people[login].hex}"

    def unit(self, code: str) -> str:
        return self.stage.units[code].hex

    def gives_post(self, unit: str, role: str, login: str) -> None:
        """From today on."""
        post, _ = Post.objects.get_or_create(unit_id=self.stage.units[unit], role=role, defaults={"name": role})
        PostHolding.objects.create(post=post, account_id=self.stage.people[login], from_on=self.now().date())

    def grants(self, role: str, *permissions: str) -> None:
        for one in permissions:
            RoleGrant.objects.get_or_create(role=role, permission=one)

    def opens_place(self, code: str, inside: str, kind: str, name: str) -> None:
        unit = Unit.objects.create(parent_id=self.stage.units[inside], kind=kind, name=name, code=code)
        self.stage.units[code] = unit.pk

    # --- time ---

    def now(self) -> datetime:
        """On the wall clock of the house."""
        return clock.now().astimezone(ZONE)

    def until(self, at: datetime) -> None:
        """Moves the clock of the program to an instant, and a moment further: what is due then is due."""
        file = self.houses.live.clock
        assert file is not None
        ahead = (clock.moved_by() or timedelta()) + max(at - clock.now(), timedelta()) + timedelta(seconds=2)
        written = file.with_suffix(".new")
        written.write_text(str(ahead.total_seconds()), encoding="ascii")
        os.replace(written, file)
        with psycopg.connect(self.houses.live.database_url, autocommit=True) as bell:
            bell.execute("NOTIFY kesu_work")

    def after(self, **span: float) -> None:
        """Natural time goes by: `days`, `hours`, `minutes`."""
        self.until(clock.now() + timedelta(**span))

    def until_day(self, day: date, at: str) -> None:
        """A time on the wall clock of a day; where that is no workday, of the next that is one."""
        while day.weekday() >= WEEK_LENGTH:
            day += timedelta(days=1)
        self.until(datetime.combine(day, time.fromisoformat(at), ZONE))

    def workday(self, count: int, at: str = "09:30") -> None:
        """The morning of the workday that comes `count` workdays after today."""
        day = self.now().date()
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < WEEK_LENGTH
        self.until_day(day, at)

    def next_quarter(self) -> str:
        """The first morning of the next three months, when the program opens what comes round for those that are over.
        Returns how these are called."""
        today = self.now().date()
        quarter = (today.month + 2) // 3
        year, month = divmod(quarter * 3, 12)
        self.until_day(date(today.year + year, month + 1, 1), "10:00")
        return f"{today.year} 年第 {quarter} 季度"

    def next_half_year(self) -> None:
        """The first morning of the next six months."""
        while self.next_quarter().split()[-2] not in ("2", "4"):
            pass


def _all_houses() -> Iterator[House]:
    text = (files("kesu.config.demonstration") / "organisation.yaml").read_text(encoding="utf-8")
    yield House(read(text, lambda: PASSWORD), ())
    yield from read_houses(PASSWORD)


def house_of(pack: str) -> House:
    """The one of the demonstration that has adopted it, without its cases and with nothing laid over its policies."""
    for house in _all_houses():
        adoptions = tuple(one for one in house.file.adoptions if not read_library().load(one.pack).charter.is_overlay)
        if any(one.pack == pack for one in adoptions):
            return House(replace(house.file, adoptions=adoptions), ())
    raise LookupError(pack)


def _monday() -> datetime:
    """09:30 of the next Monday."""
    today = clock.now().astimezone(ZONE).date()
    return datetime.combine(today + timedelta(days=7 - today.weekday()), time(9, 30), ZONE)
