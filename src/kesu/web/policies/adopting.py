"""施行制度: a pack of the library is put in force at a place, with its figures, its slots and its signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kesu.commands.policies.adopt_pack import Offer, adopt_pack
from kesu.core import clock
from kesu.core.errors import NotFound, Unacceptable
from kesu.policy.calendar.official import WorkingHours
from kesu.queries.policies.offers import OfferPage, offer_page, offers
from kesu.web import sentences, when
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.html import html
from kesu.web.joining import strung
from kesu.web.marks import ClauseRef
from kesu.web.people.confirm import confirmed
from kesu.web.policies.charter import charter_view
from kesu.web.policies.views import SIGNATURES
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_WEEK: Final = range(1, 8)
_FIGURE, _SIGNATURE = "figure.", "signature."
_BETWEEN: Final = "、"
_CHOSEN: Final = ("choice", "moment")


@dataclass(frozen=True, slots=True)
class Lack:
    """What stands in the way, and under which clauses."""

    text: str
    clauses: tuple[ClauseRef, ...]


@require_safe
@signed_in
def offer_list(request: HttpRequest) -> HttpResponse:
    context = {"frame": frame(request, "/policies"), "lines": spoken(offers(actor=actor(request)))}
    return render(request, "policies/offers.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def offer(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    asked = request.POST if request.method == "POST" else request.GET
    unit_id = _unit(asked.get("unit", ""))
    page = spoken(offer_page(actor=actor(request), on=when.local(at).date(), pack_code=code, unit_id=unit_id))
    if request.method != "POST":
        return _draw(request, page, None)
    assert page.unit is not None
    try:
        adopted = adopt_pack(
            actor=actor(request),
            at=at,
            unit_id=page.unit,
            pack=Offer(page.code, {one.code: _set(request, one.code) for one in page.figures}),
            calendar=_hours(request),
            signatures={slot: request.POST.get(_SIGNATURE + slot, "") for slot in page.signatures},
            since=request.POST.get("since", ""),
            subject=request.POST.get("subject", ""),
        )
    except Unacceptable as refused:
        return _draw(request, page, refused)
    messages.success(request, _in_force(request, page, at))
    return redirect("policy", adopted)


def _set(request: HttpRequest, code: str) -> str:
    """What was written for a parameter; what was ticked of a list, joined."""
    return _BETWEEN.join(text.strip() for text in request.POST.getlist(_FIGURE + code) if text.strip())


def _in_force(request: HttpRequest, page: OfferPage, at: datetime) -> SafeString:
    """What is in force now, or will be: where, for what, from when; and the way to the table of all of it."""
    since = request.POST.get("since", "").strip()
    place = next(name for unit, name in page.places if unit == page.unit)
    subject = " ".join(request.POST.get("subject", "").split())
    said = {
        "title": page.title,
        "version": page.version,
        "where": _("%(unit)s（%(subject)s）") % {"unit": place, "subject": subject} if subject else place,
        "at": since or when.stamp(at),
    }
    if since:
        told = _("%(title)s %(version)s 将在%(where)s施行，从 %(at)s 起") % said
    else:
        told = _("%(title)s %(version)s 已在%(where)s施行，从 %(at)s 起") % said
    return html('{} <a href="{}">{}</a>', told, reverse("adoptions"), _("看制度适用表"))


def _unit(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _hours(request: HttpRequest) -> WorkingHours:
    periods = tuple(request.POST.get("periods", "").replace("，", " ").replace(",", " ").split())
    workdays = tuple(day for day in _WEEK if str(day) in request.POST.getlist("workdays"))
    usual = WorkingHours()
    return WorkingHours(periods=periods or usual.periods, workdays=workdays or usual.workdays)


def _draw(request: HttpRequest, page: OfferPage, refused: Unacceptable | None) -> HttpResponse:
    errors = sentences.field_errors(refused) if refused else {}
    typed = request.POST if request.method == "POST" else {}
    context: dict[str, Any] = {
        "frame": frame(request, "/policies"),
        "page": page,
        "charter": charter_view(page.charter),
        "figures": tuple(_figures(request, page, typed, errors)),
        "slots": tuple((slot, _refs(slot.clauses)) for slot in page.slots),
        "hours": tuple(_hour_fields(request, typed, errors)),
        "since": Field(
            "since",
            _("从哪天起施行"),
            FieldKind.DATE,
            typed.get("since", ""),
            help=_("不填：从现在起。施行前受理的诉件仍按原来的制度办"),
            error=errors.get("since", ""),
        ),
        "subject": Field(
            "subject",
            _("限于哪一类事项"),
            FieldKind.TEXT,
            typed.get("subject", ""),
            help=_subject_help(page),
            error=errors.get("subject", ""),
        ),
        "signatures": tuple(
            Field(_SIGNATURE + slot, str(SIGNATURES.get(slot, slot)), FieldKind.TEXT, typed.get(_SIGNATURE + slot, ""))
            for slot in page.signatures
        ),
        "refused": sentences.reason(refused) if refused else "",
        "lacks": tuple(_lacks(page, refused)) if refused else (),
        "empty": sum(not slot.holders for slot in page.slots),
    }
    return render(request, "policies/offer.html", context, status=refused.status if refused else 200)


def _subject_help(page: OfferPage) -> str:
    said = _("不填：没有单列的所有事项。填了，登记时选这一类的诉件才按它办，例如：工程质量")
    known = _("；已有：%(subjects)s") % {"subjects": _("、").join(page.subjects)} if page.subjects else ""
    return f"{said}{known}"


def _figures(
    request: HttpRequest, page: OfferPage, typed: Mapping[str, str], errors: Mapping[str, str]
) -> Iterator[Field]:
    for one in page.figures:
        written = _set(request, one.code) if typed else one.value
        chosen = set(written.split(_BETWEEN)) if one.type == "list" else {written}
        is_listed = one.type == "list" and not one.options
        yield Field(
            _FIGURE + one.code,
            one.name,
            FieldKind.TEXT if not one.options else FieldKind.CHOICE if one.type in _CHOSEN else FieldKind.CHOICES,
            written,
            choices=tuple(Choice(option.value, option.label, option.value in chosen) for option in one.options),
            is_required=not one.value,
            help=strung(filter(None, (one.unclear, _("几项用顿号隔开") if is_listed else ""))),
            error=errors.get(one.code, ""),
            clauses=_refs(one.clauses),
        )


def _hour_fields(request: HttpRequest, typed: Mapping[str, str], errors: Mapping[str, str]) -> Iterator[Field]:
    usual = WorkingHours()
    periods = typed.get("periods", " ".join(usual.periods))
    help_text = _("每天的工作时段，几段用空格隔开；节假日和调休按国家公布的安排")
    yield Field("periods", _("工作时间"), FieldKind.TEXT, periods, help=help_text, error=errors.get("periods", ""))
    chosen = request.POST.getlist("workdays") if request.method == "POST" else [str(day) for day in usual.workdays]
    days = tuple(Choice(str(day), when.weekday_name(day), str(day) in chosen) for day in _WEEK)
    yield Field("workdays", _("工作日"), FieldKind.CHOICES, choices=days)


def _refs(clauses: tuple[tuple[str, str], ...]) -> tuple[ClauseRef, ...]:
    """Not in the books yet: a number without a sentence to unfold."""
    return tuple(ClauseRef("", printed, printed) for printed in dict.fromkeys(printed for printed, _text in clauses))


def _lacks(page: OfferPage, refused: Unacceptable) -> Iterator[Lack]:
    by_name = {one.name: one.clauses for one in page.slots} | {one.name: one.clauses for one in page.figures}
    for what, name, _clauses in refused.data.get("problems", ()):
        words = {
            "slot_empty": _("岗位“%(name)s”还没有人"),
            "figure_unset": _("“%(name)s”还没有定"),
            "signature_missing": _("缺“%(name)s”的签名"),
            "signed_twice": _("同一个人签了两处：%(name)s"),
            "signer_unknown": _("“%(name)s”不是本单位的人，不能签"),
            "policy_draft": _("《%(name)s》还是草案，只能试办；请用定稿的一版"),
            "policy_superseded": _("《%(name)s》已经废止；请用现行的一版"),
            "too_early": _("制度自己写明 %(name)s 起施行，请把施行日定在那天或以后"),
            "too_late": _("制度自己写明到 %(name)s 为止，请用新的一版"),
            "overlay_on_nothing": _("%(name)s用的是上级单位的制度，叠加要在采用主制度的那一级施行"),
            "rules_apart": _("和在那里施行的别的制度合不到一起：%(name)s"),
        }
        shown = str(SIGNATURES.get(name, name)) if what == "signature_missing" else name
        yield Lack(words[what] % {"name": shown}, _refs(by_name.get(name, ())))
