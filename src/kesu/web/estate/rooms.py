"""房产: the list of rooms, one room, and the form that adds or changes one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.access.permissions import Permission
from kesu.commands.estate.add_room import add_room
from kesu.commands.estate.change_room import change_room
from kesu.commands.estate.remove_room import remove_room
from kesu.core import clock
from kesu.core.errors import Overtaken, Unacceptable
from kesu.core.searching import MOST_SIGNS
from kesu.queries.estate.projects import projects
from kesu.queries.estate.room_list import RoomFilter, RoomList, room_list
from kesu.queries.estate.room_page import RoomChangeLine, RoomPage, room_page
from kesu.web import sentences, when
from kesu.web.customers.labels import KINDS
from kesu.web.estate.labels import ACTS, FIELDS, OCCUPANCIES, changed
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.forms import figure
from kesu.web.html import html, joined
from kesu.web.links import room_url
from kesu.web.marks import Choice as FilterChoice
from kesu.web.paging import pager, whole
from kesu.web.parts import FactRow
from kesu.web.session import actor, frame, signed_in

_TYPED: Final = tuple(FIELDS)
_ROW: Final = (
    '<tr data-item><td class="tight lead two"><a class="rowlink b num" href="{}" data-open>{}</a></td>'
    '<td class="tight sec">{}</td><td class="tight sec">{}</td><td class="tight">{}</td>'
    '<td class="tight num sec">{}</td><td class="tight num sec">{}</td><td class="sec wide">{}</td></tr>'
)
Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChangePart:
    at: str
    who: str
    act: str
    what: str


@require_safe
@signed_in
def room_list_view(request: HttpRequest) -> HttpResponse:
    chosen = RoomFilter(
        project=request.GET.get("project", ""),
        occupancy=request.GET.get("occupancy", ""),
        text=sought_text(request),
        page=whole(request.GET.get("page", ""), 1),
    )
    found = room_list(actor=actor(request), room_filter=chosen)
    total = total_text(found.total, found.most)
    context = {
        "frame": frame(request, "/rooms", clock.now()),
        "found": found,
        "chosen": chosen,
        "rows": tuple(_rows(found)),
        "projects": tuple(FilterChoice(*one) for one in found.projects),
        "occupancies": tuple(FilterChoice(code, str(label)) for code, label in OCCUPANCIES.items()),
        "total_text": total,
        "is_filtered": bool(chosen.project or chosen.occupancy or chosen.text),
        "pager": pager(total, found.page, found.pages),
    }
    return render(request, "estate/rooms.html", context)


def sought_text(request: HttpRequest) -> str:
    """What is sought, no longer than it takes to see that it is too long."""
    return request.GET.get("q", "").replace("\x00", "").strip()[: MOST_SIGNS + 1]


def total_text(total: int, most: int) -> str:
    if total > most:
        return _("超过 %(count)s 条") % {"count": f"{most:,}"}
    return _("共 %(count)s 条") % {"count": f"{total:,}"}


def _rows(found: RoomList) -> Iterator[SafeString]:
    """Drawn here and not in the template: fifty of them cost it half of what the page costs."""
    for row in found.rows:
        address = " ".join(filter(None, (row.building, row.entrance, row.number)))
        people = (html('{} <span class="mute">{}</span>', name, KINDS[kind]) for name, kind in row.people)
        yield html(
            _ROW,
            room_url(row.id),
            address,
            row.project,
            row.phase,
            OCCUPANCIES.get(row.occupancy, ""),
            row.delivered_on or "",
            row.moved_in_on or "",
            joined(people, "、"),
        )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def room_new(request: HttpRequest) -> HttpResponse:
    offered = projects(actor=actor(request), needs=Permission.ROOM_EDIT)
    typed, refused = _typed(request), None
    if request.method == "POST":
        try:
            room_id = add_room(actor=actor(request), at=clock.now(), given=typed)
        except Unacceptable as fault:
            refused = fault
        else:
            messages.success(request, _("已新建"))
            return redirect("room-page", room_id)
    context = {
        "frame": frame(request, "/rooms", clock.now()),
        "fields": (*_address_fields(offered, typed, refused), *_fields(typed, refused)),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "estate/room_new.html", context, status=refused.status if refused else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def room_view(request: HttpRequest, room_id: UUID) -> HttpResponse:
    typed, seen = _typed(request), figure(request.POST.get("seen_version", ""))
    refused: Overtaken | Unacceptable | None = None
    if request.method == "POST":
        try:
            change_room(actor=actor(request), at=clock.now(), room_id=room_id, seen_version=seen, given=typed)
        except (Overtaken, Unacceptable) as fault:
            refused = fault
        else:
            messages.success(request, _("已保存"))
            return redirect("room-page", room_id)
    return _room(request, room_id, typed, seen, refused)


@require_POST
@signed_in
def room_removed(request: HttpRequest, room_id: UUID) -> HttpResponse:
    try:
        remove_room(actor=actor(request), at=clock.now(), room_id=room_id)
    except Unacceptable as refused:
        return _room(request, room_id, _typed(request), 0, None, removal=sentences.reason(refused))
    messages.success(request, _("已删除"))
    return redirect("room-list")


def _room(
    request: HttpRequest,
    room_id: UUID,
    typed: Typed,
    seen: int,
    refused: Overtaken | Unacceptable | None,
    removal: str = "",
) -> HttpResponse:
    """`removal`: why the room is not taken away."""
    page = room_page(actor=actor(request), room_id=room_id)
    newer = _newer(page, seen) if isinstance(refused, Overtaken) else ()
    for one in newer:
        typed = _caught_up(typed, one)
    context = {
        "frame": frame(request, "/rooms", clock.now()),
        "page": page,
        "facts": tuple(_facts(page)),
        "residents": tuple((one, str(KINDS[one.kind])) for one in page.residents),
        "changes": tuple(map(_change, page.changes)),
        "fields": tuple(_all_fields(request, page, typed if refused else _standing(page), refused)),
        "seen_version": seen if isinstance(refused, Unacceptable) else page.version,
        "meanwhile": tuple(map(_change, newer)),
        "refused": sentences.reason(refused) if refused else "",
        "removal": removal,
    }
    status = refused.status if refused else Unacceptable.status if removal else 200
    return render(request, "estate/room.html", context, status=status)


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in _TYPED}


def _all_fields(
    request: HttpRequest, page: RoomPage, typed: Typed, refused: Overtaken | Unacceptable | None
) -> Iterator[Field]:
    if page.may_edit:
        yield from _address_fields(projects(actor=actor(request), needs=Permission.ROOM_EDIT), typed, refused)
        yield from _fields(typed, refused)


def _newer(page: RoomPage, seen: int) -> tuple[RoomChangeLine, ...]:
    """What was changed since the form was shown, the first of it first."""
    return tuple(one for one in reversed(page.changes) if one.id > seen)


def _caught_up(typed: Typed, line: RoomChangeLine) -> dict[str, str]:
    """With what others changed meanwhile in the fields that stand as they were before."""
    before, after = _as_typed(line.before), _as_typed(line.after)
    return {**typed, **{name: after.get(name, "") for name, old in before.items() if _plain(typed[name]) == old}}


def _as_typed(stated: Mapping[str, Any]) -> dict[str, str]:
    """Recorded values as the form has them."""
    return {
        name: "\n".join(f"{work} {until}" for work, until in value.items()) if isinstance(value, Mapping) else value
        for name, value in stated.items()
        if name != "project"
    }


def _plain(text: str) -> str:
    """As it was before a browser sent it."""
    return text.replace("\r\n", "\n")


def _standing(page: RoomPage) -> dict[str, str]:
    """The room as its form states it."""
    return {
        "project": page.project_id,
        "phase": page.phase,
        "building": page.building,
        "entrance": page.entrance,
        "number": page.number,
        "delivered_on": page.delivered_on.isoformat() if page.delivered_on else "",
        "moved_in_on": page.moved_in_on.isoformat() if page.moved_in_on else "",
        "occupancy": page.occupancy,
        "warranties": "\n".join(f"{work} {until.isoformat()}" for work, until in page.warranties),
    }


def _facts(page: RoomPage) -> Iterator[FactRow]:
    stated = {**_standing(page), "project": page.project, "occupancy": str(OCCUPANCIES.get(page.occupancy, ""))}
    for name, label in FIELDS.items():
        if name != "warranties":
            yield FactRow(str(label), stated[name])
    for work, until in page.warranties:
        yield FactRow(_("%(work)s保修至") % {"work": work}, until.isoformat())


def _change(line: RoomChangeLine) -> ChangePart:
    what = "；".join(changed(line.before, line.after))
    return ChangePart(when.stamp(line.at), line.who, str(ACTS.get(line.act, line.act)), what)


def _address_fields(
    offered: tuple[tuple[str, str], ...], typed: Typed, refused: Overtaken | Unacceptable | None
) -> Iterator[Field]:
    errors = sentences.field_errors(refused) if refused else {}
    asked = typed.get("project") or (offered[0][0] if len(offered) == 1 else "")
    chosen = tuple(Choice(value, label, value == asked) for value, label in offered)
    label = str(FIELDS["project"])
    yield Field("project", label, FieldKind.CHOICE, choices=chosen, is_required=True, error=errors.get("project", ""))
    for name in ("building", "entrance", "number"):
        yield Field(
            name,
            str(FIELDS[name]),
            FieldKind.TEXT,
            typed.get(name, ""),
            is_required=name != "entrance",
            error=errors.get(name, ""),
        )


def _fields(typed: Typed, refused: Overtaken | Unacceptable | None) -> Iterator[Field]:
    errors = sentences.field_errors(refused) if refused else {}
    kinds = {"delivered_on": FieldKind.DATE, "moved_in_on": FieldKind.DATE, "warranties": FieldKind.TEXTAREA}
    helps = {"warranties": _("一行一项，例如：防水 2031-06-30")}
    for name in ("phase", "delivered_on", "moved_in_on", "warranties"):
        yield Field(
            name,
            str(FIELDS[name]),
            kinds.get(name, FieldKind.TEXT),
            typed.get(name, ""),
            help=helps.get(name, ""),
            error=errors.get(name, ""),
        )
    asked = typed.get("occupancy", "")
    choices = tuple(Choice(code, str(label), code == asked) for code, label in OCCUPANCIES.items())
    yield Field(
        "occupancy", str(FIELDS["occupancy"]), FieldKind.CHOICE, choices=choices, error=errors.get("occupancy", "")
    )
