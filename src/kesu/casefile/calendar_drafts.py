"""A new version of a calendar as somebody writes it: hours by weekday, special days by year, the company's own days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from kesu.core.errors import Unacceptable
from kesu.policy.calendar import Calendar, CalendarUnreadable, Period, PostHours, Source, SpecialDay, Year
from kesu.policy.calendar.lines import LineUnreadable, read_closures, read_days, read_hours_line, read_week
from kesu.policy.calendar.shifts import ordinary_day, read_shifts

YEARS: Final = range(1950, 2100)
_LONGEST_REASON: Final = 200
_MOST_YEARS: Final = 12
_MOST_POSTS: Final = 60


@dataclass(frozen=True, slots=True)
class YearDraft:
    """`text`: a day a line; empty and not official: nothing is known of the year."""

    text: str
    is_official: bool


@dataclass(frozen=True, slots=True)
class PostDraft:
    """`text`: a run of weekdays a line; empty: the post has no hours of its own."""

    text: str
    keeps_holidays: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """`week`: seven lines, Monday first. `years`: those that are written anew; others stay. `posts`: all that have
    hours of their own, by slot. `reason`: what whoever made it says of it."""

    week: Sequence[str]
    regular: str
    years: Mapping[int, YearDraft]
    closures: str
    reason: str
    source: str = "edited"
    posts: Mapping[str, PostDraft] = field(default_factory=dict)


@dataclass(slots=True)
class _Wrong:
    """By field: why, the line and what stood there."""

    found: dict[str, tuple[str, int, str]] = field(default_factory=dict)

    def note(self, name: str, fault: LineUnreadable) -> None:
        self.found[name] = (fault.why, fault.line, fault.said)


def read_draft(draft: Draft, before: Calendar, slots: Mapping[str, str]) -> Calendar:
    """The calendar that it makes of `before`; `slots`: the names of those that may have hours of their own. Raises
    `Unacceptable`: ``data["fields"]`` says why, ``data["lines"]`` where and what stood there."""
    wrong = _Wrong()
    week = _week(draft.week, before, wrong)
    regular = _regular(draft.regular, before, wrong)
    years = [found for number, year in draft.years.items() if (found := _year(number, year, wrong)) is not None]
    if len(draft.years) > _MOST_YEARS:
        wrong.found["years"] = ("too_many", 0, "")
    closures = _closures(draft.closures, wrong)
    reason = draft.reason.strip()
    if not reason:
        wrong.found["reason"] = ("missing", 0, "")
    elif len(reason) > _LONGEST_REASON or not reason.isprintable():
        wrong.found["reason"] = ("label", 0, "")
    kept = [year for year in before.years if year.number not in draft.years]
    days = {"years": (*kept, *years), "closures": closures}
    posts = tuple(_posts(draft, before, slots, wrong))
    made = _made(partial(replace, before, week=week, regular=regular, posts=posts, **days), wrong)
    if not wrong.found and made == before:
        wrong.found["reason"] = ("no_change", 0, "")
    if wrong.found or made is None:
        fields = {name: why for name, (why, _line, _said) in wrong.found.items()}
        lines = {name: (line, said) for name, (_why, line, said) in wrong.found.items()}
        raise Unacceptable("unreadable", data={"fields": fields, "lines": lines, "refusals": ()})
    return made


def _made(make: Callable[[], Calendar], wrong: _Wrong) -> Calendar | None:
    try:
        return make()
    except CalendarUnreadable:
        wrong.found.setdefault("week.1", ("no_work", 0, ""))
        return None


def _posts(draft: Draft, before: Calendar, slots: Mapping[str, str], wrong: _Wrong) -> Iterator[PostHours]:
    names = {**slots, **{post.slot: post.name for post in before.posts}}
    if len(draft.posts) > _MOST_POSTS:
        wrong.found["post"] = ("too_many", 0, "")
    for slot, one in draft.posts.items():
        name = f"post.{slot}"
        if slot not in names:
            wrong.note("post", LineUnreadable(0, "no_post", slot))
            continue
        try:
            week = read_shifts(one.text)
        except LineUnreadable as fault:
            wrong.note(name, fault)
            continue
        if any(week):
            yield PostHours(slot, names[slot], week, ordinary_day(week), keeps_holidays=one.keeps_holidays)


def _week(lines: Sequence[str], before: Calendar, wrong: _Wrong) -> tuple[tuple[Period, ...], ...]:
    try:
        return read_week(lines)
    except LineUnreadable as fault:
        wrong.note(f"week.{fault.line}", LineUnreadable(0, fault.why, fault.said))
        return before.week


def _regular(text: str, before: Calendar, wrong: _Wrong) -> tuple[Period, ...]:
    try:
        found = read_hours_line(text)
    except LineUnreadable as fault:
        wrong.note("regular", fault)
        return before.regular
    if found.next_day or not found.own:
        wrong.note("regular", LineUnreadable(0, "hours", text))
    return found.own or before.regular


def _year(number: int, draft: YearDraft, wrong: _Wrong) -> Year | None:
    """None: nothing is known of it."""
    name = f"year.{number}"
    if number not in YEARS:
        wrong.note(name, LineUnreadable(0, "year", str(number)))
        return None
    try:
        days = read_days(draft.text, number)
    except LineUnreadable as fault:
        wrong.note(name, fault)
        return None
    if draft.is_official and not days:
        wrong.note(name, LineUnreadable(0, "nothing"))
    source = Source.OFFICIAL if draft.is_official else Source.STATUTORY
    return Year(number, source, days) if days else None


def _closures(text: str, wrong: _Wrong) -> tuple[SpecialDay, ...]:
    try:
        return read_closures(text)
    except LineUnreadable as fault:
        wrong.note("closures", fault)
        return ()
