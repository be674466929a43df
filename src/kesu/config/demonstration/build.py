"""Builds the demonstration group in an empty installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Final

import yaml

from kesu.config.demonstration.stories import Stage, tell
from kesu.config.library import read_library
from kesu.config.organisation_file import bring_in, read
from kesu.policy.calendar.official import build as build_calendar

PASSWORD: Final = "kesu-demo"  # noqa: S105  of invented people in a demonstration that says so on its sign-in page
_REACH: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Shown:
    """One account of the demonstration, as `kesu up` prints it."""

    login: str
    name: str
    password: str
    shows: str


def build(at: datetime) -> list[Shown]:
    """Makes organisation, policies and cases as they would stand at `at` (aware, UTC). Returns the accounts."""
    calendar = build_calendar("中国大陆工作日历", range(at.year - 1, at.year + 2))
    began = at - _REACH
    file = read(_text("organisation.yaml"), lambda: PASSWORD)
    loaded = bring_in(
        file,
        load=read_library().load,
        calendar=calendar,
        on=began.date(),
        at=began,
        is_demonstration=True,
    )
    stories: dict[str, Any] = yaml.safe_load(_text("stories.yaml"))
    tell(stories, Stage(at=at, calendar=calendar, units=loaded.units, people=loaded.people))
    names = {person.login: person.name for person in file.organisation.people}
    return [Shown(login, names[login], PASSWORD, shows) for login, shows in file.shows.items() if shows]


def _text(name: str) -> str:
    return (files("kesu.config.demonstration") / name).read_text(encoding="utf-8")
