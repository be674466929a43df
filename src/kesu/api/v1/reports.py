"""`POST /api/v1/reports`: a program outside hands in a report."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from kesu.access.sources import Received
from kesu.api import problems, reading
from kesu.api.v1.proving import Delivery, note, received
from kesu.commands.arrivals.receive_report import receive_report
from kesu.core import clock
from kesu.core.errors import Refused
from kesu.queries.arrivals.delivered import delivered
from kesu.queries.arrivals.report_form import report_form


def reports(request: HttpRequest) -> HttpResponse:
    """201 for a case that was opened by it; 200 for one that was there before: by this very delivery, or known by its
    number."""
    delivery = received(request, "reports")
    printed: dict[str, str] = {}
    try:
        done = _receive(delivery, printed)
    except Refused as refused:
        note(delivery.proved, refused, problems.lacking(refused))
        return problems.of(refused, printed)
    answer = {
        "number": done.number,
        "link": request.build_absolute_uri(reverse("case-page", args=[done.case_id])),
        "opened": done.is_new,
    }
    if done.secret:
        answer["customer_link"] = request.build_absolute_uri(reverse("public-follow", args=[done.secret]))
    return JsonResponse(answer, status=201 if done.is_new else 200, json_dumps_params={"ensure_ascii": False})


def _receive(delivery: Delivery, printed: dict[str, str]) -> Received:
    now, proved = clock.now(), delivery.proved
    before = delivered(source_id=proved.source_id, key=proved.key, digest=proved.digest)
    if before is not None:
        return before
    body = reading.document(delivery.body)
    head = reading.head_of(body, now)
    form = report_form(
        at=now, source_id=proved.source_id, unit_code=head.unit, subject=head.subject, happened_at=head.happened_at
    )
    printed.update(form.printed)
    given, uploads = reading.facts_of(body, form.fields)
    return receive_report(
        at=now,
        source_id=proved.source_id,
        key=proved.key,
        digest=proved.digest,
        unit_code=head.unit,
        subject=head.subject,
        happened_at=head.happened_at,
        given=given,
        uploads=uploads,
    )
