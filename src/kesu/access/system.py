"""What the program itself may reach, beside anybody's scope: the command line, the worker, its own measures. Never for
a person."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from kesu.core.errors import NotFound
from kesu.store.models import Case, CaseCard, StoredFile


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
