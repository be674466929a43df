"""When cases are woken beside what the engine says: later, because one cannot be; now, because posts changed hands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from kesu.casefile.streams import Head
from kesu.store.models import CaseCard, CaseParty, Obligation, PostHolding, SealedCase, StandIn, Unit
from kesu.store.sealed_reader import SYSTEM, read_as


def put_off_waking(head_id: UUID, *, is_sealed: bool, until: datetime) -> None:
    """`wake_at` is a projection: the next settling computes it anew."""
    if is_sealed:
        SealedCase.objects.filter(pk=head_id).update(wake_at=until)
    else:
        CaseCard.objects.filter(pk=head_id).update(wake_at=until)


def is_sealed_head(head: Head) -> bool:
    return isinstance(head, SealedCase)


def wake_under_moved_posts(since: date, on: date, at: datetime) -> int:
    """Sets open cases to be woken at `at` whose posts were taken up or given up between two days, by people
    who came, went, or stood in."""
    day = timedelta(days=1)
    moved = Q(from_on__range=(since, on)) | Q(until_on__range=(since - day, on - day))
    posts, people = PostHolding.objects.filter(moved), StandIn.objects.filter(moved)
    woken = wake_under(posts.values_list("post__unit_id", flat=True), at)
    return woken + wake_of(people.values_list("account_id", flat=True), at)


def wake_under(units: Iterable[UUID], at: datetime) -> int:
    """Sets cases to be woken at `at` that lie where posts of these units reach: their holders have changed."""
    reach = list(Unit.objects.filter(pk__in=units).values_list("pk", "scope_path"))
    if not reach:
        return 0
    mine = Obligation.objects.filter(is_open=True, owner_unit__in=[pk for pk, _ in reach])
    # A confidential case may be open to a slot elsewhere that owes nothing yet; there are few of them.
    under = Q(case_id__in=mine.values("case_id")) | Q(confidential=True)
    for _, path in reach:
        under |= Q(unit_path__startswith=path)
    return _wake(CaseCard.objects.filter(under), at)


def wake_of(accounts: Iterable[UUID], at: datetime) -> int:
    """Sets open cases to be woken at `at` in which one of these people has a part."""
    parts = CaseParty.objects.filter(_followed("case__card__"), account_id__in=accounts)
    return _wake(CaseCard.objects.filter(case_id__in=parts.values("case_id")), at)


def wake_all_of(accounts: Iterable[UUID], on: date, at: datetime) -> int:
    """The same, and those that lie where posts reach which one of them holds on this day: also what nobody has a part
    in, because nobody was there."""
    people = list(accounts)
    held = PostHolding.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), account__in=people)
    return wake_of(people, at) + wake_under(held.values_list("post__unit_id", flat=True), at)


def wake_counting_with(version: str, path: str, kind: str, at: datetime) -> None:
    """Sets the running cases of a kind (empty: of any) in and under a unit to be woken at `at` that count with a
    calendar, sealed ones too."""
    of_kind = Q(kind=kind) if kind else Q()
    _wake(CaseCard.objects.filter(of_kind, counted_with_id=version, unit_path__startswith=path), at)
    read_as(SYSTEM)
    counted = Q(counted_with__isnull=True, calendar_version_id=version) | Q(counted_with_id=version)
    sealed = SealedCase.objects.filter(of_kind, counted, is_final=False, unit__path__startswith=path)
    sealed.update(wake_at=at)


def _wake(cards: QuerySet[CaseCard], at: datetime) -> int:
    later = Q(wake_at__isnull=True) | Q(wake_at__gt=at)
    # In one order, as whoever settles a linked case takes its card and the one above: neither must wait for the other.
    held = cards.filter(later, _followed()).select_for_update().order_by("pk").values_list("pk", flat=True)
    return CaseCard.objects.filter(pk__in=list(held)).update(wake_at=at)


def _followed(card: str = "") -> Q:
    """Whose persons follow the posts: open cases; of those that are over, who is let in on a confidential one."""
    return Q(**{f"{card}is_final": False}) | Q(**{f"{card}confidential": True})
