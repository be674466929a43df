"""The obligations behind a number: one line each, so that their count is the number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.measures import DutySlice
from kesu.access.permissions import Permission
from kesu.casefile.books import calendar_of
from kesu.core.pages import leaf
from kesu.policy.calendar import Calendar
from kesu.store.models import Account, Obligation, Unit


@dataclass(frozen=True, slots=True)
class DutyRow:
    """`owner` is who owes it now, or the slot that owed it (empty for a slot that every policy has); `department` is
    where that slot belongs. `ended_at` without `met_at`: it no longer applied."""

    case_id: UUID
    number: str
    title: str
    project: str
    level_name: str
    level_rank: int
    level_of: int
    name: str
    owner: str
    slot: str
    department: str
    starts_at: datetime
    due_at: datetime | None
    met_at: datetime | None
    ended_at: datetime | None
    paused_since: datetime | None
    is_provisional: bool
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class DutyList:
    """The names of unit, department, holder and owner are those of the slice, for the head of the page."""

    rows: tuple[DutyRow, ...]
    total: int
    page: int
    pages: int
    unit_name: str = ""
    department_name: str = ""
    holder_name: str = ""
    owner_name: str = ""


def duty_list(*, actor: Actor, at: datetime, sought: DutySlice, page: int, size: int) -> DutyList:
    """Oldest limit first. Raises `Forbidden` without the right. At most five queries, whatever is found."""
    actor.require(Permission.REPORT_READ)
    cards = cards_for(actor).filter(sought.cases.condition())
    found = Obligation.objects.filter(sought.condition(at), case_id__in=cards.values("pk"))
    total = found.count()
    shown = leaf(total, size, page)
    ordered = found.order_by(F("due_at").asc(nulls_last=True), "pk").select_related("case__card__unit", "department")
    names = _units({sought.cases.unit, sought.department})
    return DutyList(
        rows=tuple(_row(one) for one in ordered[shown.rows]),
        total=total,
        page=shown.number,
        pages=shown.pages,
        unit_name=names.get(sought.cases.unit, ""),
        department_name=names.get(sought.department, ""),
        holder_name=_holder(sought.cases.holder),
        owner_name=_holder(sought.owner),
    )


def _row(one: Obligation) -> DutyRow:
    card = one.case.card
    return DutyRow(
        case_id=one.case_id,
        number=card.number,
        title=card.title,
        project=card.unit.name,
        level_name=card.level_name,
        level_rank=card.level_rank,
        level_of=card.level_of,
        name=one.name,
        owner=one.owner_name,
        slot=one.owner_role,
        department=one.department.name if one.department else "",
        starts_at=one.starts_at,
        due_at=one.due_at,
        met_at=one.met_at,
        ended_at=one.ended_at,
        paused_since=one.paused_since,
        is_provisional=one.is_provisional,
        calendar=calendar_of(one.case.card.counted_with_id).counted_by((one.receipt or {}).get("calendar_version")),
    )


def _units(ids: set[str]) -> dict[str, str]:
    wanted = [UUID(one) for one in ids if len(one) == 32]
    return {pk.hex: name for pk, name in Unit.objects.filter(pk__in=wanted).values_list("pk", "name")} if wanted else {}


def _holder(account: str) -> str:
    if len(account) != 32:
        return ""
    return Account.objects.filter(pk=account).values_list("name", flat=True).first() or ""
