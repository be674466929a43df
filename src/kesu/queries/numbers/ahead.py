"""What is about to fall due over the reader's scope: how much of it in the next hour, today and this week, at whom and
in which department, who carries more than the others of his post, and what follows where nothing is done.

What each number counts is defined in `access.measures`; the lists behind the numbers ask by the same names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from statistics import mean
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.measures import ahead_measures, duty_measures
from kesu.access.permissions import Permission
from kesu.access.sight.told_next import ToldNext, told_next
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.citing import Citation, cite
from kesu.casefile.log import rows_by_case, to_event
from kesu.casefile.next_in_line import line_of
from kesu.casefile.people import Holders
from kesu.casefile.remembered import remembered
from kesu.policy.calendar import Calendar
from kesu.policy.standing import standing
from kesu.store.models import Account, Obligation, PostHolding, StandIn, Unit

_SHOWN: Final = 8
_FEW: Final = 5
"""Open duties that anybody carries; below that nobody is said to carry too much."""
_MORE: Final = 1.5
"""Times what the others of the post carry on the average."""

Counts = Mapping[str, int]
"""By name: `overrun`, `next_hour`, `next_day`, `next_week`, `pending`."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one person owes in one post. `account` None: nobody is there who owes it. `usual`: what the others of the
    post have open on the average; None where he is alone. `stands_for`: those who are away, for whom he owes it too."""

    account: UUID | None
    name: str
    department: UUID | None
    department_name: str
    slot: str
    slot_name: str
    counts: Counts
    usual: float | None
    is_over: bool
    stands_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What one department owes, whoever in it. None: what belongs to no department."""

    department: UUID | None
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Coming:
    """One of those that fall due next, and who is told of it when, where nothing is done."""

    case_id: UUID
    number: str
    title: str
    project: str
    name: str
    owner: str
    starts_at: datetime
    due_at: datetime
    is_provisional: bool
    citations: tuple[Citation, ...]
    calendar: Calendar
    is_urgent: bool
    told: tuple[ToldNext, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """`totals` counts each obligation once, however many persons owe it."""

    totals: Counts
    people: tuple[Load, ...]
    departments: tuple[Share, ...]
    coming: tuple[Coming, ...]


def ahead(*, actor: Actor, at: datetime) -> Ahead:
    """Raises `Forbidden` without the right. As many queries for one as for thousands, beside one or two for each place
    of the few that are next; they look at what is open, not at what is stored."""
    actor.require(Permission.REPORT_READ)
    measures = {name: rule for name, rule in (duty_measures(None, at) | ahead_measures(at)).items() if name in _NAMES}
    found = _in_sight(actor)
    by_department = _counted(found, ("department_id",), measures)
    by_owner = _counted(found, ("owners__account_id", "department_id", "owner_role"), measures)
    shares = {values[0]: counts for values, counts in by_department}
    names = dict(Unit.objects.filter(pk__in=[pk for pk in shares if pk]).values_list("pk", "name"))
    departments = sorted(
        (Share(pk, names.get(pk, ""), counts) for pk, counts in shares.items()), key=lambda one: _order(one.counts)
    )
    totals = {name: sum(one.counts[name] for one in departments) for name in measures}
    people = _people(by_owner, names, at.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    return Ahead(totals, people, tuple(departments), _coming(found, at))


_NAMES: Final = ("overrun", "next_hour", "next_day", "next_week", "pending")


def _in_sight(actor: Actor) -> QuerySet[Obligation]:
    """The open obligations of the cases in his sight: found by what is open, each case asked about by its key."""
    row_by_row = {"pk__gte": OuterRef("case_id"), "pk__lte": OuterRef("case_id")}
    return Obligation.objects.filter(Exists(cards_for(actor).filter(**row_by_row)), is_open=True)


def _counted(
    found: QuerySet[Obligation], by: Sequence[str], measures: Mapping[str, Q]
) -> list[tuple[tuple[Any, ...], Counts]]:
    rows = found.order_by().values(*by).annotate(**{name: Count("pk", filter=rule) for name, rule in measures.items()})
    return [(tuple(row[one] for one in by), {name: row[name] for name in measures}) for row in rows]


def _order(counts: Counts) -> tuple[int, ...]:
    """Whoever has most to do soonest comes first."""
    return tuple(-counts[name] for name in ("next_hour", "next_day", "overrun", "next_week", "pending"))


Post = tuple[UUID | None, str]
"""A slot in a department."""


def _people(
    by_owner: Iterable[tuple[tuple[Any, ...], Counts]], departments: Mapping[UUID, str], on: date
) -> tuple[Load, ...]:
    owed: dict[Post, dict[UUID | None, Counts]] = defaultdict(dict)
    for (account, department, slot), counts in by_owner:
        owed[department, slot][account] = counts
    held = _holders(owed, on)
    accounts = {account for some in owed.values() for account in some if account}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "name"))
    slots, absent = _slot_names(owed, on), _absent(accounts, on)
    loads = []
    for (department, slot), some in owed.items():
        for account, counts in some.items():
            others = [
                some.get(one, {}).get("pending", 0)
                for one in {*held.get((department, slot), ()), *some} - {account, None}
            ]
            usual = mean(others) if others and account else None
            pending = counts["pending"]
            loads.append(
                Load(
                    account=account,
                    name=names.get(account, "") if account else "",
                    department=department,
                    department_name=departments.get(department, "") if department else "",
                    slot=slot,
                    slot_name=slots.get((department, slot), ""),
                    counts=counts,
                    usual=usual,
                    is_over=usual is not None and pending >= _FEW and pending >= _MORE * usual,
                    stands_for=absent.get(account, ()) if account else (),
                )
            )
    return tuple(sorted(loads, key=lambda one: (_order(one.counts), one.name)))


