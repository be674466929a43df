"""`POST /api/v1/calls`: the telephone system tells whose line a call rings on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from kesu.api import problems, reading
from kesu.api.v1.proving import Delivery, note, received
from kesu.commands.arrivals.ring_line import ring_line
from kesu.core import clock
from kesu.core.errors import Refused

MEMBERS: Final = ("event", "call", "line", "caller")
RINGING: Final = "call.ringing"
OVER: Final = "call.ended"


def calls(request: HttpRequest) -> HttpResponse:
    """202: whoever has the line open sees it in a moment."""
    delivery = received(request, "calls")
    try:
        _ring(delivery, reading.document(delivery.body))
    except Refused as refused:
        note(delivery.proved, refused, problems.lacking(refused))
        return problems.of(refused)
    return JsonResponse({"received": True}, status=202)


def _ring(delivery: Delivery, body: Mapping[str, Any]) -> None:
    unknown = {name[:64]: "field_unknown" for name in body if name not in MEMBERS}
    event = reading.text_of(body, "event")
    if event not in (RINGING, OVER):
        unknown["event"] = "field_unknown"
    if unknown:
        raise reading.wrong(unknown)
    ring_line(
        at=clock.now(),
        source_id=delivery.proved.source_id,
        key=delivery.proved.key,
        digest=delivery.proved.digest,
        call=reading.text_of(body, "call"),
        line=reading.text_of(body, "line"),
        caller=reading.text_of(body, "caller"),
        is_over=event == OVER,
    )
