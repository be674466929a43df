"""What somebody asks to put in force, read from what he typed. What cannot be read stands by field in `wrong`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from kesu.casefile.library import PackUnknown, read_library
from kesu.core.errors import NotFound
from kesu.core.importing import read_day
from kesu.policy.calendar import Calendar, CalendarUnreadable
from kesu.policy.calendar.official import WorkingHours
from kesu.policy.errors import PackInvalid
from kesu.policy.model.pack import Pack
from kesu.store.models.policies import SUBJECT_LENGTH

_UNREADABLE: Final = {
    "number": "number_unreadable",
    "text": "words_unreadable",
    "list": "list_unreadable",
    "tree": "list_unreadable",
    "choice": "not_offered",
    "moment": "not_offered",
}
"""Why what a company wrote for a parameter cannot be read, where it is no length of time."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A pack of the library as a company adopts it: its code, and what the company sets itself by code, as written
    (several of one list separated by ``、``)."""

    code: str
    figures: Mapping[str, str]


def read_subject(subject: str, wrong: dict[str, str]) -> str:
    """As it is kept: with single spaces, and with some letter or sign of writing in it, so that no address mistakes it
    for a mark of its own."""
    name = " ".join(subject.split())
    if name and (len(name) > SUBJECT_LENGTH or not name.isprintable() or not any(sign.isalnum() for sign in name)):
        wrong["subject"] = "subject_unreadable"
    return name


def read_offer(offer: Offer, wrong: dict[str, str]) -> Pack:
    """With the company's figures; without those that cannot be read. Raises `NotFound` for a code of no pack."""
    library = read_library()
    try:
        code = library.code_of(offer.code)
    except PackUnknown:
        raise NotFound from None
    figures = {code: text for code, text in offer.figures.items() if text}
    try:
        return library.load(code, figures)
    except PackInvalid as invalid:
        said = "\n".join(problem.address for problem in invalid.problems)
        blamed = [code for code in figures if code in said] or list(figures)
        asked = library.load(code).parameters
        wrong |= {one: _UNREADABLE.get(asked[one].type, "figure_unreadable") if one in asked else "" for one in blamed}
        return library.load(code, {code: text for code, text in figures.items() if code not in wrong})


def read_hours(hours: WorkingHours, at: datetime, wrong: dict[str, str]) -> Calendar:
    """With the years around `at`."""
    try:
        return hours.calendar(at.year)
    except CalendarUnreadable:
        wrong["periods"] = "hours_unreadable"
        return WorkingHours().calendar(at.year)


def read_first_day(typed: str, calendar: Calendar, at: datetime, wrong: dict[str, str]) -> date | None:
    """The day that begins it, which must lie ahead; None for at once."""
    if not typed.strip():
        return None
    day = read_day(typed)
    if day is None:
        wrong["since"] = "day_unreadable"
    elif begin_of(day, calendar) <= at:
        wrong["since"] = "day_not_ahead"
    return day


def begin_of(day: date, calendar: Calendar) -> datetime:
    """Midnight at the place of the calendar."""
    return calendar.instant(day, time(0))
