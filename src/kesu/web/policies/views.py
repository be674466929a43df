"""制度: what was adopted, and what the program makes of every sentence of it."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.policies.offers import may_adopt
from kesu.queries.policies.policy_list import policy_list
from kesu.queries.policies.policy_page import policy_page
from kesu.web import when
from kesu.web.policies.reading import reading_parts, signature_parts
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

STATUSES: Final = {
    "draft": gettext_lazy("草案"),
    "trial": gettext_lazy("试行"),
    "effective": gettext_lazy("施行"),
    "superseded": gettext_lazy("已废止"),
}


@require_safe
@signed_in
def policies(request: HttpRequest) -> HttpResponse:
    lines = spoken(policy_list(actor=actor(request)))
    context = {
        "frame": frame(request, "/policies"),
        "lines": [(line, STATUSES[line.status]) for line in lines],
        "may_adopt": may_adopt(actor=actor(request)),
    }
    return render(request, "policies/list.html", context)


@require_safe
@signed_in
def policy(request: HttpRequest, policy_hash: str) -> HttpResponse:
    now = clock.now()
    found = spoken(policy_page(actor=actor(request), on=when.local(now).date(), policy_hash=policy_hash), policy_hash)
    context = {
        "frame": frame(request, "/policies", now),
        "page": found,
        "now": now,
        "status": STATUSES[found.status],
        "signed": tuple((one.serving, signature_parts(one.signing)) for one in found.signed),
        **reading_parts(found.reading),
    }
    return render(request, "policies/policy.html", context)
