"""施行制度: a pack of the library is proposed for a place, with its figures, its hours and those who are to sign it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kesu.access.permissions import Permission
from kesu.commands.policies.adopt_pack import Offer, adopt_pack
from kesu.commands.policies.propose_policy import Wanted, propose_policy
from kesu.core import clock
from kesu.core.errors import NotFound, Unacceptable
from kesu.policy.calendar.official import WorkingHours
from kesu.queries.policies.offers import FigureLine, OfferPage, offer_page, offers
from kesu.web import sentences, when
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.joining import strung
from kesu.web.marks import ClauseRef
from kesu.web.people.confirm import confirmed
from kesu.web.policies.charter import charter_view
from kesu.web.policies.in_force import said_in_force
from kesu.web.policies.lacking import lacks
from kesu.web.policies.reading import slot_name
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_WEEK: Final = range(1, 8)
_FIGURE, _SIGNATURE = "figure.", "signature."
_BETWEEN: Final = "、"
_CHOSEN: Final = ("choice", "moment")
_TREE: Final = "tree"


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
    page = spoken(offer_page(actor=actor(request), at=at, on=when.local(at).date(), pack_code=code, unit_id=unit_id))
    if request.method != "POST":
        return _draw(request, page, None)
    try:
        return _proposed(request, page, at) if page.signatures else _adopted(request, page, at)
    except Unacceptable as refused:
        return _draw(request, page, refused)


def _proposed(request: HttpRequest, page: OfferPage, at: datetime) -> HttpResponse:
    wanted = Wanted(
        unit_id=page.unit,
        offer=_typed(request, page),
        hours=_hours(request),
        signers={slot: _account(request.POST.get(_SIGNATURE + slot, "")) for slot in page.signatures},
        since=request.POST.get("since", ""),
        subject=request.POST.get("subject", ""),
    )
    found = propose_policy(actor=actor(request), at=at, on=when.local(at).date(), wanted=wanted)
    messages.success(request, _("已提出，还没有施行：由各人自己依次签，最后一人签完就施行"))
    return redirect("proposal", found)


def _adopted(request: HttpRequest, page: OfferPage, at: datetime) -> HttpResponse:
    """Nobody has to sign it."""
    adopted = adopt_pack(
        actor=actor(request),
        at=at,
        unit_id=page.unit,
        pack=_typed(request, page),
        calendar=_hours(request),
        signatures={},
        since=request.POST.get("since", ""),
        subject=request.POST.get("subject", ""),
    )
    messages.success(request, _in_force(request, page, at))
    return redirect("policy", adopted)


def _typed(request: HttpRequest, page: OfferPage) -> Offer:
    return Offer(page.code, {one.code: _set(request, one.code) for one in page.figures})


def _account(text: str) -> UUID | None:
    """Nobody, where the page offered nobody of that name."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _set(request: HttpRequest, code: str) -> str:
    """What was written for a parameter; what was ticked of a list, joined."""
    return _BETWEEN.join(text.strip() for text in request.POST.getlist(_FIGURE + code) if text.strip())


def _in_force(request: HttpRequest, page: OfferPage, at: datetime) -> SafeString:
    since = request.POST.get("since", "").strip()
    place = next(name for unit, name in page.places if unit == page.unit)
    subject = " ".join(request.POST.get("subject", "").split())
    return said_in_force(f"{page.title} {page.version}", place, subject, since, at, has_table=True)


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
        "signatures": tuple(_signer_field(page, slot, typed) for slot in page.signatures),
        "refused": sentences.reason(refused) if refused else "",
        "lacks": tuple(lacks(refused, _clauses_by_name(page))) if refused else (),
        "empty": sum(not slot.holders for slot in page.slots),
        "may_see_people": actor(request).may(Permission.PEOPLE_EDIT),
        "too_few": max(0, len(page.signatures) - len(page.people)),
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
        yield Field(
            _FIGURE + one.code,
            one.name,
            _kind(one),
            written.replace(_BETWEEN, "\n") if one.type == _TREE else written,
            choices=tuple(Choice(option.value, option.label, option.value in chosen) for option in one.options),
            is_required=not one.value,
            help=strung(filter(None, (_serving(one), one.unclear, _bounds(one), _list_help(one)))),
            error=strung(filter(None, (errors[one.code], _bounds(one)))) if one.code in errors else "",
            clauses=_refs(one.clauses),
        )


def _kind(one: FigureLine) -> FieldKind:
    if one.type == _TREE:
        return FieldKind.TEXTAREA
    return FieldKind.TEXT if not one.options else FieldKind.CHOICE if one.type in _CHOSEN else FieldKind.CHOICES


def _list_help(one: FigureLine) -> str:
    if one.type == _TREE:
        return _("一行一条，从最上一级写到最下一级，例如：房屋质量/渗漏/屋面")
    return _("几项用顿号隔开") if one.type == "list" and not one.options else ""


def _serving(one: FigureLine) -> str:
    """What serves now, where the version on offer says something else."""
    if one.kept_over:
        return _("沿用现行的；这一版写的是 %(value)s") % {"value": one.kept_over}
    return _("现行的是 %(value)s，这一版不能再这样定") % {"value": one.lost} if one.lost else ""


def _bounds(one: FigureLine) -> str:
    """Stands beside the error too, which takes the place of the help."""
    if one.least and one.most:
        return _("%(least)s 至 %(most)s") % {"least": one.least, "most": one.most}
    if one.least:
        return _("不小于 %(least)s") % {"least": one.least}
    return _("不大于 %(most)s") % {"most": one.most} if one.most else ""


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


def _clauses_by_name(page: OfferPage) -> dict[str, tuple[ClauseRef, ...]]:
    cited = [(one.name, one.clauses) for one in page.slots] + [(one.name, one.clauses) for one in page.figures]
    return {name: _refs(clauses) for name, clauses in cited}


def _signer_field(page: OfferPage, slot: str, typed: Mapping[str, str]) -> Field:
    chosen = typed.get(_SIGNATURE + slot, "")
    people = tuple(
        Choice(one.id.hex, f"{one.name}（{one.login}）", chosen == one.id.hex, sought=one.pinyin) for one in page.people
    )
    return Field(_SIGNATURE + slot, slot_name(slot), FieldKind.CHOICE, choices=people)
