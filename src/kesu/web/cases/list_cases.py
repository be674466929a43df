"""诉件列表: filters in the address, a dense table on desks, cards on phones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.cases.case_list import MOST, SIZES, CaseList, ListFilter, Row, case_list
from kesu.web import marks, when
from kesu.web.marks import Clock, Timing
from kesu.web.parts import PagerPart
from kesu.web.session import actor, frame, signed_in

_STATES: Final = {"open": gettext_lazy("在办"), "closed": gettext_lazy("已办结")}
_DUES: Final = {"overdue": gettext_lazy("已超时"), "today": gettext_lazy("今天到期")}
_LONGEST_TEXT: Final = 60


@dataclass(frozen=True, slots=True)
class RowPart:
    """A row with its clock already worded and its list facts in the order of the head."""

    row: Row
    clock: Clock
    url: str
    cells: tuple[str, ...]
    level_index: int | None


@dataclass(frozen=True, slots=True)
class ViewPart:
    """One saved view of the left column."""

    label: str
    icon: str
    url: str
    count: int | None
    is_current: bool
    is_over: bool = False


@require_safe
@signed_in
def list_cases(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    chosen = read_filter(request.GET)
    found = case_list(actor=actor(request), at=now, today=_today(now), chosen=chosen)
    context = {
        "frame": frame(request, "/cases", now, chosen.text),
        "now": now,
        "found": found,
        "chosen": chosen,
        "rows": tuple(_row_part(row, found, now) for row in found.rows),
        "views": tuple(_views(found, chosen)),
        "title": _title(chosen),
        "total_text": _total_text(found.total),
        "pager": _pager(found),
        "is_tight": request.GET.get("rows") == "tight",
        "states": _choices(_STATES),
        "dues": _choices(_DUES),
        "sizes": SIZES,
        "is_filtered": replace(chosen, page=1, size=SIZES[0], sort="due") != ListFilter(),
    }
    return render(request, "cases/list.html", context)


def read_filter(query: QueryDict | Mapping[str, str]) -> ListFilter:
    """What the address says; anything unknown counts as not said. A search looks through closed cases too."""
    text = _words(query, "q").strip()[:_LONGEST_TEXT]
    state = query.get("state", "" if text else "open")
    return ListFilter(
        kind=_words(query, "kind"),
        state=state if state in _STATES else "",
        stage=_words(query, "stage"),
        level=_words(query, "level"),
        due=query.get("due", "") if query.get("due", "") in _DUES else "",
        mine=query.get("holder", "") == "me",
        unit=query.get("unit", ""),
        text=text,
        sort=query.get("sort", "-received" if state == "closed" else "due"),
        page=_whole(query.get("page", ""), 1),
        size=size if (size := _whole(query.get("size", ""), SIZES[0])) in SIZES else SIZES[0],
    )


def _words(query: QueryDict | Mapping[str, str], name: str) -> str:
    """Without the one sign that the database takes in no text."""
    return str(query.get(name, "")).replace("\x00", "")


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def _today(now: datetime) -> tuple[datetime, datetime]:
    start = when.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)


def _row_part(row: Row, found: CaseList, now: datetime) -> RowPart:
    timing = Timing(
        due_at=row.due_at,
        starts_at=row.starts_at,
        paused_since=row.paused_since,
        provisional=row.is_provisional,
    )
    return RowPart(
        row=row,
        clock=marks.clock(timing, now, row.calendar),
        url=reverse("case-page", args=[row.id]),
        cells=tuple(row.columns.get(column.value, "") for column in found.columns),
        level_index=row.level_rank or None,
    )


def _views(found: CaseList, chosen: ListFilter) -> Iterator[ViewPart]:
    plain = replace(chosen, sort="due", page=1, size=SIZES[0])
    counts = found.counts
    for label, icon, query, view, count in (
        (_("全部在办"), "inbox", {}, ListFilter(), counts.open),
        (_("我经办的"), "user", {"holder": "me"}, ListFilter(mine=True), counts.mine),
        (_("已超时"), "alert-triangle", {"due": "overdue"}, ListFilter(due="overdue"), counts.overdue),
        (_("今天到期"), "hourglass-high", {"due": "today"}, ListFilter(due="today"), counts.today),
        (_("已办结"), "archive", {"state": "closed"}, ListFilter(state="closed"), None),
    ):
        url = reverse("case-list") + (f"?{urlencode(query)}" if query else "")
        yield ViewPart(label, icon, url, count, plain == view, is_over=view.due == "overdue" and bool(count))


def _title(chosen: ListFilter) -> str:
    if chosen.text:
        return _("搜索“%(text)s”") % {"text": chosen.text}
    if chosen.mine:
        return _("我经办的")
    return str(_DUES.get(chosen.due) or _STATES.get(chosen.state) or _("全部诉件"))


def _total_text(total: int) -> str:
    return _("超过 10,000 件") if total > MOST else _("共 %(count)s 件") % {"count": f"{total:,}"}


def _pager(found: CaseList) -> PagerPart:
    near = {1, found.pages, *range(found.page - 2, found.page + 3)}
    numbers: list[int] = []
    for number in sorted(one for one in near if 1 <= one <= found.pages):
        if numbers and number > numbers[-1] + 1:
            numbers.append(0)
        numbers.append(number)
    return PagerPart(
        total_text=_total_text(found.total),
        number=found.page,
        numbers=tuple(numbers),
        previous=found.page - 1 if found.page > 1 else None,
        next=found.page + 1 if found.page < found.pages else None,
    )


def _choices(names: Mapping[str, object]) -> tuple[dict[str, str], ...]:
    return tuple({"value": value, "label": str(label)} for value, label in names.items())
