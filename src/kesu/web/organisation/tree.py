"""组织: the tree of units with their posts, and what an administrator does with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kesu.commands.organisation.add_unit import add_unit
from kesu.commands.organisation.end_post import end_post
from kesu.commands.organisation.give_post import give_post
from kesu.core import clock
from kesu.core.errors import NotFound, Unacceptable
from kesu.queries.organisation.roles import roles
from kesu.queries.organisation.tree import Tree, UnitLine, tree
from kesu.web import sentences, when
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.session import actor, frame, signed_in

KINDS: Final = {
    "group": gettext_lazy("集团"),
    "region": gettext_lazy("区域"),
    "company": gettext_lazy("公司"),
    "project": gettext_lazy("项目"),
    "department": gettext_lazy("部门"),
}
Typed = Mapping[str, str]


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
def unit_added(request: HttpRequest) -> HttpResponse:
    typed = _typed(request, "unit", "kind", "name", "is_public")
    try:
        add_unit(
            actor=actor(request),
            at=clock.now(),
            inside=_id(typed["unit"]),
            kind=typed["kind"],
            name=typed["name"],
            is_public=typed["is_public"] == "yes",
        )
    except Unacceptable as refused:
        return _page(request, typed["unit"], typed, refused)
    return _back(typed["unit"])


@require_POST
@signed_in
def post_given(request: HttpRequest) -> HttpResponse:
    typed = _typed(request, "unit", "role", "account")
    at = clock.now()
    known = {role.code: role.name for role in roles(actor=actor(request))}
    try:
        if typed["role"] not in known:
            raise Unacceptable("unreadable", data={"fields": {"role": "unknown_row"}, "refusals": ()})
        give_post(
            actor=actor(request),
            at=at,
            on=when.local(at).date(),
            unit_id=_id(typed["unit"]),
            role=typed["role"],
            name=known[typed["role"]],
            account_id=_id(typed["account"], field="account"),
        )
    except Unacceptable as refused:
        return _page(request, typed["unit"], typed, refused)
    return _back(typed["unit"])


@require_POST
@signed_in
def post_ended(request: HttpRequest, holding: int) -> HttpResponse:
    at = clock.now()
    end_post(actor=actor(request), at=at, on=when.local(at).date(), holding_id=holding)
    return _back(request.POST.get("unit", ""))


def _typed(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip() for name in names}


def _id(text: str, field: str = "") -> UUID:
    try:
        return UUID(text)
    except ValueError:
        if not field:
            raise NotFound from None
        raise Unacceptable("unreadable", data={"fields": {field: "unknown_row"}, "refusals": ()}) from None


def _back(unit: str) -> HttpResponse:
    return redirect(f"/organisation?unit={_id(unit).hex}")


def _page(
    request: HttpRequest, unit: str, typed: Typed | None = None, refused: Unacceptable | None = None
) -> HttpResponse:
    at = clock.now()
    found = tree(actor=actor(request), on=when.local(at).date())
    chosen = next((one for one in found.units if unit and one.id.hex == unit.replace("-", "")), None)
    chosen = chosen or next(iter(found.units), None)
    errors = sentences.field_errors(refused) if refused else {}
    context = {
        "frame": frame(request, "/organisation", at),
        "units": tuple(_parts(found)),
        "chosen": chosen,
        "chosen_kind": KINDS[chosen.kind] if chosen else "",
        "may_edit": found.may_edit and chosen is not None,
        "unit_fields": tuple(_unit_fields(chosen, typed or {}, errors)) if chosen else (),
        "post_fields": tuple(_post_fields(request, found, typed or {}, errors)) if found.may_edit else (),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "organisation/tree.html", context, status=refused.status if refused else 200)


def _parts(found: Tree) -> Iterator[UnitPart]:
    for line in found.units:
        yield UnitPart(line, str(KINDS[line.kind]), bool(line.kinds_inside))


def _unit_fields(chosen: UnitLine, typed: Typed, errors: Mapping[str, str]) -> Iterator[Field]:
    kinds = tuple(Choice(kind, str(KINDS[kind]), typed.get("kind") == kind) for kind in chosen.kinds_inside)
    text, choice = FieldKind.TEXT, FieldKind.CHOICE
    yield Field("name", _("名称"), text, typed.get("name", ""), is_required=True, error=errors.get("name", ""))
    yield Field("kind", _("种类"), choice, choices=kinds, is_required=True, error=errors.get("kind", ""))
    public = typed.get("is_public", "")
    yield Field("is_public", _("客户可以在公众页面选到"), FieldKind.FLAG, public, help=_("只有项目需要"))


def _post_fields(request: HttpRequest, found: Tree, typed: Typed, errors: Mapping[str, str]) -> Iterator[Field]:
    known = roles(actor=actor(request))
    slots = tuple(Choice(one.code, one.name, typed.get("role") == one.code, one.of) for one in known)
    people = tuple(
        Choice(one.id.hex, f"{one.name}（{one.login}）", typed.get("account") == one.id.hex) for one in found.people
    )
    choice, wrong = FieldKind.CHOICE, errors.get("account", "")
    yield Field("role", _("岗位"), choice, choices=slots, is_required=True, error=errors.get("role", ""))
    yield Field("account", _("由谁担任"), choice, choices=people, is_required=True, error=wrong)
