"""The calendars of an installation, for its operators: which years they know, and what counts with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kesu.casefile.adoption import standing_adoptions
from kesu.casefile.books import served_by
from kesu.policy.calendar import Calendar, Source
from kesu.store.models import CalendarVersion


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """`official`: the years with a published plan. `in_force`: unit, and kind with subject, of the
    adoptions, later ones included."""

    version: str
    name: str
    created_at: datetime
    official: tuple[int, ...]
    in_force: tuple[tuple[str, str], ...]


def calendar_list(*, at: datetime) -> list[CalendarLine]:
    """Oldest first. Raises `CalendarUnreadable` for a stored calendar that cannot be read."""
    users: dict[str, list[tuple[str, str]]] = {}
    for row in standing_adoptions(at):
        users.setdefault(row.calendar_version_id, []).append((row.unit.name, served_by(row)))
    return [
        CalendarLine(
            row.version,
            row.name,
            row.created_at,
            tuple(y.number for y in Calendar.from_document(row.document).years if y.source is Source.OFFICIAL),
            tuple(users.get(row.version, ())),
        )
        for row in CalendarVersion.objects.order_by("created_at", "version")
    ]
