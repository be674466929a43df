"""Receipts as a file for somebody who works them out again by himself, and the program that does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.policy.receipts import canonical
from kesu.queries.cases.case_list import case_export
from kesu.queries.cases.case_receipts import MOST_CASES, case_receipts, receipts_of
from kesu.web import when
from kesu.web.cases.list_cases import read_filter, today
from kesu.web.downloads import handed_out
from kesu.web.session import actor, signed_in

_JSON: Final = "application/json"


@require_safe
@signed_in
def receipts_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Of one case."""
    number, document = case_receipts(actor=actor(request), at=clock.now(), case_id=case_id)
    return _file(number, document)


@require_safe
@signed_in
def listed_receipts_view(request: HttpRequest) -> HttpResponse:
    """Of what the list finds by the same filters, in its order."""
    who, now = actor(request), clock.now()
    found = case_export(actor=who, at=now, today=today(now), chosen=read_filter(request.GET), most=MOST_CASES)
    document = receipts_of(actor=who, at=now, case_ids=[row.id for row in found.rows])
    return _file(when.local(now).date().isoformat(), document)


@require_safe
@signed_in
def verifier_view(_request: HttpRequest) -> HttpResponse:
    """The file that works receipts out again, without this program."""
    path: Path = settings.KESU_CLOCK_VERIFIER
    return handed_out(path.name, "text/x-python; charset=utf-8", path.read_bytes())


def _file(name: str, document: dict[str, Any]) -> HttpResponse:
    return handed_out(f"{_('期限凭条')} {name}.json", _JSON, canonical(document).encode())
