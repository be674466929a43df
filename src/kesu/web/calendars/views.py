"""日历: the month of a working calendar with what falls due, and what a change of it moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.policy.calendar import Day, DayKind
from kesu.policy.calendar.shifts import Week, runs_of
from kesu.queries.calendars.change_page import ChangePage, change_page
from kesu.queries.calendars.month_page import ChangeLine, DayCell, DueLine, MonthPage, Tab, month_page
from kesu.web import when
from kesu.web.joining import listed
from kesu.web.marks import ClauseRef
from kesu.web.moves import moves_part
from kesu.web.paging import whole
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import say, spoken
from kesu.web.work.lines import refs

SOURCES: Final = {
    "renewed": gettext_lazy("公布的放假安排"),
    "edited": gettext_lazy("在页面上修改"),
    "imported": gettext_lazy("导入文件"),
}
_LOOKS: Final = {
    DayKind.WORKDAY: "",
    DayKind.REST: "off",
    DayKind.HOLIDAY: "off hol",
    DayKind.MAKEUP: "mk",
    DayKind.CLOSURE: "off cls",
}
_KINDS: Final = {
    DayKind.WORKDAY: gettext_lazy("上班"),
    DayKind.REST: gettext_lazy("休息"),
    DayKind.HOLIDAY: gettext_lazy("放假"),
    DayKind.MAKEUP: gettext_lazy("调休上班"),
    DayKind.CLOSURE: gettext_lazy("公司休息"),
}
_OFFICIAL: Final = "official"


@dataclass(frozen=True, slots=True)
class CellPart:
    """`hours`: only where they are not the usual ones; `said`: the whole cell in words, for who does not see it."""

    on: date
    number: str
    look: str
    label: str
    hours: str
    mine: int
    all: int
    url: str
    said: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PostPart:
    """`hours`: a run of weekdays each; `url`: its month."""

    name: str
    hours: tuple[str, ...]
    keeps_holidays: bool
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class DuePart:
    line: DueLine
    due: str
    clauses: tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class ChangePart:
    """`says`: what it was made of and by whom."""

    url: str
    at: str
    says: str


@require_safe
@signed_in
def month(request: HttpRequest, version: str = "") -> HttpResponse:
    now, asked = clock.now(), request.GET
    found = month_page(
        actor=actor(request),
        at=now,
        calendar_version=version,
        post=asked.get("post", ""),
        month=asked.get("month", ""),
        day=asked.get("day", ""),
    )
    context: dict[str, object] = {"frame": frame(request, "/calendars", now), "page": found}
    if found is not None:
        page = spoken(found)
        context |= {
            "heading": f"{page.month:%Y-%m}",
            "names": tuple(when.weekday_name(number) for number in range(1, 8)),
            "weeks": tuple(tuple(_cell(page, one) for one in week) for week in page.weeks),
            "tabs": tuple(
                (tab, _address(tab.version, page.month), name)
                for tab, name in zip(page.tabs, _tab_names(page.tabs), strict=True)
            ),
            "posts": tuple(_posts(page)),
            "whole": _address(page.calendar.version, page.month),
            "this": _address(page.calendar.version, None, page.post),
            "earlier": _address(page.calendar.version, page.before, page.post) if page.before else "",
            "later": _address(page.calendar.version, page.after, page.post) if page.after else "",
            "hours": tuple((when.weekday_name(n), hours_text(one)) for n, one in enumerate(page.hours, start=1)),
            "unknown": listed(str(year) for year in page.unknown),
            "next_year": page.month.year + 1 if page.asks_for_plan else None,
            "chosen": when.day(page.chosen.day.date, when.local(now).date()) if page.chosen else "",
            "chosen_says": text_of_day(page.chosen.day) if page.chosen else "",
            "dues": tuple(
                DuePart(one, when.due(one.due_at, now, provisional=one.is_provisional), refs(one.citations))
                for one in page.dues
            ),
            "undrawn": page.due_count - len(page.dues),
            "changes": tuple(_change(one) for one in page.changes),
        }
    return render(request, "calendars/month.html", context)


@require_safe
@signed_in
def change(request: HttpRequest, change: UUID) -> HttpResponse:
    now = clock.now()
    page: ChangePage = spoken(
        change_page(actor=actor(request), change_id=change, page=whole(request.GET.get("page", ""), 1))
    )
    context = {
        "frame": frame(request, "/calendars", now),
        "page": page,
        "made_at": when.stamp(page.made_at),
        "says": _made(page),
        "other_posts": listed(map(say, page.other_posts)),
        "official": listed(str(year) for year in page.official),
        "days": tuple(
            (when.weekday(day.date), day, text_of_day(day.before), text_of_day(day.after)) for day in page.days
        ),
        "moves": moves_part(page.moves),
    }
    return render(request, "calendars/change.html", context)


def _change(one: ChangeLine) -> ChangePart:
    return ChangePart(reverse("calendar-change", args=[one.id]), when.stamp(one.made_at), _made(one))


def _made(one: ChangeLine | ChangePage) -> str:
    parts = (str(SOURCES.get(one.source, one.source)), one.who or _("系统"), one.unit, say(one.kind), one.reason)
    return " · ".join(part for part in parts if part)


def _address(version: str, month: date | None, post: str = "", **more: str) -> str:
    query = {"month": f"{month:%Y-%m}" if month else "", "post": post, **more}
    said = urlencode({name: text for name, text in query.items() if text})
    return reverse("calendar", args=[version]) + (f"?{said}" if said else "")


def _tab_names(tabs: Sequence[Tab]) -> Iterator[str]:
    """By unit and name; where two are called alike, with the kinds of case that they count for."""
    names = [f"{tab.serves[0][0]} · {tab.name}" for tab in tabs]
    for tab, name in zip(tabs, names, strict=True):
        yield name if names.count(name) == 1 else f"{name} · {listed(map(say, tab.kinds))}"


def _posts(page: MonthPage) -> Iterator[PostPart]:
    for post in page.posts:
        url = _address(page.calendar.version, page.month, post.slot)
        is_chosen = post.slot == page.post
        yield PostPart(say(post.name), tuple(_hours_by_day(post.week)), post.keeps_holidays, url, is_chosen)


def _hours_by_day(week: Week) -> Iterator[str]:
    """A run of days that are worked alike in one line: 周一–周五 09:00-18:00."""
    for first, last, periods in runs_of(week):
        if (first, last) == (0, 6):
            yield _("每天 %(hours)s") % {"hours": hours_text(periods)}
        else:
            days = dict.fromkeys((when.weekday_name(first + 1), when.weekday_name(last + 1)))
            yield f"{'–'.join(days)} {hours_text(periods)}"


def hours_text(periods: tuple[object, ...]) -> str:
    return listed(str(one) for one in periods) or _("不上班")


def text_of_day(day: Day) -> str:
    kind = str(_KINDS[day.kind])
    named = f"{kind}（{day.label}）" if day.label and day.kind in {DayKind.HOLIDAY, DayKind.CLOSURE} else kind
    return f"{named} {hours_text(day.periods)}" if day.is_workday else named


def _cell(page: MonthPage, one: DayCell) -> CellPart:
    day = one.day
    is_named = day.kind in {DayKind.HOLIDAY, DayKind.MAKEUP, DayKind.CLOSURE}
    is_unknown = day.provisional and bool(page.shown.years)
    looks = [_LOOKS[day.kind], "" if one.is_in_month else "out", "today" if one.is_today else ""]
    looks += ["unk" if is_unknown else "", "sel" if page.chosen and page.chosen.day.date == day.date else ""]
    said = _("%(day)s %(what)s，%(count)d 项到期，其中 %(mine)d 项是您的") % {
        "day": f"{day.date:%m-%d}",
        "what": text_of_day(day),
        "count": one.all,
        "mine": one.mine,
    }
    return CellPart(
        on=day.date,
        number=str(day.date.day),
        look=" ".join(look for look in looks if look),
        label=day.label if is_named else "",
        hours=hours_text(day.periods) if day.is_workday and not one.is_usual else "",
        mine=one.mine,
        all=one.all,
        url=f"{_address(page.calendar.version, page.month, page.post, day=day.date.isoformat())}#day",
        said=said,
        is_chosen=page.chosen is not None and page.chosen.day.date == day.date,
    )
