"""A day off that the demonstration group has announced since its cases began: the deadlines of these have moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from kesu.commands.calendars.change_calendar import change_calendar
from kesu.commands.policies.redate_cases import redate_cases
from kesu.config.demonstration.stories import Stage, Told, actor_at
from kesu.queries.calendars.edit_page import draft_of
from kesu.store.models import Adoption, Unit

_AGO: Final = timedelta(minutes=15)


def renewed(book: Mapping[str, Any], stage: Stage, code: str) -> Iterator[tuple[datetime, Told]]:
    """Of the unit of this code, as its administrator would have done it just now, for the next working day."""
    at = stage.at - _AGO
    yield at, _renewed(book["calendar"], book["by"], code, at, stage)


def _renewed(said: Mapping[str, Any], by: str, code: str, at: datetime, stage: Stage) -> Told:
    unit = Unit.objects.get(code=code)
    version = Adoption.objects.filter(unit=unit).values_list("calendar_version_id", flat=True)[0]
    today = stage.calendar.local(at).date()
    midnight = stage.calendar.instant(today + timedelta(days=1), datetime.min.time())
    day = stage.calendar.local(stage.calendar.next_work_start(midnight)).date()
    draft = draft_of(stage.calendar, at)
    closed = f"{draft.closures}\n{day.isoformat()} 休 {said['day']}".strip()
    wanted = replace(draft, closures=closed, reason=said["reason"])
    change_calendar(actor=actor_at(by, stage, at), at=at, version=version, unit_id=unit.pk, draft=wanted)
    redate_cases(at=at)
    yield from ()
