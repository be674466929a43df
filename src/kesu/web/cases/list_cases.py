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

from kesu.access.list_choices import FactFilter, Named
from kesu.access.measures import UNSET, CaseSlice
from kesu.core import clock
from kesu.core.searching import MOST_SIGNS, MOST_WORDS
from kesu.queries.cases.case_list import SIZES, CaseList, ListFilter, Row, case_list
from kesu.web import marks, subjects, when
from kesu.web.html import shortened
from kesu.web.links import case_url
from kesu.web.marks import Clock, Timing
from kesu.web.paging import pager, whole
from kesu.web.session import actor, frame, signed_in
from kesu.web.slices import FACT, HELD, MEANINGS, MEANT, UNDER, kept, read_cases, said_of
from kesu.web.words import say, spoken

_STATES: Final = {"open": gettext_lazy("在办"), "closed": gettext_lazy("已办结")}
_DUES: Final = {"overdue": gettext_lazy("已超时"), "today": gettext_lazy("今天到期")}
_LONGEST_TEXT: Final = MOST_SIGNS + 1
"""What is kept of a text: enough to see that it is too long."""
_LONGEST_TITLE: Final = 12
_LONGEST_DUTY: Final = 9
_LONGEST_ROOM: Final = 14
_LONGEST_OWNER: Final = 8
_SOURCES: Final = {
    "unit": gettext_lazy("项目"),
    "internal": gettext_lazy("内部记录"),
    "sent": gettext_lazy("发给客户"),
    "received": gettext_lazy("客户留言"),
}
MOST_EXPORTED: Final = 20_000


@dataclass(frozen=True, slots=True)
class RowPart:
    """A row with its clock already worded, its subject and list facts in the order of the head, and what is long made
    short. `beside`: the other of an inner and an outer limit. `found_in`: the name of the text in which a search found
    its words, where no column shows them."""

    row: Row
    clock: Clock
    url: str
    cells: tuple[str, ...]
    level_index: int | None
    duty: str
    room: str
    owner: str
    age: str
    beside: str = ""
    found_in: str = ""


@dataclass(frozen=True, slots=True)
class NothingPart:
    """What stands in place of rows: what was sought, and what to try."""

    title: str
    text: str
    tries: str = ""


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
    if chosen.text != request.GET.get("q", ""):
        # The links of the page repeat the address: not ten megabytes of it, and nothing that nobody sees.
        request.GET = _with_text(request.GET, chosen.text)  # type: ignore[assignment]
    found = spoken(case_list(actor=actor(request), at=now, today=today(now), chosen=chosen))
    context = {
        "frame": frame(request, "/cases", now, chosen.text),
        "now": now,
        "found": found,
        "chosen": chosen,
        "rows": tuple(_row_part(row, found, now) for row in found.rows),
        "views": tuple(_views(found, chosen)),
        "title": _("搜索") if found.refusal else _title(chosen),
        "total_text": "" if found.refusal else _total_text(found),
        "nothing": _nothing(found, chosen) if chosen.text else None,
        "pager": pager(_total_text(found), found.page, found.pages),
        "levels": tuple(_levels(found, chosen)),
        "subjects": tuple(Named(one.value, one.label or subjects.label("")) for one in found.subjects),
        "said": tuple(_said(found, chosen)),
        "facts": (*_meanings(found, chosen), *_facts(found, chosen)),
        "kept": [pair for pair in kept(request.GET) if pair[0] not in _names(found) and not pair[0].startswith(MEANT)],
        "export_url": f"{reverse('case-list-export')}?{request.GET.urlencode()}",
        "receipts_url": f"{reverse('case-list-receipts')}?{request.GET.urlencode()}",
        "most_exported": MOST_EXPORTED,
        "is_tight": request.GET.get("rows") == "tight",
        "states": _choices(_STATES),
        "dues": _choices(_DUES),
        "sizes": SIZES,
        "is_filtered": _plain(chosen) != ListFilter(),
        "is_narrowed": _plain(chosen) != ListFilter(state="", text=chosen.text),
    }
    return render(request, "cases/list.html", context)


def read_filter(query: QueryDict | Mapping[str, str]) -> ListFilter:
    """What the address says; anything unknown counts as not said. A search looks through closed cases too and shows
    the newest first."""
    text = _words(query, "q").strip()[:_LONGEST_TEXT].strip()
    state = query.get("state", "" if text else "open")
    behind = _behind(query)
    return ListFilter(
        kind=_words(query, "kind"),
        state=state if state in _STATES else "",
        stage=_words(query, "stage"),
        level=_words(query, "level"),
        due=query.get("due", "") if query.get("due", "") in _DUES else "",
        mine=query.get("holder", "") == "me",
        unit=query.get("unit", ""),
        text=text,
        sort=query.get("sort", "-received" if text or state == "closed" else "due"),
        page=whole(query.get("page", ""), 1),
        size=size if (size := whole(query.get("size", ""), SIZES[0])) in SIZES else SIZES[0],
        behind=behind,
    )


def _behind(query: QueryDict | Mapping[str, str]) -> CaseSlice:
    """What the filters of the list's own head do not say."""
    found = read_cases(query)
    return replace(found, kind="", unit="", level=found.level if found.level == UNSET else "")


def _levels(found: CaseList, chosen: ListFilter) -> Iterator[Named]:
    yield from found.levels
    if chosen.level == UNSET:
        yield Named(UNSET, _("未定级"))


