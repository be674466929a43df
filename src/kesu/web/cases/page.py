"""The case page and its live parts, the composer, the shown telephone number."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kesu.access.permissions import Permission
from kesu.access.sight.item import Lane
from kesu.commands.cases.add_note import add_note
from kesu.commands.cases.unmask_person import unmask_person
from kesu.core import clock
from kesu.core.errors import NotNow, Overtaken, Unacceptable
from kesu.queries.cases.case_page import CasePage, case_page
from kesu.queries.cases.find_case import is_in_sight
from kesu.queries.cases.message_wording import message_wording
from kesu.queries.matters.alike import alike_to
from kesu.web import sentences
from kesu.web.cases.letters import ReminderPart, reminder_parts
from kesu.web.cases.showing import CaseParts, show
from kesu.web.forms import moment
from kesu.web.fragments import fragment
from kesu.web.ledgers.drawing import account_parts
from kesu.web.links import case_url
from kesu.web.matters.alike import alike_parts
from kesu.web.public.answers import FORM_TOKEN
from kesu.web.publications.drawing import published_parts
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

LIST = "/cases"
"""The rail's entry that the pages of a case belong to."""


def page_context(request: HttpRequest, case_id: UUID, at: datetime) -> dict[str, Any]:
    """What the case page prints, whatever stands in its middle column."""
    page = spoken(case_page(actor=actor(request), at=at, case_id=case_id))
    return {
        "frame": frame(request, LIST, at),
        "case": _shown(request, page, at),
        "page": page,
        "accounts": account_parts(page.policy_hash, page.accounts, at),
        "published": published_parts(page.policy_hash, page.publications),
        "sees_ledgers": actor(request).may(Permission.LEDGER_READ),
        "writes": request.GET.get("write", ""),
        "is_new": "new" in request.GET,
        "text": "",
        "text_error": "",
        "reminders": (),
        "told_of": "",
        "drawn_at": at.isoformat(),
    }


def shown_case(request: HttpRequest, case_id: UUID, more: str = "") -> HttpResponse:
    """Back to the case; to the list where it was just moved or made confidential and he sees it no more."""
    if is_in_sight(actor=actor(request), case_id=case_id):
        return redirect(f"{case_url(case_id)}{more}")
    messages.success(request, _("这一件现在由别人办，您不再看得到：它移交到了别处，或按制度保密"))
    return redirect("case-list")


def lane_of(request: HttpRequest) -> Lane:
    chosen = request.GET.get("show", "")
    return Lane(chosen) if chosen in set(Lane) else Lane.ALL


def _shown(request: HttpRequest, page: CasePage, at: datetime) -> CaseParts:
    return show(page, at, lane_of(request), whole="whole" in request.GET)


@signed_in
@require_safe
def case_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    context = page_context(request, case_id, clock.now())
    page = context["page"]
    context |= joining_context(request, page, request.GET.get("number", ""))
    return render(request, "cases/page.html", context)


def joining_context(request: HttpRequest, page: CasePage, number: str, other: str = "") -> dict[str, Any]:
    """What may be joined to it: the cases that are put forward, and what was typed or chosen."""
    is_offered = page.rights.join and not page.is_final
    alike = alike_parts(spoken(alike_to(actor=actor(request), case_id=page.id))) if is_offered else ()
    suggested = bool(number) and any(one.number == number for one in alike)
    return {"alike": alike, "join_number": number, "join_other": other, "join_suggested": suggested}


@signed_in
@require_safe
def panel_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The column of steps and obligations, with the head and the level that change along with it."""
    at = clock.now()
    page = spoken(case_page(actor=actor(request), at=at, case_id=case_id))
    return fragment(request, "cases/_panel_live.html", {"case": show(page, at), "page": page})


@signed_in
@require_safe
def timeline_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    at = clock.now()
    page = spoken(case_page(actor=actor(request), at=at, case_id=case_id))
    return fragment(
        request,
        "cases/_timeline.html",
        {"case": _shown(request, page, at), "page": page},
    )


@signed_in
@require_POST
def note_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _write(request, case_id, "internal", _("内部记录已保存，客户看不到"))


@signed_in
@require_POST
def message_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _write(request, case_id, "sent", _("已发送给客户"))


def _write(request: HttpRequest, case_id: UUID, visibility: Literal["internal", "sent"], done: str) -> HttpResponse:
    at, text, answer_by = clock.now(), request.POST.get("text", ""), request.POST.get("answer_by", "").strip()
    reminders = _reminders(request, case_id, text) if visibility == "sent" else ()
    if reminders:
        context = page_context(request, case_id, at)
        context |= {"writes": visibility, "text": text, "reminders": reminders, "told_of": _mark(text)}
        context |= {"interim": request.POST.get("interim") == "yes", "answer_by": answer_by}
        return render(request, "cases/page.html", context)
    try:
        token = request.POST.get(FORM_TOKEN, "")
        interim = request.POST.get("interim") == "yes"
        add_note(
            actor=actor(request),
            at=at,
            case_id=case_id,
            text=text,
            visibility=visibility,
            token=token,
            is_interim=interim,
            answer_by=_day(answer_by),
            seen_at=_seen_at(request),
        )
    except (Unacceptable, NotNow, Overtaken) as refused:
        context = page_context(request, case_id, at)
        context |= {"writes": visibility, "text": text, "text_error": sentences.reason(refused), "interim": interim}
        context["answer_by"] = answer_by
        return render(request, "cases/page.html", context, status=refused.status)
    messages.success(request, done)
    return redirect("case-page", case_id)


def _day(typed: str) -> date | None:
    """Raises `Unacceptable` for what is no day."""
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Unacceptable("answer_by_wrong", data={"fields": {}, "refusals": ()}) from None


def _seen_at(request: HttpRequest) -> datetime | None:
    """When the page was drawn on which the words were written; nothing where it does not say so."""
    try:
        return moment(request.POST.get("seen_at", ""))
    except ValueError:
        return None


def _reminders(request: HttpRequest, case_id: UUID, text: str) -> tuple[ReminderPart, ...]:
    """What the policy says of these words, once: sent again as it stands, the message goes."""
    if request.POST.get("told_of") == _mark(text):
        return ()
    found = spoken(message_wording(actor=actor(request), case_id=case_id, text=text))
    return reminder_parts(found.policy_hash, found.lines)


def _mark(text: str) -> str:
    """The same for the same words, however their lines end."""
    return sha256("\n".join(text.split()).encode()).hexdigest()[:16]


@signed_in
@require_POST
def unmask_view(request: HttpRequest, case_id: UUID, seq: int, fact: str) -> HttpResponse:
    """The value in clear, once; the timeline says who had it shown."""
    at = clock.now()
    shown = unmask_person(actor=actor(request), at=at, case_id=case_id, fact=fact, seq=seq)
    if request.headers.get("HX-Request"):
        return render(request, "cases/_unmasked.html", {"shown": shown})
    context = page_context(request, case_id, at)
    return render(request, "cases/page.html", context | {"shown": shown})
