"""Signatures that were made on the screen, as paper shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kesu.access.files import is_personal
from kesu.access.sight.reading import CaseRead
from kesu.casefile import files
from kesu.core.signatures import SignedBy
from kesu.policy.events import Event
from kesu.policy.model.facts import Fact
from kesu.store.models import StoredFile


def signatures_of(
    read: CaseRead, log: Sequence[Event], rows: Sequence[StoredFile], fact: Fact
) -> Iterator[tuple[Event, SignedBy, str, bytes]]:
    """The event, the way of signing, the typed name or the picture. Nothing for those who may not see it, and nothing
    of what was taken back or is lost."""
    if is_personal(read.kind, fact.code) and not read.sees_personal:
        return
    by_seq = {event.seq: event for event in log}
    for row in rows:
        event = by_seq.get(row.event_seq or 0)
        if row.fact != fact.code or event is None:
            continue
        row.case = read.case
        try:
            content = files.content(row)
        except FileNotFoundError:
            continue
        if row.has_preview:
            yield event, SignedBy.HAND, "", content
        else:
            yield event, SignedBy.TYPED, content.decode(errors="replace"), b""
