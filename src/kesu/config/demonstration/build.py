"""Builds the demonstration group in an empty installation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Final

import yaml

from kesu.casefile.library import read_library
from kesu.config.demonstration.estate import furnish
from kesu.config.demonstration.houses import happened, read_houses, settle
from kesu.config.demonstration.mails import came_in, open_mailbox
from kesu.config.demonstration.outside import Outside, connect, disconnect, handed_in
from kesu.config.demonstration.proposals import propose
from kesu.config.demonstration.renewed import renewed
from kesu.config.demonstration.stories import Stage, Told, tell
from kesu.config.organisation_file import OrganisationFile, bring_in, read
from kesu.config.welcome import Account

PASSWORD: Final = "kesu-demo"  # noqa: S105  of invented people in a demonstration that says so on its sign-in page
_REACH: Final = timedelta(days=400)


def build(at: datetime) -> list[Account]:
    """Makes organisation, policies and cases as they would stand at `at` (aware, UTC). Returns what `kesu up`
    shows of it."""
    began = at - _REACH
    file = read(_text("organisation.yaml"), lambda: PASSWORD)
    calendar = file.calendar(at.year)
    loaded = bring_in(
        file,
        load=read_library().load,
        calendar=calendar,
        on=began.date(),
        at=began,
        is_demonstration=True,
    )
    stories: dict[str, Any] = yaml.safe_load(_text("stories.yaml"))
    stage = Stage(at=at, calendar=calendar, units=loaded.units, people=loaded.people)
    houses = [(house, settle(house, began, at, calendar)) for house in read_houses(PASSWORD)]
    courses = (course for house, there in houses for course in happened(house, there))
    _tell(stories, stage, courses)
    propose(stories, stage)
    furnish(yaml.safe_load(_text("estate.yaml")), stories, stage)
    return [account for one in (file, *(house.file for house, _ in houses)) for account in _accounts(one)]


def _tell(stories: Mapping[str, Any], stage: Stage, courses: Iterable[tuple[datetime, Told]]) -> None:
    """The stories, those of the other houses, and what the world outside has to do with them."""
    book = yaml.safe_load(_text("outside.yaml"))
    before = stage.at - _REACH
    outside = Outside(book["hook"]["refused"])
    hook_id, mailbox_id = connect(book, stage, before), open_mailbox(book, stage, before)
    beside = (*came_in(book, stage, mailbox_id), *handed_in(book, stage), *renewed(book, stage, "group"))
    tell(stories, stage, (*courses, *beside), outside.hears)
    outside.is_told(stage.at)
    disconnect(book, stage, hook_id)


def _accounts(file: OrganisationFile) -> Iterator[Account]:
    names = {person.login: person.name for person in file.organisation.people}
    for login, about in file.shows.items():
        if about:
            yield Account(login, PASSWORD, f"{names[login]}：{about}")


def _text(name: str) -> str:
    return (files("kesu.config.demonstration") / name).read_text(encoding="utf-8")
