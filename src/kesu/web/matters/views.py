"""同一事项: its page, and the two forms of a case that join it to one and take it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kesu.commands.matters.join_matter import join_matter
from kesu.commands.matters.name_matter import MOST, name_matter
from kesu.commands.matters.part_case import part_case
from kesu.commands.matters.set_aside import set_aside
from kesu.core import clock
from kesu.core.errors import NotFound, NotNow, Refused, Unacceptable
from kesu.policy.calendar import Unit
from kesu.policy.model.conditions import Window
from kesu.queries.cases.find_case import find_case
from kesu.queries.matters.matter_list import matter_list
from kesu.queries.matters.matter_page import EdgeLine, MatterItem, matter_page
from kesu.web import sentences, when
from kesu.web.cases.page import LIST, joining_context, page_context
from kesu.web.forms import identifier
from kesu.web.joining import strung
from kesu.web.paging import pager, whole
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken


@dataclass(frozen=True, slots=True)
class CountPart:
    """A way to count, and what it comes to."""

    label: str
    heads: int


@dataclass(frozen=True, slots=True)
class LinePart:
    """Something that happened: when, what, and what is to be known about it."""

    when: str
    text: str
    note: str
    case_id: UUID | None = None


@require_safe
@signed_in
def list_view(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    found = matter_list(actor=actor(request), page=whole(request.GET.get("page", ""), 1))
    total = _("%(count)s+ 项") if found.more else _("共 %(count)s 项")
    total_text = total % {"count": found.shown}
    context = {
        "frame": frame(request, LIST, now),
        "found": found,
        "total_text": total_text,
        "pager": pager(total_text, found.page, found.page + found.more),
        "now": now,
    }
    return render(request, "matters/list.html", context)


@require_safe
@signed_in
def matter_view(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    return render(request, "matters/page.html", _page_context(request, matter_id, clock.now()))


@signed_in
@require_POST
def name_view(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    at, name = clock.now(), request.POST.get("name", "")
    try:
        name_matter(actor=actor(request), at=at, matter_id=matter_id, name=name)
    except Unacceptable as refused:
        error = (
            _("最多写 %(most)d 个字") % {"most": MOST} if refused.reason == "too_long" else sentences.reason(refused)
        )
        context = _page_context(request, matter_id, at) | {"name": name, "name_error": error}
        return render(request, "matters/page.html", context, status=refused.status)
    messages.success(request, _("记下了"))
    return redirect("matter-page", matter_id)


def _page_context(request: HttpRequest, matter_id: UUID, now: datetime) -> dict[str, Any]:
    found = spoken(matter_page(actor=actor(request), at=now, matter_id=matter_id))
    return {
        "frame": frame(request, LIST, now),
        "found": found,
        "opened": when.when(found.opened_at, now),
        "counts": (
            CountPart(_("一共"), found.heads),
            *(CountPart(_window(one.window), one.heads) for one in found.counters if one.window is not None),
        ),
        "edges": tuple(_edge(one, now) for one in reversed(found.edges)),
        "items": tuple(_item(one, now) for one in found.items),
        "name": found.name,
        "most": MOST,
        "now": now,
    }


def _window(window: Window | None) -> str:
    if window is None:
        return _("不论何时")
    if window.rolling is not None:
        is_days = window.rolling.unit is Unit.DAY
        length = _("%(count)d 天") % {"count": window.rolling.amount} if is_days else str(window.rolling)
        return _("最近 %(length)s") % {"length": length}
    return {"week": _("本周"), "month": _("本月"), "year": _("今年")}[window.calendar or "month"]


def _edge(one: EdgeLine, now: datetime) -> LinePart:
    said = _("降到 %(count)s 人") if one.fell else _("到了 %(count)s 人")
    note = _("%(when)s 才知道") % {"when": when.when(one.known_at, now)} if one.known_at > one.at else ""
    text = f"{_window(one.window)} {said % {'count': one.count}}"
    return LinePart(when.when(one.at, now), text, note)


def _item(one: MatterItem, now: datetime) -> LinePart:
    said = {
        "opened": _("建立同一事项"),
        "joined": _("归入 %(number)s"),
        "left": _("移出 %(number)s"),
        "absorbed": _("与另一个事项合并"),
        "revived": _("从合并的事项里分出来"),
        "found": _("%(number)s 是办结后又来投诉"),
        "named": _("起了名字"),
        "unnamed": _("去掉名字"),
    }[one.what]
    return LinePart(when.when(one.at, now), said % {"number": one.number}, one.by or _("程序"), one.case_id)


@signed_in
@require_POST
def part_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    at, reason = clock.now(), request.POST.get("reason", "")
    try:
        part_case(actor=actor(request), at=at, case_id=case_id, reason=reason)
    except (NotNow, Unacceptable) as refused:
        context = page_context(request, case_id, at) | {"writes": "part"}
        error = sentences.reason(refused)
        context |= {"part_error": error, "part_reason": reason, "text": reason, "text_error": error}
        return render(request, "cases/page.html", context, status=refused.status)
    messages.success(request, _("已移出同一事项，人数重新算过"))
    return redirect("case-page", case_id)


def _why(refused: Refused) -> str:
    """Also of the other case, whose page is not the one that is drawn."""
    said = (sentences.refusal(one.code, one.says) for one in refused.data.get("refusals", ()))
    return strung((sentences.reason(refused), *said))


@signed_in
@require_POST
def set_aside_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    other = identifier(request.POST.get("other", ""))
    if other is None:
        raise NotFound
    set_aside(actor=actor(request), at=clock.now(), case_id=case_id, other_id=other)
    messages.success(request, _("记下了：这两件不是同一件事，不再推荐。看错了仍可按编号归入"))
    return redirect("case-page", case_id)


def _not_found(number: str) -> str:
    if not number:
        return _("请选一件，或写另一件的编号")
    return _("没有编号为“%(number)s”的诉件，或您看不到它") % {"number": number}


@signed_in
@require_POST
def join_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    at, number = clock.now(), request.POST.get("number", "").strip()
    chosen = identifier(request.POST.get("other", ""))
    other = chosen if chosen is not None and not number else None
    if number:
        found = find_case(actor=actor(request), number=number)
        other = UUID(found) if found else None
    error, status = "" if other else _not_found(number), 422
    if other:
        try:
            join_matter(actor=actor(request), at=at, case_id=case_id, other_id=other)
        except (NotNow, Unacceptable) as refused:
            error, status = _why(refused), refused.status
    if error:
        context = page_context(request, case_id, at) | {"writes": "matter", "join_error": error}
        context |= joining_context(request, context["page"], number, chosen.hex if chosen else "")
        context |= {"text": number, "text_error": error}
        return render(request, "cases/page.html", context, status=status)
    messages.success(request, _("已归为同一事项"))
    return redirect("case-page", case_id)
