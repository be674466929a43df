"""角色和权限: what the holders of each role may see and do, and which roles fill the slots of policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.access.permissions import Permission
from kesu.commands.organisation.add_role import add_role
from kesu.commands.organisation.map_slot import map_slot
from kesu.commands.organisation.set_rights import set_rights
from kesu.core import clock
from kesu.core.errors import Overtaken, Unacceptable
from kesu.queries.organisation.rights import RoleRights, role_page, role_table
from kesu.queries.organisation.roles import roles
from kesu.queries.organisation.slots import SlotLine, slot_table
from kesu.web import sentences, when
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.joining import listed, strung
from kesu.web.people.confirm import confirmed
from kesu.web.refusals import RIGHTS
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

MODULES: Final = {
    "case": gettext_lazy("诉件"),
    "report": gettext_lazy("统计"),
    "policy": gettext_lazy("制度"),
    "house": gettext_lazy("组织"),
    "operation": gettext_lazy("运行"),
    "entry": gettext_lazy("登录"),
    "estate": gettext_lazy("房产"),
    "customer": gettext_lazy("客户"),
    "ledger": gettext_lazy("台账"),
}


@dataclass(frozen=True, slots=True)
class Module:
    """`rights`: code and what it lets one do."""

    name: str
    rights: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RoleRow:
    """`said`: the same as `ticks` in words, a line for each part of the program in which there are any."""

    role: RoleRights
    ticks: tuple[bool, ...]
    said: tuple[tuple[str, str], ...]


def modules() -> tuple[Module, ...]:
    """Every permission, by the part of the program that it opens."""
    found: dict[str, list[tuple[str, str]]] = {}
    for permission in Permission:
        found.setdefault(permission.value.partition(":")[0], []).append((permission.value, str(RIGHTS[permission])))
    return tuple(Module(str(MODULES[code]), tuple(rights)) for code, rights in found.items())


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def role_list(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    typed = {name: request.POST.get(name, "") for name in ("name", "code")}
    refused: Unacceptable | None = None
    if request.method == "POST":
        try:
            code = add_role(actor=actor(request), at=at, **typed)
            messages.success(request, _("已新建"))
            return redirect("role", code)
        except Unacceptable as fault:
            refused = fault
    known = spoken(role_table(actor=actor(request), on=when.local(at).date()))
    errors = sentences.field_errors(refused) if refused else {}
    parts = modules()
    context = {
        "frame": frame(request, "/organisation", at),
        "modules": parts,
        "rows": tuple(_row(role, parts) for role in known),
        "may_edit": actor(request).may(Permission.RIGHTS_EDIT),
        "fields": tuple(_new_role(typed, errors)),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "organisation/roles.html", context, status=refused.status if refused else 200)


def _row(role: RoleRights, parts: Sequence[Module]) -> RoleRow:
    ticks = tuple(right in role.granted for module in parts for right, _name in module.rights)
    said = ((module.name, listed(name for right, name in module.rights if right in role.granted)) for module in parts)
    return RoleRow(role, ticks, tuple((module, names) for module, names in said if names))


def _new_role(typed: dict[str, str], errors: dict[str, str]) -> Iterator[Field]:
    text, help_text = FieldKind.TEXT, _("小写字母、数字和下划线；不填则自动生成")
    yield Field("name", _("名称"), text, typed["name"], is_required=True, error=errors.get("name", ""))
    yield Field("code", _("代码"), text, typed["code"], help=help_text, error=errors.get("code", ""))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def role(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    on = when.local(at).date()
    refused: Overtaken | Unacceptable | None = None
    if request.method == "POST":
        rights, seen = set(request.POST.getlist("rights")), set(request.POST.getlist("seen"))
        try:
            set_rights(actor=actor(request), at=at, on=on, role=code, rights=rights, seen=seen)
            messages.success(request, _("已保存"))
            return redirect("role", code)
        except (Overtaken, Unacceptable) as fault:
            refused = fault
    page = spoken(role_page(actor=actor(request), on=on, role=code))
    chosen = set(request.POST.getlist("rights")) if refused else page.role.granted
    context = {
        "frame": frame(request, "/organisation", at),
        "page": page,
        "may_adopt": actor(request).may(Permission.POLICY_ADOPT),
        "modules": tuple(
            (module.name, tuple((right, name, right in chosen) for right, name in module.rights))
            for module in modules()
        ),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "organisation/role.html", context, status=refused.status if refused else 200)


@require_safe
@signed_in
def slot_list(request: HttpRequest) -> HttpResponse:
    return _slots(request, request.GET.get("slot", ""), None)


@require_POST
@signed_in
@confirmed
def slot_mapped(request: HttpRequest, slot: str) -> HttpResponse:
    try:
        map_slot(actor=actor(request), at=clock.now(), slot=slot, roles=request.POST.getlist("roles"))
    except Unacceptable as refused:
        return _slots(request, slot, refused)
    messages.success(request, _("已保存"))
    return redirect("slots")


def _slots(request: HttpRequest, chosen: str, refused: Unacceptable | None) -> HttpResponse:
    at = clock.now()
    lines = spoken(slot_table(actor=actor(request), on=when.local(at).date()))
    known = {one.code: one.name for one in spoken(roles(actor=actor(request)))}
    vacant = sum(not line.holders for line in lines)
    open_line = next((line for line in lines if line.code == chosen), None)
    context = {
        "frame": frame(request, "/organisation", at),
        "lines": tuple((line, _named(line), listed(known.get(code, code) for code in line.roles)) for line in lines),
        "vacant": _("%(count)s 个还没有人") % {"count": vacant} if vacant else "",
        "chosen": open_line,
        "field": _filling(open_line, known, refused) if open_line else None,
        "may_edit": actor(request).may(Permission.RIGHTS_EDIT),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "organisation/slots.html", context, status=refused.status if refused else 200)


def _named(line: SlotLine) -> str:
    """By which clauses of which policies."""
    return strung(f"{title} {listed(map(sentences.printed, printed))}".strip() for title, printed in line.named)


def _filling(line: SlotLine, known: dict[str, str], refused: Unacceptable | None) -> Field:
    choices = tuple(Choice(code, name, code in line.roles) for code, name in known.items())
    error = sentences.field_errors(refused).get("roles", "") if refused else ""
    help_text = _("担任这些角色的人都算在这个岗位上；一个也不选，就用同名的角色")
    return Field("roles", _("由哪些角色担任"), FieldKind.CHOICES, choices=choices, help=help_text, error=error)
