"""组织: the tree of units with their posts, and what an administrator does with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kesu.access.house import ROOTS
from kesu.access.permissions import Permission
from kesu.commands.organisation.add_root import add_root
from kesu.commands.organisation.add_unit import add_unit
from kesu.commands.organisation.change_unit import UnitState, change_unit
from kesu.commands.organisation.end_post import end_post
from kesu.commands.organisation.give_post import give_post
from kesu.commands.organisation.move_unit import move_unit
from kesu.core import clock
from kesu.core.errors import NotFound, Unacceptable
from kesu.queries.organisation.roles import roles
from kesu.queries.organisation.tree import Tree, UnitLine, tree
from kesu.web import sentences, when
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

KINDS: Final = {
    "group": gettext_lazy("集团"),
    "region": gettext_lazy("区域"),
    "company": gettext_lazy("公司"),
    "project": gettext_lazy("项目"),
    "department": gettext_lazy("部门"),
    "service_post": gettext_lazy("服务站"),
    "property": gettext_lazy("物业公司"),
    "contractor": gettext_lazy("施工维修单位"),
    "laboratory": gettext_lazy("检测机构"),
    "authority": gettext_lazy("主管部门"),
}
Typed = Mapping[str, str]
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class UnitPart:
    line: UnitLine
    kind: str
    can_hold: bool


@require_safe
@signed_in
def organisation(request: HttpRequest) -> HttpResponse:
    return _page(request, request.GET.get("unit", ""))


@require_POST
@signed_in
@confirmed
def unit_added(request: HttpRequest) -> HttpResponse:
    typed = _typed(request, "unit", "kind", "name", "code", "is_public")
    try:
        add_unit(
            actor=actor(request),
            at=clock.now(),
            inside=_id(typed["unit"]),
            kind=typed["kind"],
            name=typed["name"],
            code=typed["code"],
            is_public=typed["is_public"] == "yes",
        )
    except Unacceptable as refused:
        return _page(request, typed["unit"], typed, refused, form="add")
    messages.success(request, _("已新建"))
    return _back(typed["unit"])


@require_POST
@signed_in
@confirmed
def root_added(request: HttpRequest) -> HttpResponse:
    typed = _typed(request, "kind", "name", "code")
    at = clock.now()
    try:
        made = add_root(actor=actor(request), at=at, on=when.local(at).date(), **typed)
    except Unacceptable as refused:
        return _page(request, "", typed, refused, form="root")
    messages.success(request, _("已新建"))
    return _back(made.hex)


@require_POST
@signed_in
@confirmed
def unit_changed(request: HttpRequest, unit: UUID) -> HttpResponse:
    typed = _typed(request, "name", "code", "is_public", "is_closed")
    at = clock.now()
    wanted = UnitState(typed["name"], typed["code"], typed["is_public"] == "yes", typed["is_closed"] == "yes")
    try:
        change_unit(actor=actor(request), at=at, on=when.local(at).date(), unit_id=unit, wanted=wanted)
    except Unacceptable as refused:
        return _page(request, unit.hex, typed, refused, form="change")
    messages.success(request, _("已保存"))
    return _back(unit.hex)


@require_POST
@signed_in
@confirmed
def unit_moved(request: HttpRequest, unit: UUID) -> HttpResponse:
    typed = _typed(request, "inside")
    try:
        move_unit(actor=actor(request), at=clock.now(), unit_id=unit, inside=_id(typed["inside"], of="inside"))
    except Unacceptable as refused:
        return _page(request, unit.hex, typed, refused, form="move")
    messages.success(request, _("已移动"))
    return _back(unit.hex)


@require_POST
@signed_in
@confirmed
def post_given(request: HttpRequest) -> HttpResponse:
    typed = _typed(request, "unit", "role", "account")
    at = clock.now()
    known = {role.code: role.post_name for role in roles(actor=actor(request))}
    try:
        if typed["role"] not in known:
            raise Unacceptable("unreadable", data={"fields": {"role": "not_chosen"}, "refusals": ()})
        give_post(
            actor=actor(request),
            at=at,
            on=when.local(at).date(),
            unit_id=_id(typed["unit"]),
            role=typed["role"],
            name=known[typed["role"]],
            account_id=_id(typed["account"], of="account"),
        )
    except Unacceptable as refused:
        return _page(request, typed["unit"], typed, refused, form="post")
    messages.success(request, _("已任职"))
    return _back(typed["unit"])


@require_POST
@signed_in
@confirmed
def post_ended(request: HttpRequest, holding: int) -> HttpResponse:
    at = clock.now()
    try:
        end_post(actor=actor(request), at=at, on=when.local(at).date(), holding_id=holding)
    except Unacceptable as refused:
        return _page(request, request.POST.get("unit", ""), {}, refused, form="end")
    messages.success(request, _("已卸任"))
    return _back(request.POST.get("unit", ""))


def _typed(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in names}


def _id(text: str, of: str = "") -> UUID:
    try:
        return UUID(text)
    except ValueError:
        if not of:
            raise NotFound from None
        raise Unacceptable("unreadable", data={"fields": {of: "not_chosen"}, "refusals": ()}) from None


def _back(unit: str) -> HttpResponse:
    return redirect(f"/organisation?unit={_id(unit).hex}")


@dataclass(frozen=True, slots=True)
class _Sent:
    """What one of the forms of the page was sent with, and why it was not taken."""

    typed: Typed = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def _page(
    request: HttpRequest, unit: str, typed: Typed | None = None, refused: Unacceptable | None = None, form: str = ""
) -> HttpResponse:
    at = clock.now()
    found = spoken(tree(actor=actor(request), on=when.local(at).date()))
    chosen = next((one for one in found.units if unit and one.id.hex == unit.replace("-", "")), None)
    chosen = chosen or next(iter(found.units), None)
    sought = request.GET.get("q", "").replace("\x00", "").strip().lower()[:_LONGEST]
    sent = {form: _Sent(typed or {}, sentences.field_errors(refused) if refused else {})}
    may_edit = found.may_edit and chosen is not None
    context = {
        "frame": frame(request, "/organisation", at),
        "units": tuple(_parts(found, sought)),
        "sought": sought,
        "chosen": chosen,
        "chosen_kind": KINDS[chosen.kind] if chosen else "",
        "may_edit": may_edit,
        "keeps_sources": actor(request).may(Permission.SOURCES_EDIT),
        "unit_fields": tuple(_unit_fields(chosen, sent.get("add", _Sent()))) if chosen else (),
        "change_fields": _of("change", _change_fields(chosen, sent.get("change", _Sent()))) if chosen else (),
        "post_fields": tuple(_post_fields(request, found, sent.get("post", _Sent()))) if may_edit else (),
        "move_fields": _of("move", _move_fields(found, chosen, sent.get("move", _Sent()))) if may_edit else (),
        "root_fields": _of("root", _root_fields(sent.get("root", _Sent()))) if may_edit else (),
        "form": form if refused else "",
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "organisation/tree.html", context, status=refused.status if refused else 200)


def _of(form: str, fields: Iterator[Field]) -> tuple[Field, ...]:
    return tuple(replace(one, form=form) for one in fields)


def _parts(found: Tree, sought: str) -> Iterator[UnitPart]:
    """All of them, or those that are sought by name, sounds, code or by who holds a post there."""
    for line in found.units:
        names = (one.name for post in line.posts for one in post.holders)
        if sought and not any(sought in text.lower() for text in (line.name, line.pinyin, line.code, *names)):
            continue
        yield UnitPart(line, str(KINDS[line.kind]), bool(line.kinds_inside))


def _unit_fields(chosen: UnitLine, sent: _Sent) -> Iterator[Field]:
    public = sent.typed.get("is_public", "")
    yield _name_field(sent)
    yield _code_field(sent)
    yield _kind_field(chosen.kinds_inside, sent)
    yield Field("is_public", _("客户可以在公众页面选到"), FieldKind.FLAG, public, help=_("只有项目需要"))


def _root_fields(sent: _Sent) -> Iterator[Field]:
    yield _name_field(sent)
    yield _code_field(sent)
    yield _kind_field(ROOTS, sent)


def _name_field(sent: _Sent) -> Field:
    typed, error = sent.typed.get("name", ""), sent.errors.get("name", "")
    return Field("name", _("名称"), FieldKind.TEXT, typed, is_required=True, error=error)


def _code_field(sent: _Sent) -> Field:
    typed, error = sent.typed.get("code", ""), sent.errors.get("code", "")
    help_text = _("表格导入导出时认这个代码；不填就用名称的拼音首字母，以后可以改")
    return Field("code", _("代码"), FieldKind.TEXT, typed, help=help_text, error=error)


def _kind_field(kinds: Sequence[str], sent: _Sent) -> Field:
    choices = tuple(Choice(kind, str(KINDS[kind]), sent.typed.get("kind") == kind) for kind in kinds)
    error = sent.errors.get("kind", "")
    return Field("kind", _("种类"), FieldKind.CHOICE, choices=choices, is_required=True, error=error)


def _change_fields(chosen: UnitLine, sent: _Sent) -> Iterator[Field]:
    flags = {True: "yes", False: "no"}
    held = {
        "name": chosen.name,
        "code": chosen.code,
        "is_public": flags[chosen.is_public],
        "is_closed": flags[chosen.is_closed],
    }
    said, errors, text, flag = {**held, **sent.typed}, sent.errors, FieldKind.TEXT, FieldKind.FLAG
    yield Field("name", _("名称"), text, said["name"], is_required=True, error=errors.get("name", ""))
    help_text = _("导入导出时认这个代码")
    yield Field("code", _("代码"), text, said["code"], is_required=True, help=help_text, error=errors.get("code", ""))
    yield Field("is_public", _("客户可以在公众页面选到"), flag, said["is_public"])
    yield Field("is_closed", _("停用"), flag, said["is_closed"], help=_("停用后不再受理新的诉件，在办的照常办完"))


def _move_fields(found: Tree, chosen: UnitLine | None, sent: _Sent) -> Iterator[Field]:
    """Places where units of its kind may stand; none for a root."""
    if chosen is None or chosen.depth == 0:
        return
    places = tuple(
        Choice(one.id.hex, one.name, sent.typed.get("inside") == one.id.hex, str(KINDS[one.kind]), sought=one.pinyin)
        for one in found.units
        if chosen.kind in one.kinds_inside and one.id != chosen.id
    )
    error = sent.errors.get("inside", "")
    yield Field("inside", _("移到哪里"), FieldKind.CHOICE, choices=places, is_required=True, error=error)


def _post_fields(request: HttpRequest, found: Tree, sent: _Sent) -> Iterator[Field]:
    known = spoken(roles(actor=actor(request)))
    typed, errors, choice = sent.typed, sent.errors, FieldKind.CHOICE
    role = typed.get("role", request.GET.get("role", ""))
    slots = tuple(Choice(one.code, one.name, role == one.code, one.of) for one in known)
    people = tuple(
        Choice(one.id.hex, f"{one.name}（{one.login}）", typed.get("account") == one.id.hex, sought=one.pinyin)
        for one in found.people
    )
    yield Field("role", _("岗位"), choice, choices=slots, is_required=True, error=errors.get("role", ""))
    yield Field("account", _("由谁担任"), choice, choices=people, is_required=True, error=errors.get("account", ""))
