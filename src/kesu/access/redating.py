"""What a change of calendars would move: which duty of which case, from when to when, under which clause, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kesu.casefile import renewing
from kesu.casefile.books import pack_of, served_by
from kesu.casefile.casefile import CaseFile
from kesu.casefile.redating import Moved, moves_with
from kesu.casefile.renewing import Changing, Wanted
from kesu.policy.calendar import Calendar, Day
from kesu.policy.calendar.comparing import changed_days, differs_from, has_other_hours, other_posts
from kesu.store.models import CaseCard, Obligation, Unit
from kesu.store.models.cases import OPEN_CARD

_MOST_REASONS = 12


@dataclass(frozen=True, slots=True)
class WouldMove:
    """`because`: the days between its start and its end that the new version knows otherwise; `hours`: the working
    hours themselves are others. `clauses`: as they are printed."""

    case_id: UUID
    number: str
    unit: str
    duty: str
    clauses: tuple[str, ...]
    due_before: datetime
    due_after: datetime
    was_provisional: bool
    is_provisional: bool
    because: tuple[Day, ...]
    hours: bool
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class GoesOver:
    """One calendar and what it would go over into. `serves`: unit, and kind with subject, of the adoptions; `running`:
    how many cases would go over, seen or not, without confidential and sealed ones."""

    name: str
    before: Calendar
    after: Calendar
    serves: tuple[tuple[str, str], ...]
    running: int


@dataclass(frozen=True, slots=True)
class Touched:
    """Running cases of one kind of one unit, and their open deadlines, that a change may move: counted, not opened.
    Seen or not, without confidential and sealed ones."""

    unit: str
    kind: str
    cases: int
    deadlines: int


@dataclass(frozen=True, slots=True)
class RedatingPreview:
    """`moves` are worked out one after the other, while they are read: every case of `in_sight` whose deadlines may
    move is opened for them, those first that fall due first, `most` of them where that is said."""

    changes: tuple[GoesOver, ...]
    moves: Iterator[WouldMove] = field(repr=False)
    in_sight: int = 0
    touched: tuple[Touched, ...] = ()


def preview_of(
    change: Changing,
    unit: Unit | None,
    cards: QuerySet[CaseCard],
    at: datetime,
    kind: str = "",
    most: int | None = None,
) -> RedatingPreview:
    """Of the cases in sight, of one kind or of any. Inside a transaction. Only where `most` bounds how many are opened,
    is it counted how many there are."""
    found = renewing.wanted(change, at, unit, kind)
    changes = tuple(
        GoesOver(
            one.after.name,
            one.before,
            one.after,
            tuple((row.unit.name, served_by(row)) for row in one.adoptions),
            _running(CaseCard.objects.filter(confidential=False), one).count(),
        )
        for one in found
    )
    told = tuple(one for one in changes if one.serves or one.running)  # what only sealed cases count with shows nowhere
    moves = _moves(found, cards, at, most)
    if most is None:
        return RedatingPreview(told, moves)
    in_sight = sum(_may_move(cards, one).count() for one in found)
    return RedatingPreview(told, moves, in_sight, tuple(touched for one in found for touched in _touched(one)))


def _touched(one: Wanted) -> Iterator[Touched]:
    """One query."""
    may_be = _other_dues(one.before, one.after)
    if may_be is None:
        return
    running = _running(CaseCard.objects.filter(confidential=False), one)
    owed = Obligation.objects.filter(may_be, is_open=True, case__in=running.values("pk"))
    rows = owed.order_by("case__unit__path", "case__kind").values_list("case__unit__name", "case__kind")
    for unit, kind, cases, deadlines in rows.annotate(cases=Count("case", distinct=True), deadlines=Count("pk")):
        yield Touched(unit, kind, cases, deadlines)


def _running(cards: QuerySet[CaseCard], one: Wanted) -> QuerySet[CaseCard]:
    running = cards.filter(OPEN_CARD, counted_with_id=one.before.version)
    running = running.filter(kind=one.kind) if one.kind else running
    return running if one.unit is None else running.filter(unit_path__startswith=one.unit.path)


def _may_move(cards: QuerySet[CaseCard], one: Wanted) -> QuerySet[CaseCard]:
    may_be = _other_dues(one.before, one.after)
    if may_be is None:
        return cards.none()
    owed = Obligation.objects.filter(may_be, case=OuterRef("pk"), is_open=True)
    return _running(cards, one).filter(Exists(owed))


def _moves(found: Sequence[Wanted], cards: QuerySet[CaseCard], at: datetime, most: int | None) -> Iterator[WouldMove]:
    seen: set[UUID] = set()
    for one in found:
        for card in _may_move(cards, one).select_related("case__unit", "unit").order_by("next_due_at").iterator(100):
            if most is not None and len(seen) >= most:
                return
            if card.pk not in seen:
                seen.add(card.pk)
                yield from _of_case(card, one, at)


def _other_dues(before: Calendar, after: Calendar) -> Q | None:
    """What of open obligations may be due at another instant: what posts with other hours owe, and what is due from the
    first day on that differs for all. None: nothing may."""
    posts = [post.slot for post in other_posts(before, after)]
    of_posts = Q(owner_role__in=posts) if posts else None
    first = differs_from(before, replace(after, posts=before.posts))
    if first is None:
        return of_posts
    if first == date.min:
        return Q()
    from_then = Q(due_at__isnull=True) | Q(due_at__gte=before.instant(first, time.min))
    return from_then | of_posts if of_posts is not None else from_then


def _of_case(card: CaseCard, one: Wanted, at: datetime) -> Iterator[WouldMove]:
    clauses = pack_of(card.case.policy_version_id).clauses
    for moved in moves_with(CaseFile.open(card.case), one.after, at):
        yield WouldMove(
            case_id=card.pk,
            number=card.number,
            unit=card.unit.name,
            duty=moved.after.name,
            clauses=tuple(clauses[code].printed for code in moved.after.clauses if code in clauses),
            due_before=moved.due_before,
            due_after=moved.due_after,
            was_provisional=moved.before.is_provisional,
            is_provisional=moved.after.is_provisional,
            because=_because(one, moved),
            hours=has_other_hours(one.before, one.after) or bool(other_posts(one.before, one.after)),
            calendar=one.after,
        )


def _because(one: Wanted, moved: Moved) -> tuple[Day, ...]:
    """At most a dozen: a case that runs for months meets many."""
    first = one.after.local(moved.after.starts_at).date()
    last = one.after.local(max(moved.due_before, moved.due_after)).date()
    days = (day.after for day in changed_days(one.before, one.after) if first <= day.date <= last)
    return tuple(day for day, _ in zip(days, range(_MOST_REASONS), strict=False))
