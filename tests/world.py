"""A small group to test with: the demonstration's organisation and policies, without its cases. Made by commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING
from uuid import UUID

from kesu.casefile.library import read_library
from kesu.config.organisation_file import bring_in, read
from kesu.core.uploads import Upload
from kesu.policy.calendar import Calendar
from kesu.policy.calendar.official import build as build_calendar
from kesu.policy.model.pack import Pack

if TYPE_CHECKING:
    from kesu.access.actor import Actor
    from kesu.commands.cases.submit_case import Submitted
    from kesu.policy.standing.results import Standing

MONDAY = datetime(2026, 6, 8, 1, 30, tzinfo=UTC)
"""Monday 2026-06-08 09:30 in Shanghai: an ordinary working morning without holidays near."""

Given = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class World:
    """Identifiers by the codes and logins of the demonstration's organisation."""

    units: Mapping[str, UUID]
    people: Mapping[str, UUID]
    began: date

    def actor(self, login: str, on: date | None = None) -> Actor:
        from kesu.access.actor import actor_of
        from kesu.store.models import Account

        return actor_of(Account.objects.get(login=login), on or self.began)

    def register(
        self,
        login: str = "zhouyining",
        at: datetime = MONDAY,
        unit: str = "qingtang",
        uploads: Sequence[Upload] = (),
        **given: str,
    ) -> UUID:
        """A complaint taken down on the telephone; `given` changes or adds facts (`person__name` for a part). Whoever
        calls after hours is told when to expect an answer, so that the hour of the test does not matter."""
        from kesu.commands.cases.register_case import register_case

        return register_case(
            actor=self.actor(login, at.date()),
            at=at,
            happened_at=at,
            unit_id=self.units[unit],
            kind="complaint",
            given=said(**COMPLAINT | {"promised_feedback_at": (at + timedelta(days=1)).isoformat()} | given),
            uploads=uploads,
            token=f"{login}-{at.isoformat()}-{unit}-{sorted(given.items())}",
        )

    def take(self, case_id: UUID, step: str, login: str, at: datetime, **given: str) -> None:
        """Takes a step on the case as it stands; where the worker of a running program came first, looks again."""
        from kesu.commands.cases.take_step import take_step
        from kesu.core.errors import Overtaken
        from kesu.store.models import Case

        def version() -> int:
            return Case.objects.values_list("version", flat=True).get(pk=case_id)

        seen, actor = version(), self.actor(login, at.date())
        try:
            take_step(actor=actor, at=at, case_id=case_id, step=step, seen_version=seen, given=said(**given))
        except Overtaken:
            if version() == seen:
                raise
            self.take(case_id, step, login, at, **given)

    def member(self, role: str, login: str) -> str:
        """A member of a group as forms send it: the slot and the person."""
        return f"{role}:{self.people[login].hex}"

    def submit(self, at: datetime = MONDAY, unit: str = "qingtang", **given: str) -> Submitted:
        """A complaint that the customer sends himself on the public page."""
        from kesu.commands.cases.submit_case import submit_case

        answers = {code: text for code, text in (COMPLAINT | given).items() if code != "channel"}
        return submit_case(
            at=at,
            unit_id=self.units[unit],
            kind="complaint",
            given=said(**answers),
            uploads=(),
            token=f"public-{at.isoformat()}-{unit}-{sorted(given.items())}",
        )

    def triaged(self, at: datetime = MONDAY, **given: str) -> UUID:
        """A quality complaint that was heard by an operator, registered and classified, five minutes a step."""
        case_id = self.register("wutong", at=at, **given)
        for number, (step, login, answers) in enumerate(TO_TRIAGED, start=1):
            self.take(case_id, step, login, at + timedelta(minutes=5 * number), **answers)
        return case_id

    def planned(self, at: datetime = MONDAY) -> UUID:
        """A hot complaint whose plan waits for the engineers' review, submitted an hour after `at`."""
        case_id = self.triaged(at)
        for number in ("13800001001", "13800001002"):
            self.take(case_id, "join", "zhouyining", at + _MINUTES, person__name="邻居", person__phone=number)
        unit = self.units["east_engineering"].hex
        team = f"{self.member('cs_dept', 'heqing')}|{self.member('regional_dept', 'chenmuzhi')}"
        self.take(case_id, "assign", "heqing", at + _MINUTES, responsible_dept=unit, task_via="邮件")
        self.take(case_id, "form_team", "heqing", at + _MINUTES, team=team)
        self.take(case_id, "investigate", "heqing", at + _MINUTES)
        found = {"site_confirmation": "现场确认", "cause_analysis": "拼缝老化"}
        self.take(case_id, "record_findings", "heqing", at + _MINUTES, **found)
        self.take(case_id, "give_opinion", "chenmuzhi", at + _MINUTES, opinion_text="重做密封胶")
        plan = "清理旧胶，重打密封胶"
        self.take(case_id, "submit_plan", "heqing", at + timedelta(hours=1), plan_text=plan)
        return case_id


_MINUTES = timedelta(minutes=40)

TO_TRIAGED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("inform", "wutong", {}),
    ("register", "zhouyining", {"customer_type": "业主", "demand": "修好并说明原因"}),
    ("classify", "zhouyining", {"talk_note": "已电话沟通", "track": "质量类", "category": "工程质量"}),
)

COMPLAINT = {
    "channel": "电话",
    "title": "外墙渗水",
    "content": "客厅东墙发霉，下雨就渗",
    "room": "3-1-1702",
    "person__name": "苏女士",
    "person__phone": "13800002016",
}


def said(**given: str) -> Given:
    """What a form would send. Several values are separated by ``|``; ``person__name`` is the part of a person."""
    return {name.replace("__", "."): tuple(text.split("|")) for name, text in given.items()}


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    return build_calendar("工作日历", range(2025, 2028))


@lru_cache(maxsize=8)
def pack(code: str) -> Pack:
    return read_library().load(code)


def _load(code: str, _figures: Mapping[str, str]) -> Pack:
    return pack(code)


def build(
    at: datetime = MONDAY - timedelta(days=30), *, password: str | None = None, hours: Calendar | None = None
) -> World:
    """The organisation holds its posts, and the policies are in force, from `at` on. Nobody can sign in unless a
    `password` is given; `hours` replaces the usual working calendar."""
    from tests import kept_rows  # Django is not set up yet when this file is read

    return kept_rows.once((at, password, hours), lambda: _made(at, password, hours or calendar()))


def _made(at: datetime, password: str | None, hours: Calendar) -> World:
    text = (files("kesu.config.demonstration") / "organisation.yaml").read_text(encoding="utf-8")
    file = read(text, lambda: password)
    loaded = bring_in(file, load=_load, calendar=hours, on=at.date(), at=at, is_demonstration=False)
    return World(loaded.units, loaded.people, at.date())


def standing_of(case_id: UUID, at: datetime) -> Standing:
    """What the engine says of a stored case at a moment."""
    from kesu.casefile.casefile import CaseFile
    from kesu.store.models import Case

    return CaseFile.open(Case.objects.select_related("unit").get(pk=case_id)).standing(at)
