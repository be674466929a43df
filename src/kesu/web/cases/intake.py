"""Staff register what reached them by telephone, visit, letter or mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kesu.access.likeness import AlikeCase
from kesu.access.openings import IntakePage, OpeningForm
from kesu.commands.arrivals.take_call import take_call
from kesu.commands.cases.register_case import register_case
from kesu.core import clock
from kesu.core.errors import NotFound, NotNow, Overtaken, Refused, Unacceptable
from kesu.core.masking import dialled_phone
from kesu.policy.model.facts import FactType
from kesu.queries.arrivals.known_numbers import KnownNumber, known_numbers
from kesu.queries.arrivals.mail_list import waiting_mails
from kesu.queries.arrivals.mail_page import filled_from
from kesu.queries.cases.find_case import find_case
from kesu.queries.cases.intake import intake_page, is_registered, opening_form
from kesu.queries.cases.preview import Preview, preview_opening
from kesu.queries.customers.calls_before import calls_before
from kesu.queries.customers.known_callers import Caller, known_callers
from kesu.queries.work.calls import recent_calls
from kesu.web import sentences, subjects, when
from kesu.web.cases.drawing import lacking, reasons, refs_by_id
from kesu.web.cases.likely import with_proposals
from kesu.web.cases.live import live
from kesu.web.cases.mail_in import MAIL, KeptMail, filled, filled_from_mail, kept_mail, mail_part, original, with_kept
from kesu.web.cases.page import shown_case
from kesu.web.customers.labels import KINDS
from kesu.web.forms import FIELDS, PART, Given, Read, draw, identifier, read_form
from kesu.web.heard import NAME, heard_at
from kesu.web.matters.alike import alike_parts
from kesu.web.openings import chosen, drawn_fields, drawn_form, form_token
from kesu.web.session import actor, signed_in
from kesu.web.when import for_field
from kesu.web.words import spoken

_SAME: Final = "same_as"
_LOOKED: Final = "looked"
"""What was put before whoever fills the form: cases by their identifiers."""
_LONGEST_NUMBER: Final = 40
_MAIL_ID: Final = "from_mail"
_MAIL_NAME: Final = "mail_name"
_MAIL_KEPT: Final = "mail_kept"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def intake_view(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    form = _sent_form(request, at)
    if form is None:
        page = _page_of(request, at)
        return _draw(request, page, at, _called_from(request, page.form) or _written_in(request, page.form), {}, None)
    read = _read(request, form)
    kept = kept_mail(form.fields, read.uploads)
    if request.POST.get(PART) == FIELDS:  # nobody's script ran: the whole page
        return _draw(request, _page_of(request, at), at, read.typed, {}, None, kept)
    if request.POST.get(PART) == MAIL:
        return _draw(request, _page_of(request, at), at, _with_mail(read, form), {}, None, kept)
    try:
        if read.errors:
            raise Unacceptable("unreadable")
        first = _to_look_at(request, form, read, at)
        if first:
            return _draw(request, _page_of(request, at), at, read.typed, {}, None, kept, first)
        case_id = _register(request, form, read, at)
    except (NotNow, Overtaken, Unacceptable) as refused:
        errors = {**sentences.field_errors(refused), **read.errors}
        return _draw(request, _page_of(request, at), at, read.typed, errors, refused, kept)
    return shown_case(request, case_id, "?new")


@signed_in
@require_POST
def intake_preview_view(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    form = _sent_form(request, at)
    if form is None:
        raise NotFound
    read = _read(request, form)
    if request.POST.get(PART) == FIELDS:
        return render(request, "cases/_depending_fields.html", _depending(form, read.typed))
    if request.POST.get(PART) == MAIL:
        return mail_part(request, form.fields, read.uploads, form.title_fact)
    found = _preview(request, form, read, at)
    drawn = draw(form.fields, {}, {})
    context = {
        "live": live(found, at),
        "proposed": [field for field in with_proposals(drawn, found.likely) if field.proposals],
        **_alike(request, found, _known(request, form, read)),
        "callers": tuple(_callers(request, form)),
        "before": _before(request, at),
        "says_below": True,
        "name_field": _beside_number(request),
        "room_field": f"f-{form.place_fact}" if form.place_fact else "",
    }
    return render(request, "cases/_live.html", context)


def _known(request: HttpRequest, form: OpeningForm, read: Read) -> tuple[KnownNumber, ...]:
    return spoken(known_numbers(actor=actor(request), unit_id=form.unit_id, kind=form.kind, given=read.given))


def _alike(request: HttpRequest, found: Preview | None, known: Sequence[KnownNumber]) -> dict[str, Any]:
    """What may be the same report, and the sign that it was shown."""
    same = found.same if found else ()
    return {
        "same": alike_parts(same),
        "may_join": found is not None and found.may_join,
        "same_name": _SAME,
        "same_chosen": _same(request),
        "known": known,
        "looked_name": _LOOKED,
        "looked": _shown((*known, *same)),
    }


def _shown(cases: Iterable[KnownNumber | AlikeCase]) -> str:
    """`-` for those that are out of sight, and where there are none."""
    return " ".join(dict.fromkeys(one.id.hex if one.id else "-" for one in cases)) or "-"


def _to_look_at(request: HttpRequest, form: OpeningForm, read: Read, at: datetime) -> dict[str, Any]:
    """What whoever registers has not been shown yet, and should see before: a number that is known, and where no script
    put it beside the form, cases that may be about the same thing."""
    if _same(request):
        return {}
    known, looked = _known(request, form, read), request.POST.getlist(_LOOKED)
    found = None if looked else _preview(request, form, read, at)
    shown = _alike(request, found, known)
    is_new = set(str(shown["looked"]).split()) - {part for text in looked for part in text.split()}
    asks = (known or shown["same"]) and is_new and not is_registered(**_said(request, form, read, at))
    return shown if asks else {}


def _preview(request: HttpRequest, form: OpeningForm, read: Read, at: datetime) -> Preview:
    names = {f.code: tuple(request.POST.getlist(f.code)) for f in form.fields if request.POST.getlist(f.code)}
    found = preview_opening(
        actor=actor(request),
        at=at,
        happened_at=heard_at(request, at, strict=False),
        unit_id=form.unit_id,
        kind=form.kind,
        subject=form.subject,
        given={**names, **read.given},
    )
    return spoken(found)


def _same(request: HttpRequest) -> str:
    """The case that was chosen as being about the same thing: what stands last in the form was said last."""
    return (request.POST.getlist(_SAME) or [""])[-1]


def _callers(request: HttpRequest, form: OpeningForm) -> Iterator[tuple[Caller, str]]:
    """Customers who have a number that was typed, with the words for their kind."""
    for caller in known_callers(actor=actor(request), numbers=_numbers(request), unit_id=form.unit_id):
        yield caller, str(KINDS[caller.kind])


def _before(request: HttpRequest, at: datetime) -> Mapping[str, Any]:
    """What the numbers that were typed were registered with before: headings with their lines, and how many more."""
    found = calls_before(actor=actor(request), numbers=_numbers(request))
    parts = ((_("正在办"), found.open, found.more_open), (_("办完的"), found.past, found.more_past))
    return {
        "count": len(found.open) + found.more_open + len(found.past) + found.more_past,
        "parts": [
            (title, [(one, when.when(one.received_at, at)) for one in lines], more) for title, lines, more in parts
        ],
    }


def _numbers(request: HttpRequest) -> list[str]:
    return [text for name in request.POST if name.endswith(".phone") for text in request.POST.getlist(name)]


def _beside_number(request: HttpRequest) -> str:
    """The field for the name of whoever calls from the number that was typed; nothing where several were typed."""
    named = [name for name in request.POST if name.endswith(".phone") and "".join(request.POST.getlist(name)).strip()]
    return f"f-{named[0].removesuffix('.phone')}.name" if len(named) == 1 else ""


def _depending(form: OpeningForm, typed: Given) -> Mapping[str, Any]:
    address = {"preview_url": reverse("case-new-preview"), "form_id": "intake-form"}
    return {**drawn_fields(form, typed, {}).context, **address, "mail_field": original(form.fields)}


def _with_mail(read: Read, form: OpeningForm) -> Given:
    return filled(read.typed, form.fields, read.uploads, form.title_fact)


def _called_from(request: HttpRequest, form: OpeningForm | None) -> Given:
    """The number of a call that rings on his line, or that a telephone exchange writes into the address."""
    number = _ringing(request) or request.GET.get("phone", "").strip()[:_LONGEST_NUMBER]
    person = next((one.code for one in form.fields if one.type is FactType.PERSON), "") if form else ""
    return {f"{person}.phone": (number,)} if number and person else {}


def _written_in(request: HttpRequest, form: OpeningForm | None) -> Given:
    """What the mail says from which somebody registers."""
    mail = identifier(request.GET.get(_MAIL_ID, ""))
    found = filled_from(actor=actor(request), mail_id=mail) if mail is not None and form is not None else None
    if found is None or form is None:
        return {}
    fixed = {code: (text,) for code, text in found.fixed.items()}
    return {**filled_from_mail(found.mail, form.fields, form.title_fact), **fixed, NAME: (for_field(found.at),)}


def _ringing(request: HttpRequest) -> str:
    """A call of yesterday, or of another's line, leads to the empty form."""
    call = identifier(request.GET.get("call", ""))
    if call is None or request.method != "GET":
        return ""
    try:
        return dialled_phone(take_call(actor=actor(request), at=clock.now(), call_id=call))
    except NotFound:
        return ""


