"""One customer: the page, and what may be done on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kesu.commands.customers.add_purchase import add_purchase
from kesu.commands.customers.change_customer import change_customer
from kesu.commands.customers.end_room import end_room
from kesu.commands.customers.erase_customer import erase_customer
from kesu.commands.customers.export_customer import export_customer
from kesu.commands.customers.give_consent import give_consent
from kesu.commands.customers.join_customers import join_customers
from kesu.commands.customers.link_room import link_room
from kesu.commands.customers.part_customers import part_customers
from kesu.commands.customers.show_customer import show_customer
from kesu.commands.customers.tell_apart import tell_apart
from kesu.commands.customers.withdraw_consent import withdraw_consent
from kesu.core import clock
from kesu.core.errors import NotFound, Unacceptable
from kesu.queries.customers.customer_page import customer_page
from kesu.web import when
from kesu.web.customers.drawing import drawn
from kesu.web.customers.forms import typed_person
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, signed_in


@require_safe
@signed_in
def customer_view(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    page = customer_page(actor=actor(request), customer_id=customer_id)
    if page.id != customer_id:
        return redirect("customer-page", page.id)
    return render(request, "customers/page.html", drawn(request, page))


@require_POST
@signed_in
def customer_shown(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The page with everything in clear, and the form that changes it; it is on record who had it shown."""
    shown = show_customer(actor=actor(request), at=clock.now(), customer_id=customer_id)
    page = customer_page(actor=actor(request), customer_id=customer_id)
    return render(request, "customers/page.html", drawn(request, page, shown=shown))


@require_POST
@signed_in
def customer_changed(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    typed = typed_person(request)
    return _done(
        request,
        customer_id,
        "person",
        typed,
        _("已保存"),
        lambda: change_customer(actor=actor(request), at=clock.now(), customer_id=customer_id, given=typed),
    )


@require_POST
@signed_in
def room_linked(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    typed = _typed(request, "project", "room", "relation")
    return _done(
        request,
        customer_id,
        "room",
        typed,
        _("已关联"),
        lambda: link_room(
            actor=actor(request),
            at=clock.now(),
            customer_id=customer_id,
            project=typed["project"],
            room=typed["room"],
            kind=typed["relation"],
        ),
    )


@require_POST
@signed_in
def room_ended(request: HttpRequest, customer_id: UUID, link: int) -> HttpResponse:
    end_room(actor=actor(request), at=clock.now(), on=_today(), customer_id=customer_id, link=link)
    messages.success(request, _("已解除"))
    return redirect("customer-page", customer_id)


@require_POST
@signed_in
def purchase_added(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    typed = _typed(request, "bought_on", "place", "amount", "contract")
    return _done(
        request,
        customer_id,
        "purchase",
        typed,
        _("已记下"),
        lambda: add_purchase(actor=actor(request), at=clock.now(), customer_id=customer_id, given=typed),
    )


@require_POST
@signed_in
def consent_given(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    typed = _typed(request, "purpose", "how", "given_on")
    return _done(
        request,
        customer_id,
        "consent",
        typed,
        _("已记下"),
        lambda: give_consent(actor=actor(request), at=clock.now(), customer_id=customer_id, **typed),
    )


@require_POST
@signed_in
def consent_withdrawn(request: HttpRequest, customer_id: UUID, consent: int) -> HttpResponse:
    withdraw_consent(
        actor=actor(request),
        at=clock.now(),
        on=_today(),
        customer_id=customer_id,
        consent=consent,
        how=request.POST.get("how", ""),
    )
    messages.success(request, _("已撤回"))
    return redirect("customer-page", customer_id)


@require_POST
@signed_in
def customer_joined(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    other = _other(request)
    return _done(
        request,
        customer_id,
        "join",
        {},
        _("已合并"),
        lambda: join_customers(actor=actor(request), at=clock.now(), customer_id=customer_id, other_id=other),
    )


@require_POST
@signed_in
def customer_told_apart(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    other = _other(request)
    return _done(
        request,
        customer_id,
        "apart",
        {},
        _("已记下"),
        lambda: tell_apart(actor=actor(request), at=clock.now(), customer_id=customer_id, other_id=other),
    )


@require_POST
@signed_in
def customer_parted(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    part_customers(actor=actor(request), at=clock.now(), customer_id=customer_id, other_id=_other(request))
    messages.success(request, _("已撤销合并"))
    return redirect("customer-page", customer_id)


@require_POST
@signed_in
@confirmed
def customer_exported(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Everything that the house keeps of him, as JSON; on record before it is handed out."""
    at = clock.now()
    told = export_customer(actor=actor(request), at=at, customer_id=customer_id)
    content = json.dumps(told, ensure_ascii=False, indent=1)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    name = f"{_('客户资料')}-{when.local(at).date().isoformat()}.json"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@require_POST
@signed_in
@confirmed
def customer_erased(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    is_certain = request.POST.get("certain") == "yes"
    return _done(
        request,
        customer_id,
        "erase",
        {},
        _("个人信息已抹去"),
        lambda: erase_customer(actor=actor(request), at=clock.now(), customer_id=customer_id, is_certain=is_certain),
    )


def _done(
    request: HttpRequest,
    customer_id: UUID,
    form: str,
    typed: Mapping[str, str],
    said: str,
    act: Callable[[], object],
) -> HttpResponse:
    """Does it and leads back; where it is refused, the page again with what was typed in its form."""
    try:
        act()
    except Unacceptable as refused:
        page = customer_page(actor=actor(request), customer_id=customer_id)
        context = drawn(request, page, form=form, typed=typed, refused=refused)
        return render(request, "customers/page.html", context, status=refused.status)
    messages.success(request, said)
    return redirect("customer-page", customer_id)


def _typed(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in names}


def _other(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("other", ""))
    except ValueError:
        raise NotFound from None


def _today() -> date:
    return when.local(clock.now()).date()
