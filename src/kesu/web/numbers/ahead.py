"""将到期: what is about to fall due, at whom, and who carries more than the others of his post."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kesu.access.measures import UNSET
from kesu.core import clock
from kesu.queries.numbers.ahead import Ahead, Coming, Load, ahead
from kesu.web import marks
from kesu.web.marks import Clock, Timing
from kesu.web.numbers import words
from kesu.web.rungs import NextRung, rung_part
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

COLUMNS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "overrun": (gettext_lazy("已超时"), gettext_lazy("现在已过期限还没办的义务。")),
    "next_hour": (gettext_lazy("一小时内"), gettext_lazy("从现在起一小时里到期的义务，暂停计时的不算。")),
    "next_day": (gettext_lazy("今天"), gettext_lazy("从现在起到今天结束到期的义务，半夜到期的算今天。")),
    "next_week": (gettext_lazy("本周"), gettext_lazy("从现在起到星期日结束到期的义务。")),
    "pending": (gettext_lazy("未了"), gettext_lazy("现在还没办的全部义务，不论何时到期。")),
}
_TILES: Final = ("overrun", "next_hour", "next_day", "next_week")
_MOST_PEOPLE: Final = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """`is_bad`: not nothing, and nothing would be better."""

    text: str
    url: str
    is_zero: bool
    is_bad: bool
    is_wide: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Of a person or a department. `beside` stands under the name; `usual` beside the last figure."""

    name: str
    beside: str
    stands_for: str
    cells: tuple[Cell, ...]
    usual: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class NextPart:
    one: Coming
    clock: Clock
    rungs: tuple[NextRung, ...]


@require_safe
@signed_in
def ahead_page(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    found = spoken(ahead(actor=actor(request), at=now))
    people = found.people[:_MOST_PEOPLE]
    context = {
        "frame": frame(request, "/numbers", now),
        "now": now,
        "tiles": tuple((COLUMNS[name][0], COLUMNS[name][1], _cell(name, found.totals, {})) for name in _TILES),
        "pending": _cell("pending", found.totals, {}),
        "columns": tuple((label, about, name == "pending") for name, (label, about) in COLUMNS.items()),
        "people": tuple(map(_person, people)),
        "left_out": len(found.people) - len(people),
        "over": sum(one.is_over for one in found.people),
        "departments": tuple(_departments(found)),
        "coming": tuple(_next(one, now) for one in found.coming),
    }
    return render(request, "numbers/ahead.html", context)


def _cell(name: str, counts: Mapping[str, int], says: Mapping[str, str]) -> Cell:
    count = counts.get(name, 0)
    url = f"{reverse('numbers-duties')}?{urlencode({'outcome': name, **says})}"
    return Cell(f"{count:,}", url, count == 0, name == "overrun" and count > 0, name == "pending")


def _person(load: Load) -> Row:
    says = {"owner": _said(load.account), "department": _said(load.department), "slot": load.slot or UNSET}
    place = load.slot_name or words.slot_label(load.slot, "")
    return Row(
        name=load.name or _("没有人"),
        beside=" · ".join(part for part in (place, load.department_name) if part),
        stands_for="、".join(load.stands_for),
        cells=tuple(_cell(name, load.counts, says) for name in COLUMNS),
        usual="" if load.usual is None else f"{load.usual:.1f}".removesuffix(".0"),
        is_over=load.is_over,
    )


def _departments(found: Ahead) -> Iterator[Row]:
    for share in found.departments:
        cells = tuple(_cell(name, share.counts, {"department": _said(share.department)}) for name in COLUMNS)
        yield Row(share.name or _("不属于部门"), "", "", cells, "", is_over=False)


def _said(one: UUID | None) -> str:
    return one.hex if one else UNSET


def _next(one: Coming, now: datetime) -> NextPart:
    timing = Timing(due_at=one.due_at, starts_at=one.starts_at, provisional=one.is_provisional)
    return NextPart(one, marks.clock(timing, now, one.calendar), tuple(rung_part(told, now) for told in one.told))
