"""证件: the papers of one person that policies ask for, and the form that records one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.commands.people.add_credential import MAX_PROOF, add_credential
from kesu.commands.people.remove_credential import remove_credential
from kesu.commands.people.take_out_proof import take_out_proof
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.core.importing import read_day
from kesu.core.uploads import Upload
from kesu.queries.people.credentials import CredentialBook, credential_book
from kesu.queries.people.person_page import person_page
from kesu.web import sentences, when
from kesu.web.downloads import handed_out
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_NAMES: Final = ("kind", "number", "valid_until")
_ENDINGS: Final = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def credential_list(request: HttpRequest, account: UUID) -> HttpResponse:
    """A form sent here records a paper."""
    at = clock.now()
    typed = {name: request.POST.get(name, "") for name in _NAMES}
    if request.method != "POST":
        return _page(request, account, {})
    try:
        add_credential(
            actor=actor(request),
            at=at,
            on=when.local(at).date(),
            account_id=account,
            kind=typed["kind"],
            number=typed["number"],
            valid_until=_day(typed["valid_until"]),
            proof=_proof(request),
        )
    except Unacceptable as refused:
        return _page(request, account, typed, sentences.field_errors(refused), sentences.reason(refused))
    messages.success(request, _("证件已登记"))
    return redirect("credentials", account)


@require_POST
@signed_in
@confirmed
def removed(request: HttpRequest, credential: UUID) -> HttpResponse:
    whose = remove_credential(actor=actor(request), at=clock.now(), credential_id=credential)
    messages.success(request, _("已删除"))
    return redirect("credentials", whose)


@signed_in
@require_safe
def proof(request: HttpRequest, credential: UUID) -> HttpResponse:
    found = take_out_proof(actor=actor(request), at=clock.now(), credential_id=credential)
    name = _("证件") + _ENDINGS.get(found.media_type, "")
    return handed_out(name, found.media_type, found.content)


def _day(text: str) -> date:
    day = read_day(text.strip())
    if day is None:
        raise Unacceptable("unreadable", data={"fields": {"valid_until": "day_unreadable"}, "refusals": ()})
    return day


def _proof(request: HttpRequest) -> Upload | None:
    """Of a file that is too large no more is taken into memory than shows that it is."""
    sent = request.FILES.get("proof")
    return Upload("proof", sent.name or "file", sent.read(MAX_PROOF + 1)) if isinstance(sent, UploadedFile) else None


def _page(
    request: HttpRequest,
    account: UUID,
    typed: Mapping[str, str],
    errors: Mapping[str, str] = MappingProxyType({}),
    said: str = "",
) -> HttpResponse:
    at = clock.now()
    who, on = actor(request), when.local(at).date()
    person = spoken(person_page(actor=who, at=at, on=on, account_id=account))
    book = spoken(credential_book(actor=who, at=at, on=on, account_id=account))
    context = {
        "frame": frame(request, "/people", at),
        "person": person,
        "book": book,
        "fields": tuple(_fields(book, typed, errors)) if person.is_open else (),
        "refused": said,
    }
    return render(request, "people/credentials.html", context, status=422 if said else 200)


def _fields(book: CredentialBook, typed: Mapping[str, str], errors: Mapping[str, str]) -> Iterator[Field]:
    if not book.kinds:
        return
    only = book.kinds[0] if len(book.kinds) == 1 else ""
    chosen = typed.get("kind", "") or only
    kinds = tuple(Choice(one, one, chosen == one) for one in book.kinds)
    yield Field("kind", _("证件"), FieldKind.CHOICE, choices=kinds, is_required=True, error=errors.get("kind", ""))
    number, wrong = typed.get("number", ""), errors.get("number", "")
    shown = _("加密保存，以后只显示末四位")
    yield Field("number", _("证号"), FieldKind.TEXT, number, is_required=True, help=shown, error=wrong)
    until, wrong = typed.get("valid_until", ""), errors.get("valid_until", "")
    yield Field("valid_until", _("有效期至"), FieldKind.DATE, until, is_required=True, error=wrong)
    help_text, wrong = _("图片或 PDF，加密保存"), errors.get("proof", "")
    yield Field("proof", _("证件照片"), FieldKind.FILE, help=help_text, error=wrong, max_files=1, max_megabytes=4)