def _said(found: CaseList, chosen: ListFilter) -> Iterator[tuple[str, str]]:
    """What a number behind the list narrows it to: the name in the address, and words."""
    facts = {column.value: column.label for column in found.columns}
    shown = _names(found)
    beside = tuple(pair for pair in chosen.behind.facts if f"{FACT}{pair[0]}" not in shown)
    held = tuple(pair for pair in chosen.behind.held if f"{HELD}{pair[0]}" not in shown)
    under = tuple(pair for pair in chosen.behind.under if f"{UNDER}{pair[0]}" not in shown)
    behind = replace(chosen.behind, level="", subject="", facts=beside, held=held, under=under, meant=())
    yield from said_of(behind, holder=found.holder, facts=facts, measure=found.measure)


def _facts(found: CaseList, chosen: ListFilter) -> Iterator[tuple[str, str, str, tuple[Named, ...]]]:
    """The filters by list facts: name in the address, label, what is chosen, what may be; with what a number behind the
    list asks for and the policy does not offer."""
    for one in found.filters:
        behind = chosen.behind
        asked = behind.held if one.is_set else behind.under if one.is_tree else behind.facts
        value = dict(asked).get(one.code, "")
        choices = one.choices if one.is_set else (*one.choices, Named(UNSET, _("未填")))
        if value and value not in {choice.value for choice in choices}:
            choices = (*choices, Named(value, value))
        yield _name(one), one.name, value, choices


def _meanings(found: CaseList, chosen: ListFilter) -> Iterator[tuple[str, str, str, tuple[Named, ...]]]:
    """The same of what is said in words that all policies share; also where an address asks for one."""
    offered = {one.code: one.choices for one in found.meanings}
    for code, label in MEANINGS.items():
        value = dict(chosen.behind.meant).get(code, "")
        choices = offered.get(code, (Named(value, say(value)),) if value else ())
        if choices:
            yield f"{MEANT}{code}", str(label), value, choices


def _name(one: FactFilter) -> str:
    return f"{HELD if one.is_set else UNDER if one.is_tree else FACT}{one.code}"


def _names(found: CaseList) -> frozenset[str]:
    return frozenset(map(_name, found.filters))


def _words(query: QueryDict | Mapping[str, str], name: str) -> str:
    """Without the one sign that the database takes in no text."""
    return str(query.get(name, "")).replace("\x00", "")


def _with_text(query: QueryDict, text: str) -> QueryDict:
    changed = query.copy()
    changed["q"] = text
    if not text:
        del changed["q"]
    return changed


def _plain(chosen: ListFilter) -> ListFilter:
    """What was chosen, whatever the order and the page."""
    return replace(chosen, sort="due", page=1, size=SIZES[0])


def today(now: datetime) -> tuple[datetime, datetime]:
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
        url=case_url(row.id),
        cells=tuple(_cells(row, found)),
        level_index=row.level_rank or None,
        duty=shortened(row.duty, _LONGEST_DUTY),
        room=shortened(row.room, _LONGEST_ROOM),
        owner=shortened(row.owner, _LONGEST_OWNER),
        age=when.age(row.received_at, now),
        beside=_beside(row, now),
        found_in=_found_in(row),
    )


def _beside(row: Row, now: datetime) -> str:
    if row.beside_at is None:
        return ""
    word = _("内部 %(due)s") if row.is_outer else _("外部 %(due)s")
    return word % {"due": when.due(row.beside_at, now)}


def _cells(row: Row, found: CaseList) -> Iterator[str]:
    """What stands between the title and the room: the subject, where policies are limited to any, and list facts."""
    if found.subjects:
        yield row.subject
    yield from (row.columns.get(column.value, "") for column in found.columns)


def _found_in(row: Row) -> str:
    if row.excerpt is None:
        return ""
    return row.excerpt.name or str(_SOURCES[row.excerpt.source])


def _views(found: CaseList, chosen: ListFilter) -> Iterator[ViewPart]:
    plain = _plain(chosen)
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
        return _("搜索“%(text)s”") % {"text": shortened(chosen.text, _LONGEST_TITLE)}
    if chosen.mine:
        return _("我经办的")
    return str(_DUES.get(chosen.due) or _STATES.get(chosen.state) or _("全部诉件"))


def _total_text(found: CaseList) -> str:
    if found.total > found.most:
        return _("%(count)s+ 件") % {"count": f"{found.most:,}"}
    return _("共 %(count)s 件") % {"count": f"{found.total:,}"}


def _nothing(found: CaseList, chosen: ListFilter) -> NothingPart:
    """What a search says that found nothing: where it looked, and how to look again."""
    if found.refusal:
        limits = {"signs": MOST_SIGNS, "words": MOST_WORDS}
        return NothingPart(
            _("搜索的内容太长"),
            _("最多 %(signs)s 个字、%(words)s 个词；这次没有搜索") % limits,
            _("只留最能说明问题的几个词，例如房号加“漏水”"),
        )
    looked = _("查了编号、项目、主题、各步填写的内容、内部记录和往来消息")
    if found.seeks_persons:
        looked = _("查了编号、项目、主题、各步填写的内容、内部记录、往来消息，以及您有权查看的姓名、房号、电话")
    return NothingPart(
        _("没有找到“%(text)s”") % {"text": chosen.text},
        looked,
        _("少写几个字或换个说法；几个词用空格隔开，须同时出现；电话写完整号码或后四位"),
    )


def _choices(names: Mapping[str, object]) -> tuple[Named, ...]:
    return tuple(Named(value, str(label)) for value, label in names.items())