def _sent_form(request: HttpRequest, at: datetime) -> OpeningForm | None:
    """None where nothing is sent, or nothing may be."""
    if request.method != "POST":
        return None
    unit, kind = request.POST.get("unit", ""), request.POST.get("kind", "")
    if not unit or not kind:
        return _page_of(request, at).form
    return opening_form(actor=actor(request), at=at, unit=unit, kind=kind, subject=subjects.read(request.POST))


def _page_of(request: HttpRequest, at: datetime) -> IntakePage:
    return spoken(intake_page(actor=actor(request), at=at, **chosen(request)))


def _read(request: HttpRequest, form: OpeningForm) -> Read:
    read = read_form(request, form.fields, lambda number: find_case(actor=actor(request), number=number))
    return with_kept(read, form.fields, request.POST.get(_MAIL_NAME, ""), request.POST.get(_MAIL_KEPT, ""))


def _register(request: HttpRequest, form: OpeningForm, read: Read, at: datetime) -> UUID:
    return register_case(**_said(request, form, read, at), same_as=identifier(_same(request)))


def _said(request: HttpRequest, form: OpeningForm, read: Read, at: datetime) -> dict[str, Any]:
    return {
        "actor": actor(request),
        "at": at,
        "happened_at": heard_at(request, at),
        "unit_id": form.unit_id,
        "kind": form.kind,
        "given": read.given,
        "uploads": read.uploads,
        "token": form_token(request),
        "subject": subjects.read(request.POST),
        "mail_id": identifier(request.POST.get(_MAIL_ID, "")),
    }


def _draw(
    request: HttpRequest,
    page: IntakePage,
    at: datetime,
    typed: Given,
    errors: Mapping[str, str],
    refused: Refused | None,
    kept: KeptMail | None = None,
    first: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:
    """`first`: what is to be looked at before it is registered."""
    form = page.form
    found = refused.data.get("refusals", ()) if refused else ()
    drawn = drawn_form(request, reverse("case-new"), page, at, typed, errors)
    context = {
        **drawn,
        "same_name": _SAME,
        "same_chosen": _same(request),
        "mail_field": original(form.fields) if form else "",
        "is_refused": refused is not None,
        "refused_title": sentences.reason(refused) if refused else "",
        "refused_says": reasons(found, refs_by_id(form.policy_hash, form.clause_names)) if form else (),
        "refused_lines": lacking(found),
        "asks_to_look": bool(first),
        "kept_mail": kept,
        "mail_id": identifier(request.POST.get(_MAIL_ID, "") or request.GET.get(_MAIL_ID, "")),
        "mails_waiting": waiting_mails(actor=actor(request)),
        "recent_calls": recent_calls(actor=actor(request), at=at) if drawn["frame"].has_line else (),
        **first,
    }
    return render(request, "cases/intake.html", context, status=refused.status if refused else 200)
