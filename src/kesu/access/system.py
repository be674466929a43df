"""What the program itself may reach, beside anybody's scope: the command line, the worker, its own measures. Never for
a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from kesu.core.errors import NotFound
from kesu.store.models import Case, CaseCard, Customer, StoredFile

_MANY: Final = 500


def case_named(ref: str) -> Case:
    """An ordinary case by its printed number or its identifier. Raises `NotFound`."""
    case = Case.objects.filter(_named(ref.strip())).first()
    if case is None:
        raise NotFound
    return case


def every_card() -> QuerySet[CaseCard]:
    """All ordinary cases, to be counted."""
    return CaseCard.objects.all()


def cases_with(ids: Sequence[UUID]) -> list[Case]:
    """Ordinary cases by their identifiers, in their order."""
    return list(Case.objects.filter(pk__in=list(ids)).order_by("pk"))


def some_cases(limit: int) -> list[UUID]:
    """Identifiers of ordinary cases, other ones each time."""
    return list(Case.objects.order_by("?").values_list("pk", flat=True)[:limit])


def files_of(case: Case) -> list[StoredFile]:
    return list(StoredFile.objects.filter(case=case).select_related("case").order_by("pk"))


def _named(ref: str) -> Q:
    try:
        return Q(pk=UUID(ref))
    except ValueError:
        return Q(number__iexact=ref)


def customers_by_hundreds() -> Iterator[Sequence[UUID]]:
    """All customers who are not joined to another, five hundred at a time."""
    rows = Customer.objects.filter(merged_into__isnull=True).order_by("pk").values_list("pk", flat=True)
    last = UUID(int=0)
    while found := list(rows.filter(pk__gt=last)[:_MANY]):
        yield found
        last = found[-1]


def locked_customers(ids: Collection[UUID]) -> Sequence[UUID]:
    """Those of them that are there; their rows are locked for the rest of the transaction."""
    rows = Customer.objects.select_for_update().filter(pk__any=list(ids)).order_by("pk")
    return list(rows.values_list("pk", flat=True))
