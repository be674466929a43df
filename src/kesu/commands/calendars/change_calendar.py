"""A new version of a calendar, written in the browser or brought in from a file, comes into force for a unit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.calendars import to_change
from kesu.casefile import renewing, rest
from kesu.casefile.calendar_drafts import Draft, PostDraft, YearDraft, read_draft
from kesu.store.bell import ring_bell

__all__ = ["Draft", "PostDraft", "YearDraft", "change_calendar"]


@transaction.atomic
def change_calendar(
    *, actor: Actor, at: datetime, version: str, unit_id: UUID | None, draft: Draft, kind: str = ""
) -> UUID:
    """Counts from `at` on for what the unit and those below it have adopted with this version, of one kind of case or
    (`kind` empty) of all, and for the running cases there that count with it: they are woken, and the worker brings
    them over. Returns the change on record. Raises `NotFound` for a calendar that does not count for the actor (any
    more), `Forbidden`, `Unacceptable`."""
    place = to_change(actor, at, version, unit_id, kind)
    before, unit = place.calendar, place.unit
    after = read_draft(draft, before, place.slots)
    first, *more = renewing.wanted(lambda calendar: after if calendar == before else calendar, at, unit, kind)
    changes = [
        renewing.write(one, at=at, made_by=actor.account_id, source=draft.source, reason=draft.reason.strip())
        for one in (first, *more)
    ]
    rest.wake_counting_with(before.version, unit.path, kind, at)
    ring_bell()
    return changes[0].pk