def _covering(on: date) -> Q:
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))


def _held_today(posts: Iterable[Post], on: date) -> QuerySet[PostHolding]:
    units = {department for department, _ in posts if department}
    slots = {slot for _, slot in posts if slot}
    return PostHolding.objects.filter(
        _covering(on), post__unit__in=units, post__fills__slot__in=slots, account__is_active=True
    )


def _holders(posts: Iterable[Post], on: date) -> dict[Post, set[UUID]]:
    """All who hold those posts today, also those who owe nothing."""
    found: dict[Post, set[UUID]] = defaultdict(set)
    columns = ("post__unit_id", "post__fills__slot", "account_id")
    for unit, slot, account in _held_today(posts, on).values_list(*columns):
        found[unit, slot].add(account)
    return found


def _slot_names(posts: Iterable[Post], on: date) -> dict[Post, str]:
    """As the posts are called in the house."""
    columns = ("post__unit_id", "post__fills__slot", "post__name")
    return {(unit, slot): name for unit, slot, name in _held_today(posts, on).values_list(*columns)}


def _absent(accounts: Iterable[UUID], on: date) -> dict[UUID, tuple[str, ...]]:
    """By deputy, the names of those whom he stands in for today."""
    found: dict[UUID, tuple[str, ...]] = {}
    rows = StandIn.objects.filter(_covering(on), deputy__in=set(accounts)).order_by("account__name")
    for deputy, name in rows.values_list("deputy_id", "account__name"):
        found[deputy] = (*found.get(deputy, ()), name)
    return found


def _coming(found: QuerySet[Obligation], at: datetime) -> tuple[Coming, ...]:
    rows = list(
        found.filter(paused_since__isnull=True, due_at__gt=at)
        .order_by("due_at", "pk")
        .select_related("case__card__unit", "case__unit")[:_SHOWN]
    )
    kinds = {one.case_id: kind_of(one.case.policy_version_id, one.case.kind) for one in rows}
    logs = {pk: [to_event(row, kinds[pk]) for row in log] for pk, log in rows_by_case(set(kinds)).items()}
    holders, made = Holders(list(logs.values())), []
    for one in rows:
        case, card = one.case, one.case.card
        kind, log, calendar = kinds[case.pk], logs[case.pk], calendar_of(case.calendar_version_id)
        current = remembered(case.head, at, partial(standing, kind, log, at, calendar))
        assert one.due_at is not None
        made.append(
            Coming(
                case_id=case.pk,
                number=card.number,
                title=card.title,
                project=card.unit.name,
                name=one.name,
                owner=one.owner_name,
                starts_at=one.starts_at,
                due_at=one.due_at,
                is_provisional=one.is_provisional,
                citations=cite(case.policy_version_id, one.clauses),
                calendar=current.walk.calendar.counted_by((one.receipt or {}).get("calendar_version")),
                is_urgent=card.urgent,
                told=told_next(line_of(case, kind, log, current, one.key, holders)),
            )
        )
    return tuple(made)
