"""The form by which a step is taken back, in the middle of the case page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kesu.commands.cases.take_back import take_back
from kesu.core import clock
from kesu.core.errors import NotFound, NotNow, Unacceptable
from kesu.queries.cases.take_back_form import take_back_form
from kesu.web import sentences, when
from kesu.web.cases.drawing import refs, refused_part, step_address
from kesu.web.cases.page import page_context, shown_case
from kesu.web.joining import listed
from kesu.web.public.answers import FORM_TOKEN
from kesu.web.session import actor, signed_in
from kesu.web.words import spoken


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take_back_view(request: HttpRequest, case_id: UUID, seq: int) -> HttpResponse:
    at, error, reason, status = clock.now(), "", request.POST.get("reason", ""), 200
    if request.method == "POST":
        token = request.POST.get(FORM_TOKEN, "")
        try:
            take_back(actor=actor(request), at=at, case_id=case_id, seq=seq, reason=reason, token=token)
        except (Unacceptable, NotNow) as refused:
            error, status = sentences.reason(refused), refused.status
        else:
            messages.success(request, _("已撤销，案件回到办这一步以前"))
            return shown_case(request, case_id)
    return _page(request, case_id, seq, error, reason, status)


def _page(request: HttpRequest, case_id: UUID, seq: int, error: str, reason: str, status: int) -> HttpResponse:
    at = clock.now()
    context = page_context(request, case_id, at)
    try:
        form = spoken(take_back_form(actor=actor(request), at=at, case_id=case_id, seq=seq))
    except NotFound:
        if not error:
            raise
        messages.error(request, error)  # somebody else has taken it back meanwhile
        return render(request, "cases/page.html", context, status=status)
    undo = {
        "form": form,
        "what": _("%(who)s %(at)s 办的“%(step)s”") % {"who": form.by, "at": when.when(form.at, at), "step": form.name},
        "clauses": refs(form.policy_hash, form.clauses),
        "sent": listed(form.sent),
        "refused": refused_part(form.policy_hash, form.name, form.refusals, step_address(case_id))
        if form.refusals
        else None,
        "error": error,
        "reason": reason,
    }
    return render(request, "cases/page.html", context | {"undo": undo}, status=status)
