"""制度适用表: which policy serves which part of the organisation, since when and until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kesu.commands.policies.lift_overlay import lift_overlay
from kesu.commands.policies.withdraw_adoption import withdraw_adoption
from kesu.core import clock
from kesu.queries.policies.adoption_table import AdoptionLine, adoption_table
from kesu.queries.policies.renewal_page import RenewalPage, renewal_list, renewal_page
from kesu.web import when
from kesu.web.moves import moves_part
from kesu.web.paging import whole
from kesu.web.people.confirm import confirmed
from kesu.web.policies.reading import SignaturePart, signature_parts
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_SERVES: Final = {
    "now": gettext_lazy("施行中"),
    "later": gettext_lazy("将施行"),
    "no_more": gettext_lazy("已被替代"),
}


@dataclass(frozen=True, slots=True)
class AdoptionPart:
    line: AdoptionLine
    serves: str
    since: str
    until: str
    signatures: tuple[SignaturePart, ...]


@require_safe
@signed_in
def adoptions(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    lines = spoken(adoption_table(actor=actor(request), at=at))
    parts = tuple(
        AdoptionPart(
            line,
            str(_SERVES[line.serves.value]),
            when.stamp(line.since),
            when.stamp(line.until) if line.until else "",
            signature_parts(line.signing),
        )
        for line in lines
    )
    renewals = spoken(renewal_list(actor=actor(request)))
    context = {"frame": frame(request, "/policies", at), "parts": parts, "renewals": renewals}
    return render(request, "policies/adoptions.html", context)


@require_safe
@signed_in
def renewal(request: HttpRequest, change: UUID) -> HttpResponse:
    leaf = whole(request.GET.get("page", ""), 1)
    page: RenewalPage = spoken(renewal_page(actor=actor(request), change_id=change, page=leaf))
    line = page.line
    context = {
        "frame": frame(request, "/policies", clock.now()),
        "page": page,
        "says": " · ".join(part for part in (line.who or _("系统"), line.unit) if part),
        "moves": moves_part(page.moves),
    }
    return render(request, "policies/renewal.html", context)


@require_POST
@signed_in
@confirmed
def adoption_withdrawn(request: HttpRequest, adoption: UUID) -> HttpResponse:
    withdraw_adoption(actor=actor(request), at=clock.now(), adoption_id=adoption)
    return redirect("adoptions")


@require_POST
@signed_in
@confirmed
def overlay_lifted(request: HttpRequest, overlay: UUID) -> HttpResponse:
    lift_overlay(actor=actor(request), at=clock.now(), overlay_id=overlay)
    return redirect("adoptions")
