"""The workbench: what its reader owes by urgency, which levels moved, and what will happen by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import owed_in_sight
from kesu.access.permissions import Permission
from kesu.access.scope import InSight, Scope
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.citing import Citation, cite
from kesu.casefile.leading import leads_to
from kesu.policy.calendar import Calendar
from kesu.policy.model.rules import EVERYONE, HOLDER, Step
from kesu.policy.standing.checking import may_be_one_of_many
from kesu.store.fixed import Fixed
from kesu.store.models import Obligation

_SHOWN = 200


class Urgency(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    NEXT_WORKDAY = "next_workday"
    LATER = "later"
    PAUSED = "paused"
    UNTIMED = "untimed"


@dataclass(frozen=True, slots=True)
class Before:
    """A step that comes before another one; `code` is empty where others take it, or sign."""

    code: str
    name: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """An open obligation of the reader with its case. `step` meets it; `step_name` is empty where the pack knows none.
    `is_early`: it belongs to another stage; `before` is then the step with which the way there begins (None: no way
    leads on to it). `calendar` is that of the case, for the words of the clock."""

    id: int
    name: str
    urgency: Urgency
    starts_at: datetime
    due_at: datetime | None
    paused_since: datetime | None
    is_provisional: bool
    citations: tuple[Citation, ...]
    step: str
    step_name: str
    approval: str
    case_id: UUID
    number: str
    title: str
    room: str
    unit: str
    level_name: str
    level_rank: int
    level_of: int
    calendar: Calendar
    version: int
    is_outer: bool  # somebody outside set the limit
    is_one_of_many: bool  # may be signed with others at once
    is_early: bool
    before: Before | None


@dataclass(frozen=True, slots=True)
class Group:
    urgency: Urgency
    lines: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class Workbench:
    """`total` counts all open obligations of the reader, `cases` the cases they belong to; `shown` at most 200."""

    groups: tuple[Group, ...]
    total: int
    cases: int


def workbench(*, actor: Actor, at: datetime) -> Workbench:
    """One query, whatever is owed (a second one beyond 200 obligations)."""
    lines, total = _owed_by(actor, at)
    groups = tuple(
        Group(urgency, tuple(line for line in lines if line.urgency is urgency))
        for urgency in Urgency
        if any(line.urgency is urgency for line in lines)
    )
    return Workbench(groups, total, len({line.case_id for line in lines}))


def approvals(*, actor: Actor, at: datetime) -> tuple[Owed, ...]:
    """The signatures that wait for the reader, earliest first."""
    lines, _ = _owed_by(actor, at, approvals_only=True)
    return tuple(lines)


def _owed_by(actor: Actor, at: datetime, *, approvals_only: bool = False) -> tuple[list[Owed], int]:
    """Earliest first, those without a limit last; at most 200, and how many there are in all. Whoever owes something
    on a case may see that case, wherever it lies; a confidential one only while he is let in."""
    found = (_TO_SIGN if approvals_only else _MINE)(actor)
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in found]
    total = len(rows) if len(rows) <= _SHOWN else _owed_to(Scope.of(actor), approvals_only=approvals_only).count()
    sees = {
        path: actor.may_at(Permission.PERSONAL_READ, path) for path in {row["case__card__unit_path"] for row in rows}
    }
    return [_owed(row, at, actor, sees_room=sees[row["case__card__unit_path"]]) for row in rows[:_SHOWN]], total


def _owed_to(scope: Scope, *, approvals_only: bool) -> QuerySet[Obligation]:
    mine = Obligation.objects.filter(owed_in_sight(scope), owners__account_id=scope.account, is_open=True)
    return mine.exclude(approval="") if approvals_only else mine


def _first(rows: QuerySet[Obligation]) -> QuerySet[Any, Any]:
    return rows.order_by("due_at", "id").values_list(*_COLUMNS)[: _SHOWN + 1]


# Columns, not rows of models: of four tables a line shows a few each, and somebody at work has a hundred lines.
_OWN: Final = (
    "id",
    "duty",
    "name",
    "receipt__calendar_version",
    "starts_at",
    "due_at",
    "paused_since",
    "is_provisional",
    "clauses",
    "step",
    "approval",
    "case_id",
)
_CARD: Final = (
    "number",
    "title",
    "room",
    "unit_path",
    "level_name",
    "level_rank",
    "level_of",
    "stage",
    "holder_id",
    "counted_with_id",
)
_OF_CASE: Final = (
    "case__kind",
    "case__version",
    "case__policy_version_id",
    "case__card__unit__name",
    *(f"case__card__{column}" for column in _CARD),
)
_COLUMNS: Final = (*_OWN, *_OF_CASE)
_MINE: Final = InSight(Fixed, lambda scope: _first(_owed_to(scope, approvals_only=False)))
_TO_SIGN: Final = InSight(Fixed, lambda scope: _first(_owed_to(scope, approvals_only=True)))


def _owed(row: Mapping[str, Any], at: datetime, reader: Actor, *, sees_room: bool) -> Owed:
    policy = row["case__policy_version_id"]
    calendar = calendar_of(row["case__card__counted_with_id"]).counted_by(row["receipt__calendar_version"])
    kind = kind_of(policy, row["case__kind"])
    step = kind.steps.get(row["step"])
    return Owed(
        id=row["id"],
        name=row["name"],
        urgency=_urgency(row["due_at"], row["paused_since"], at, calendar),
        starts_at=row["starts_at"],
        due_at=row["due_at"],
        paused_since=row["paused_since"],
        is_provisional=row["is_provisional"],
        citations=cite(policy, row["clauses"]),
        step=row["step"],
        step_name=step.name if step else "",
        approval=row["approval"],
        case_id=row["case_id"],
        number=row["case__card__number"],
        title=row["case__card__title"],
        room=row["case__card__room"] if sees_room else "",
        unit=row["case__card__unit__name"],
        level_name=row["case__card__level_name"],
        level_rank=row["case__card__level_rank"],
        level_of=row["case__card__level_of"],
        calendar=calendar,
        version=row["case__version"],
        is_outer=kind.is_outer(row["duty"]),
        is_one_of_many=step is not None and may_be_one_of_many(step, kind),
        is_early=step is not None and bool(step.from_stages) and row["case__card__stage"] not in step.from_stages,
        before=_before(row, reader),
    )


def _before(row: Mapping[str, Any], reader: Actor) -> Before | None:
    policy = row["case__policy_version_id"]
    first = leads_to(policy, row["case__kind"], row["case__card__stage"], row["step"])
    if first is None:
        return None
    is_his = not first.signs and _may_be_his(first, reader, row["case__card__holder_id"] == reader.account_id)
    return Before(first.code if is_his else "", first.name, cite(policy, first.clauses))


def _may_be_his(step: Step, reader: Actor, is_holder: bool) -> bool:
    """As far as his posts say; groups of the case and what its table of takers asks are for the form to weigh."""
    named = {who.role for row in step.by.rows for who in row.use}
    return bool(named & reader.slots) or (is_holder and HOLDER in named) or EVERYONE in named


def _urgency(due_at: datetime | None, paused_since: datetime | None, at: datetime, calendar: Calendar) -> Urgency:
    """In the days of whoever owes it; a deadline of midnight belongs to the day that it ends."""
    if paused_since is not None:
        return Urgency.PAUSED
    if due_at is None:
        return Urgency.UNTIMED
    if at > due_at:
        return Urgency.OVERDUE
    today = calendar.local(at).date()
    day = calendar.local(due_at - timedelta(microseconds=1)).date()
    if day <= today:
        return Urgency.TODAY
    return Urgency.NEXT_WORKDAY if day <= calendar.nth_workday_after(today, 1) else Urgency.LATER
