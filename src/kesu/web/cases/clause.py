"""The sentence behind a clause tag: unfolded in place, or as a page of its own where no script runs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kesu.queries.cases.clause import clause_view as clause_of
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken


@signed_in
@require_safe
def clause_view(request: HttpRequest, policy_hash: str, clause_id: str) -> HttpResponse:
    clause = spoken(clause_of(actor=actor(request), policy_hash=policy_hash, clause_id=clause_id))
    if request.headers.get("HX-Request"):
        return render(request, "cases/_clause.html", {"clause": clause})
    return render(request, "cases/clause.html", {"clause": clause, "frame": frame(request, "/policies")})
