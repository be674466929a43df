"""What of a case another version of its calendar moved, by the event that names it, and who brought it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kesu.access.sight.item import MovedDue
from kesu.access.sight.reading import CaseRead
from kesu.casefile.redating import BY_CHANGE
from kesu.policy.events import CALENDAR_RENEWED
from kesu.store.models import CalendarChange, DeadlineMove


@dataclass(frozen=True, slots=True)
class Recount:
    """`who`: empty where the installation brought it in."""

    who: str
    moved: tuple[MovedDue, ...]


def recounted(read: CaseRead) -> Mapping[int, Recount]:
    """By number of the event. No query where there is none, else two."""
    found = {one.seq: str(one.facts.get(BY_CHANGE, "")) for one in read.log if one.kind == CALENDAR_RENEWED}
    if not found:
        return {}
    ids = {UUID(one) for one in found.values() if one}
    makers = dict(CalendarChange.objects.filter(pk__in=ids).values_list("pk", "made_by__name"))
    moved: dict[int, list[MovedDue]] = {}
    for row in DeadlineMove.objects.filter(case=read.case).order_by("pk"):
        moved.setdefault(row.seq, []).append(MovedDue(row.name, row.due_before, row.due_after))
    return {
        seq: Recount((makers.get(UUID(change)) if change else None) or "", tuple(moved.get(seq, ())))
        for seq, change in found.items()
    }
