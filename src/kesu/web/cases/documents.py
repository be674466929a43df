"""Documents of a case on paper: a page to print, a PDF, a file for the word processor."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kesu.commands.cases.print_document import print_document
from kesu.core import clock
from kesu.queries.cases.archive_list import archive_paper
from kesu.queries.cases.document import case_document
from kesu.queries.cases.evidence import evidence_paper
from kesu.queries.cases.label import case_label
from kesu.web import when
from kesu.web.cases.printing_archive import ARCHIVE_LIST, archive_sheet
from kesu.web.cases.printing_evidence import EVIDENCE_LIST, evidence_list
from kesu.web.paper import code
from kesu.web.paper.label import label_pdf
from kesu.web.paper.pdf import pdf
from kesu.web.paper.sheet import Sheet, plain, sheet
from kesu.web.session import actor, signed_in
from kesu.web.words import spoken

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@signed_in
@require_safe
def document_view(request: HttpRequest, case_id: UUID, document: str) -> HttpResponse:
    drawn = _sheet(request, case_id, document)
    qr = mark_safe(code.svg(drawn.address))  # noqa: S308 - made by the library of an address of our own
    return render(request, "cases/document.html", {"sheet": drawn, "case_id": case_id, "document": document, "qr": qr})


@signed_in
@require_safe
def pdf_view(request: HttpRequest, case_id: UUID, document: str) -> HttpResponse:
    drawn = _sheet(request, case_id, document)
    return _file(drawn, pdf(drawn), "application/pdf", ".pdf")


@signed_in
@require_safe
def docx_view(request: HttpRequest, case_id: UUID, document: str) -> HttpResponse:
    drawn = _sheet(request, case_id, document)
    from kesu.web.paper.word import docx  # its library takes ten megabytes, for processes that write one

    return _file(drawn, docx(drawn), _DOCX, ".docx")


@signed_in
@require_safe
def label_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The label of a coded sample. It goes with the sample: nothing on it says of which case it is."""
    at = clock.now()
    found = spoken(case_label(actor=actor(request), at=at, case_id=case_id))
    lines = [*(plain(f"{one.name}：{one.value}") for one in found.lines), when.stamp(found.coded_at)]
    made = label_pdf(
        heading=_("样品编号"),
        code=found.code,
        lines=lines,
        address=settings.KESU_BASE_URL + reverse("coded-sample", args=[found.code]),
        made_at=at,
    )
    return _attached(made, "application/pdf", f"{found.code}.pdf")


def _sheet(request: HttpRequest, case_id: UUID, document: str) -> Sheet:
    """In clear for those who may see who somebody is, and then it is written down that they printed it."""
    who, at = actor(request), clock.now()
    address = settings.KESU_BASE_URL + reverse("case-page", args=[case_id])
    if document == EVIDENCE_LIST:
        listed = evidence_list(*spoken(evidence_paper(actor=who, at=at, case_id=case_id, code=document)))
        return sheet(listed, printed_by=who.name, at=at, address=address)
    if document == ARCHIVE_LIST:
        filed = archive_sheet(*spoken(archive_paper(actor=who, at=at, case_id=case_id, code=document)), at)
        return sheet(filed, printed_by=who.name, at=at, address=address)
    paper = spoken(case_document(actor=who, at=at, case_id=case_id, document=document))
    if paper.is_masked and paper.may_read_personal:
        paper = spoken(print_document(actor=who, at=at, case_id=case_id, document=document))
    return sheet(paper, printed_by=who.name, at=at, address=address)


def _file(drawn: Sheet, content: bytes, media_type: str, extension: str) -> HttpResponse:
    return _attached(content, media_type, f"{drawn.title} {drawn.number}{extension}".replace("/", "-"))


def _attached(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
