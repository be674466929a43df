"""统计: the numbers of a period, and the obligations behind them. The cases behind them are the ordinary list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kesu.access.measures import UNSET, DutySlice
from kesu.core import clock
from kesu.queries.numbers.duty_list import DutyList, DutyRow, duty_list
from kesu.queries.numbers.measured import measured_numbers
from kesu.queries.numbers.numbers_page import Numbers, Section, numbers
from kesu.web import marks
from kesu.web.marks import Clock, Timing
from kesu.web.numbers import words
from kesu.web.numbers.drawing import OPENED, draw, draw_shared
from kesu.web.numbers.measured import MeasurePart, measure_parts
from kesu.web.numbers.periods import NAMES, Chosen, read_period
from kesu.web.numbers.workbook import written
from kesu.web.paging import pager, whole
from kesu.web.session import actor, frame, signed_in
from kesu.web.sheets import answer
from kesu.web.slices import read_duties, said_of, span_text
from kesu.web.words import spoken

_SIZE: Final = 50
_OUTCOMES: Final = {
    "due": gettext_lazy("到期的义务"),
    "in_time": gettext_lazy("按时办的义务"),
    "late": gettext_lazy("迟办的义务"),
    "missed": gettext_lazy("到期未办的义务"),
    "pending": gettext_lazy("现在未了的义务"),
    "overrun": gettext_lazy("现在超时的义务"),
    "next_hour": gettext_lazy("一小时内到期的义务"),
    "next_day": gettext_lazy("今天到期的义务"),
    "next_week": gettext_lazy("本周到期的义务"),
}


@dataclass(frozen=True, slots=True)
class TabPart:
    label: str
    url: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class DutyPart:
    """One obligation with its clock already worded."""

    row: DutyRow
    clock: Clock
    owner: str
    level_index: int | None


@require_safe
@signed_in
def numbers_page(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    chosen = read_period(request.GET, now)
    found = spoken(numbers(actor=actor(request), at=now, period=chosen.period))
    section = _section(found, request)
    context = {
        "frame": frame(request, "/numbers", now),
        "now": now,
        "chosen": chosen,
        "periods": tuple(_periods(chosen, section)),
        "tabs": tuple(_tabs(found, section, chosen)),
        "part": draw(section, chosen, _opened(request)) if section else None,
        "shared": draw_shared(found, chosen),
        "measured": tuple(_measured(request, section, chosen)) if section else (),
        "about": words.ABOUT,
        "export_url": f"{reverse('numbers-export')}?{urlencode(chosen.query)}",
    }
    return render(request, "numbers/page.html", context)


@require_safe
@signed_in
def numbers_export(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    chosen = read_period(request.GET, now)
    who = actor(request)
    found = spoken(numbers(actor=who, at=now, period=chosen.period))
    measured = spoken(measured_numbers(actor=who, period=chosen.period))
    made = written(found, measured, chosen, company=frame(request, "", now).organisation, by=who.name, at=now)
    return answer(made, _("统计"), chosen.days.text.replace("..", "_"))


@require_safe
@signed_in
def duties(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    sought = read_duties(request.GET)
    page = whole(request.GET.get("page", ""), 1)
    found = spoken(duty_list(actor=actor(request), at=now, sought=sought, page=page, size=_SIZE))
    total_text = _("共 %(count)s 项") % {"count": f"{found.total:,}"}
    context = {
        "frame": frame(request, "/numbers", now),
        "now": now,
        "title": _OUTCOMES.get(sought.outcome) or _("义务"),
        "total_text": total_text,
        "rows": tuple(_duty_part(row, now) for row in found.rows),
        "said": tuple(_said(sought, found)),
        "pager": pager(total_text, found.page, found.pages),
    }
    return render(request, "numbers/duties.html", context)


def _section(found: Numbers, request: HttpRequest) -> Section | None:
    """The one that the address names, else the largest; None where nothing was ever received."""
    wanted = request.GET.get("pack", ""), request.GET.get("kind", "")
    named = [one for one in found.sections if (one.pack, one.kind) == wanted]
    return next(iter([*named, *found.sections]), None)


def _opened(request: HttpRequest) -> dict[str, str]:
    """Which node of which fact is open, of those whose values stand in levels."""
    said = ((name.removeprefix(OPENED), request.GET[name]) for name in request.GET if name.startswith(OPENED))
    return {code: node.replace("\x00", "") for code, node in said if code.isidentifier()}


def _measured(request: HttpRequest, section: Section, chosen: Chosen) -> Iterator[MeasurePart]:
    """The measures of the policy, for the kind that is shown."""
    found = spoken(measured_numbers(actor=actor(request), period=chosen.period))
    return measure_parts(found, section, chosen)


def _periods(chosen: Chosen, section: Section | None) -> Iterator[TabPart]:
    own = {"pack": section.pack, "kind": section.kind} if section else {}
    for code, label in NAMES.items():
        url = f"{reverse('numbers')}?{urlencode({'period': code, **own})}"
        yield TabPart(str(label), url, code == chosen.code)


def _tabs(found: Numbers, section: Section | None, chosen: Chosen) -> Iterator[TabPart]:
    """One a section, where there are several; two policies with kinds of the same name say which policy it is."""
    names = [one.name for one in found.sections]
    for one in found.sections if len(names) > 1 else ():
        query = urlencode({**chosen.query, "pack": one.pack, "kind": one.kind})
        label = one.name if names.count(one.name) == 1 else f"{one.name} · {one.policy}"
        yield TabPart(label, f"{reverse('numbers')}?{query}", one is section, one.totals.get("received", 0))


def _duty_part(row: DutyRow, now: datetime) -> DutyPart:
    timing = Timing(
        due_at=row.due_at,
        met_at=row.met_at,
        starts_at=row.starts_at,
        paused_since=row.paused_since,
        provisional=row.is_provisional,
    )
    is_gone = row.ended_at is not None and row.met_at is None
    gone = Clock("idle", "circle-minus", _("没有办，不再需要"))
    how = gone if is_gone else marks.clock(timing, now, row.calendar)
    return DutyPart(row, how, words.slot_label(row.slot, row.owner), row.level_rank or None)


def _said(sought: DutySlice, found: DutyList) -> Iterator[str]:
    """What the list is narrowed to, in words."""
    if sought.due:
        yield _("期限 %(days)s") % {"days": span_text(sought.due)}
    yield from (text for _name, text in said_of(sought.cases, holder=found.holder_name, facts={}))
    yield from (name for name in (found.unit_name, found.department_name, found.owner_name) if name)
    if sought.owner == UNSET:
        yield _("没有人承办")
    if sought.department and not found.department_name:
        yield _("不属于部门")
