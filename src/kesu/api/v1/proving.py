"""What every delivery goes through before it is read: how often its source sends, and whether it is signed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from kesu.api.door import MOST
from kesu.api.reading import source_named
from kesu.commands.arrivals.note_refused import note_refused
from kesu.commands.arrivals.note_unproven import note_unproven
from kesu.core import clock
from kesu.core.errors import Refused, Unproven
from kesu.core.signed_post import KEY, SIGNATURE, TIME
from kesu.queries.arrivals.prove_delivery import Proved, prove_delivery
from kesu.web.visitors import address_of, spend_for


@dataclass(frozen=True, slots=True)
class Delivery:
    proved: Proved
    body: bytes


def received(request: HttpRequest, delivers: str) -> Delivery:
    """Raises `Unproven`, and `TooMany` for a source that sends too often and for an address from which too much comes
    that is not signed."""
    at, headers = clock.now(), request.headers
    body = request.read(MOST)  # the framework's own limit is for the texts of forms; the door has seen the length
    try:
        proved = prove_delivery(
            at=at,
            source_id=source_named(request),
            delivers=delivers,
            key=headers.get(KEY, ""),
            time=headers.get(TIME, ""),
            signatures=headers.get(SIGNATURE, ""),
            body=body,
        )
    except Unproven as refused:
        spend_for(address_of(request), "unsigned")
        if "source" in refused.data:
            note_unproven(at=at, source_id=refused.data["source"])
        raise
    spend_for(proved.source_id.hex, delivers)
    return Delivery(proved, body)


def note(proved: Proved, refused: Refused, lacking: tuple[str, ...]) -> None:
    """Its keeper sees why it was refused."""
    note_refused(
        at=clock.now(),
        source_id=proved.source_id,
        key=proved.key,
        digest=proved.digest,
        reason=refused.reason,
        lacking=lacking,
    )
