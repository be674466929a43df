"""What of a case another version of its calendar or policy moved, by the event that names it, and who brought it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kesu.access.sight.item import MovedDue
from kesu.access.sight.reading import CaseRead
from kesu.casefile.books import pack_of
from kesu.casefile.redating import BY_CHANGE
from kesu.policy.events import CALENDAR_RENEWED, POLICY_RENEWED, RULED_BY, Event
from kesu.store.models import CalendarChange, DeadlineMove, PolicyChange


@dataclass(frozen=True, slots=True)
class Recount:
    """`who`: empty where the installation brought it in. `version`: of the policy, empty where the calendar is another
    one."""

    who: str
    moved: tuple[MovedDue, ...]
    version: str = ""


def recounted(read: CaseRead) -> Mapping[int, Recount]:
    """By number of the event. No query where there is none, else three at most."""
    found = {one.seq: one for one in read.log if one.kind in {CALENDAR_RENEWED, POLICY_RENEWED}}
    if not found:
        return {}
    makers: dict[UUID, str | None] = {}
    for table, kind in ((CalendarChange, CALENDAR_RENEWED), (PolicyChange, POLICY_RENEWED)):
        ids = {id_ for one in found.values() if one.kind == kind and (id_ := _change(one)) is not None}
        makers |= dict(table.objects.filter(pk__in=ids).values_list("pk", "made_by__name")) if ids else {}
    moved: dict[int, list[MovedDue]] = {}
    for row in DeadlineMove.objects.filter(case=read.case).order_by("pk"):
        moved.setdefault(row.seq, []).append(MovedDue(row.name, row.due_before, row.due_after))
    return {seq: _recount(one, makers, tuple(moved.get(seq, ()))) for seq, one in found.items()}


def _recount(event: Event, makers: Mapping[UUID, str | None], moved: tuple[MovedDue, ...]) -> Recount:
    change = _change(event)
    who = makers.get(change) if change is not None else None
    return Recount(who or "", moved, pack_of(str(event.facts[RULED_BY])).version if RULED_BY in event.facts else "")


def _change(event: Event) -> UUID | None:
    named = event.facts.get(BY_CHANGE)
    return UUID(str(named)) if named else None
